import { isCovered } from "../report/assemble.ts";
import type { ScanResult } from "../report/result.ts";
import { unreadOf } from "../report/unread.ts";
import { isScanHole } from "./unread-text.ts";
import { counted } from "./words.ts";

/** What a result comes to, in words that every format for people shares. */
export interface Conclusion {
  /** `compliant` only where everything in scope was read and nothing violates. */
  readonly verdict: "compliant" | "violations" | "incomplete";
  /** One sentence. */
  readonly headline: string;
  /** Why the result may lack something, a sentence each; empty where it lacks nothing. */
  readonly reservations: readonly string[];
}

export function conclude(result: ScanResult): Conclusion {
  const reservations = reservationsOf(result);
  const { violations, exempt, resources } = result.summary;
  if (violations > 0) {
    const more = reservations.length > 0 ? " The result is incomplete: there may be more." : "";
    return {
      verdict: "violations",
      headline: `${counted(violations, "violation")} found.${more}`,
      reservations,
    };
  }
  if (reservations.length > 0) {
    return {
      verdict: "incomplete",
      headline: "Incomplete: no violation in what could be read, which does not prove that there is none.",
      reservations,
    };
  }
  const judged = resources === 0 ? "there is nothing to judge" : "nothing violates";
  const but = exempt > 0 ? ` but ${counted(exempt, "exempt resource")}` : "";
  return {
    verdict: "compliant",
    headline: `Compliant: everything in scope was read, and ${judged}${but}.`,
    reservations,
  };
}

function reservationsOf(result: ScanResult): string[] {
  const { scan, summary, findings, coverage } = result;
  const unread = unreadOf(result).map(({ state }) => state);
  const holes = unread.filter((state) => !isScanHole(state) && state !== "not-listed").length;
  const places = holes + coverage.filter(isCovered).length;
  const unverified = findings.filter(({ lastVerified }) => lastVerified !== undefined).length;
  const sentences: string[] = [];
  if (scan.interrupted) {
    sentences.push(
      "Interrupted: the scan was ended before it was done, and what it had not reached is missing.",
    );
  }
  if (coverage.length === 0) sentences.push("Nothing was in scope, so nothing was read.");
  if (holes > 0) {
    sentences.push(
      `${holes} of ${counted(places, "place")} not read: a violation there may be missing here.`,
    );
  }
  if (summary.unknown > 0) sentences.push(`${counted(summary.unknown, "resource")} could not be judged.`);
  if (unverified > 0) {
    sentences.push(
      `${counted(unverified, "violation")} could not be read now and stands as it was last read.`,
    );
  }
  // Whatever the rows say: a record that calls itself incomplete is.
  if (sentences.length === 0 && scan.outcome !== "Complete")
    sentences.push(`The scan's outcome is ${scan.outcome}.`);
  return sentences;
}
