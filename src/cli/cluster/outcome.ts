import type { AwsAccountScan } from "../../api/generated/awsaccountscan.ts";
import { describeSummary } from "../../controller/describe.ts";
import { keyOf } from "./cluster.ts";

/** What the last scan came to, in a line or two; foreign text in it is the status's, which is safe. */
export function outcomeOf(scan: AwsAccountScan): string[] {
  const { summary, lastScan, conditions = [] } = scan.status ?? {};
  const of = (type: string) => conditions.find((condition) => condition.type === type);
  const head = `${keyOf(scan)}: ${lastScan?.outcome ?? "no result"}.`;
  if (lastScan?.outcome !== "Complete" && lastScan?.outcome !== "Incomplete") {
    // The summary is of what was known before: nothing was scanned.
    const stalled = of("Stalled");
    const why =
      stalled === undefined ? of("Ready")?.message : `Stalled: ${stalled.reason}: ${stalled.message}`;
    const known = summary?.violations ?? 0;
    return [
      `${head} ${why ?? "Nothing could be scanned."}`,
      ...(known > 0 ? [`${known} violation(s) of before could not be verified.`] : []),
    ];
  }
  const complete = of("Complete");
  return [
    `${head} ${summary === undefined ? "" : describeSummary(summary)}`.trimEnd(),
    ...(complete?.status === "False" ? [complete.message] : []),
  ];
}
