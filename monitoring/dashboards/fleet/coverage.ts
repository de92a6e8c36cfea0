import type { Row } from "../dashboard.ts";
import { runbookLinks } from "../links.ts";
import { GREY, ORANGE, TEAL } from "../palette.ts";
import { trend } from "../panels.ts";
import { HOLES, named, OF_ACCOUNTS } from "../queries.ts";
import { table } from "../tables.ts";

const REASONS = "https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html";

export function coverageRow(): Row {
  return {
    title: "What could not be read?",
    panels: [
      table({
        title: "Places not read",
        description:
          "Accounts and regions that a scan could not read, or not all of, by scan. An empty region is a whole account. `docs/verdicts.md` says what each state means and what to do; the scan's `status.failures` has AWS's own words and the request id.",
        queries: { hole: named(HOLES) },
        columns: [
          { field: "account", title: "Account", width: 130 },
          { field: "account_name", title: "Account name" },
          { field: "region", title: "Region", words: { "": { text: "whole account" } }, width: 150 },
          {
            field: "state",
            title: "State",
            words: Object.fromEntries(
              ["denied", "denied-by-scp"].map((state) => [state, { text: state, color: ORANGE }]),
            ),
            links: [{ title: "Troubleshoot access denied (AWS)", url: REASONS }],
          },
          { field: "namespace", title: "Namespace" },
          { field: "scan", title: "Scan" },
          { field: "Value", title: "Count", hidden: true },
        ],
        sortBy: "account",
        descending: false,
        noValue: "No place is known to be unread. The first row says whether that can be believed.",
        links: runbookLinks(["AwsAccountScanIncomplete"]),
        span: 14,
        height: 9,
      }),
      trend({
        title: "Places by state",
        description:
          "Accounts and regions in scope by what came of reading them. `covered` and `unsupported` (SageMaker does not exist there) leave nothing unread.",
        queries: [
          {
            expr: `count by (state) (max by (account, region, state) (awsaccountscan_coverage{${OF_ACCOUNTS}}))`,
            legend: "{{state}}",
          },
        ],
        unit: "short",
        stacked: true,
        colours: { covered: TEAL, unsupported: GREY },
        noValue: "Nothing read in this time: coverage is unknown",
        span: 10,
        height: 9,
      }),
    ],
  };
}
