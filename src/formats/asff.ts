import { homeRegion, partitionOfRegion } from "../api/arn.ts";
import type { ScanResult } from "../report/result.ts";
import { asffCoverage } from "./asff/coverage.ts";
import { asffFinding, asffResolved } from "./asff/finding.ts";
import type { Format } from "./format.ts";
import { jsonList } from "./json-list.ts";
import { placeReports } from "./place-report.ts";
import { resolvedAlone } from "./resolved.ts";

/**
 * AWS Security Finding Format, 2018-10-08: an array for `aws securityhub batch-import-findings --findings file://…`,
 * which takes a hundred findings of one account and region (that is, of one ProductArn) at a time.
 * https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_AwsSecurityFinding.html
 */
export const asff: Format = (result) => {
  const { scan } = result;
  return jsonList(
    (function* () {
      for (const report of placeReports(result)) {
        const account = report.account || NO_ACCOUNT;
        yield asffCoverage({ ...report, account }, homeOf(result, account), scan);
      }
      for (const finding of result.findings) yield asffFinding(finding, scan);
      for (const finding of resolvedAlone(result)) yield asffResolved(finding, scan);
    })(),
  );
};

/** No account at all: Security Hub refuses this one, which is better than a file that says nothing. */
const NO_ACCOUNT = "000000000000";

/** The region whose Security Hub hears of the account as a whole: that of its partition, the same in every scan. */
function homeOf({ coverage }: ScanResult, account: string): string {
  const rows = coverage.filter(({ region }) => region !== "");
  const row = rows.find((one) => one.account === account) ?? rows[0];
  return homeRegion(partitionOfRegion(row?.region ?? ""), undefined);
}
