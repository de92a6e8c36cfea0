import type { Format } from "./format.ts";
import { jsonList } from "./json-list.ts";
import { ocsfCoverage, ocsfFinding, ocsfResolved } from "./ocsf/event.ts";
import { placeReports } from "./place-report.ts";
import { resolvedAlone } from "./resolved.ts";

/**
 * Compliance Findings (class 2003) of OCSF 1.8.0, https://schema.ocsf.io/1.8.0/classes/compliance_finding, in an array
 * with an event a line. Whether a place was read is an event on its account: passed, or unknown.
 */
export const ocsf: Format = (result) => {
  const { scan } = result;
  return jsonList(
    (function* () {
      for (const report of placeReports(result)) yield ocsfCoverage(report, scan);
      for (const finding of result.findings) yield ocsfFinding(finding, scan);
      for (const finding of resolvedAlone(result)) yield ocsfResolved(finding, scan);
    })(),
  );
};
