import type { ScanResult } from "../report/result.ts";
import { type UnreadPlace, type UnreadState, unreadOf } from "../report/unread.ts";
import { isScanHole, notListedSentence } from "./unread-text.ts";

/** Places of one account that were not read for one reason. */
export interface Hole {
  readonly account: string;
  readonly accountName?: string | undefined;
  /** Empty: the account as a whole. */
  readonly regions: readonly string[];
  readonly state: UnreadState;
  /** What failed, as far as somebody spoke of it. */
  readonly operation: string | undefined;
  readonly code: string | undefined;
  /** What AWS said, and how many resources nothing else tells of. */
  readonly message: string;
  /** Of the first place, to ask AWS Support about. */
  readonly requestId: string | undefined;
  readonly advice: string;
}

/** The places that a result does not tell everything of; what it lacks as a whole, its conclusion says. */
export function unreadPlacesOf(result: ScanResult): UnreadPlace[] {
  return unreadOf(result).filter((row): row is UnreadPlace => !isScanHole(row.state));
}

/** `rows` told once for each account and reason, so that a role that is denied everywhere is one line. */
export function groupHoles(rows: readonly UnreadPlace[]): Hole[] {
  const holes = Map.groupBy(rows, ({ account, region, state, cause, notListed }) => {
    const { operation, code, message } = cause ?? {};
    return JSON.stringify([account, region === "", state, operation, code, message, notListed]);
  });
  return [...holes.values()].map((group) => {
    const [{ account, accountName, state, cause, notListed }] = group as [UnreadPlace];
    const { operation, code, requestId, message } = cause ?? {};
    const said = [message, notListed > 0 ? notListedSentence(notListed) : undefined];
    return {
      ...{
        account,
        accountName,
        state,
        operation,
        code,
        requestId,
        advice: adviceOn(state, operation, code),
      },
      regions: group.map(({ region }) => region).filter(Boolean),
      message: said.filter(Boolean).join(" "),
    };
  });
}

/** What is not AWS's answer needs another reader than what is. */
function adviceOn(state: UnreadState, operation = "", code = ""): string {
  if (operation === "GetAwsAccountScan") return "Look at the scan: kubectl describe aas.";
  if (code === "CredentialsProviderError" || /^Get\w*Credentials$/.test(operation))
    return "Set up AWS credentials as for the AWS CLI (environment, AWS_PROFILE, SSO, a role), and scan again.";
  if (code === "AccountMismatch") return "Give a role of the account that is named, or credentials of it.";
  return ADVICE[state];
}

/** What the reader can do; docs/verdicts.md says more. */
const ADVICE: Readonly<Record<UnreadState, string>> = {
  denied: "Grant the role the action that is named, or let its trust policy admit the caller.",
  "denied-by-scp": "Where the policy is meant, leave the region out of the scan; else change the policy.",
  "not-enabled": "Leave the region out of the scan, or opt in to it.",
  throttled: "Find who else uses the quota or raise it, and scan again.",
  "timed-out": "Give the scan more time, or fewer regions at once, and scan again.",
  unreachable: "Look at network policy, DNS, proxy and endpoint, and scan again.",
  "not-listed": "Mend what else is told of, give the scan more time, and scan again.",
  failed: "Scan again; if it stays, look at the code and at AWS's status page.",
};
