import type { Coverage } from "../report/record.ts";
import type { ScanHole, Unread, UnreadCause, UnreadState } from "../report/unread.ts";
import { counted } from "./words.ts";

const SCAN_HOLES: Readonly<Record<ScanHole, string>> = {
  interrupted: "The scan was ended before it was done: what it had not reached is missing.",
  "nothing-in-scope": "Nothing was in scope, so that nothing was read.",
  incomplete: "The scan says that it is incomplete, and not what it lacks.",
};

/** What is missing in a sentence or more, without the place. */
export function unreadSentence({ state, failures, notListed }: Omit<Unread, "cause">): string {
  if (isScanHole(state)) return SCAN_HOLES[state];
  const sentences = failures.map(failureSentence);
  if (sentences.length === 0 && state !== "not-listed")
    sentences.push("Nobody spoke of it: it was not looked at.");
  if (notListed > 0) sentences.push(notListedSentence(notListed));
  return sentences.join(" ");
}

export function isScanHole(state: UnreadState | ScanHole): state is ScanHole {
  return Object.hasOwn(SCAN_HOLES, state);
}

export function notListedSentence(count: number): string {
  return `${counted(count, "more resource")} could not be judged, too many or too late to be listed.`;
}

/** The failure of a call in a sentence: which, what AWS said, and how to find it again. */
export function failureSentence({ operation, code, message, requestId, count }: UnreadCause): string {
  const times = count > 1 ? `, ${count} times` : "";
  const request = requestId === undefined ? "" : ` (request ${requestId})`;
  return `${operation} failed${times} with ${code}: ${message}${request}`;
}

/** `eu-west-1 of account 444455556666`, as far as it is known. */
export function placeText({ account, region }: Pick<Coverage, "account" | "region">): string {
  if (account === "") return region === "" ? "the scan" : region;
  return region === "" ? `account ${account}` : `${region} of account ${account}`;
}
