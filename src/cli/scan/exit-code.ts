import type { FailOn } from "../../config/scan-options.ts";
import type { ScanResult } from "../../report/result.ts";
import { EXIT } from "../program.ts";

/** What a result is to a shell: violations go before what could not be read. */
export function exitCodeOf(
  { summary, scan, baseline }: Pick<ScanResult, "summary" | "scan" | "baseline">,
  failOn: readonly FailOn[],
): number {
  if (failOn.includes("violations") && summary.violations > 0) return EXIT.violations;
  // Without a baseline every violation is new.
  if (failOn.includes("new") && (baseline?.new ?? summary.violations) > 0) return EXIT.violations;
  const isIncomplete = scan.outcome !== "Complete" || summary.unknown > 0 || scan.interrupted;
  if (failOn.includes("unknown") && isIncomplete) return EXIT.incomplete;
  // Never a 0 for what somebody broke off.
  return scan.interrupted ? EXIT.interrupted : EXIT.ok;
}
