import type { Row } from "../dashboard.ts";
import { CONSOLE_LABELS, CONSOLE_LINK, runbookLinks } from "../links.ts";
import { ORANGE, RED, TEAL } from "../palette.ts";
import { bars, trend } from "../panels.ts";
import { labelled, named, OF_ACCOUNTS, VIOLATIONS } from "../queries.ts";
import { table, valuesOf } from "../tables.ts";

const NONE = "No violation known. The first row says whether that can be believed.";
/** How many bars are read at a glance, and how many lines are told apart. */
const BARS = 12;
const LINES = 8;
/** Rows that a browser shows with ease; the oldest are there. */
const ROWS = 500;

const violationsBy = (label: string) => `sum by (${label}) (${VIOLATIONS}) > 0`;

const KEY = "account, region, type, rule, resource";
/** When each violation was first seen, once whoever saw it. */
const FIRST_SEEN = `min by (${KEY}) (awsaccountscan_violation_first_seen_timestamp_seconds{${OF_ACCOUNTS}})`;
const OLDEST = `bottomk(${ROWS}, ${FIRST_SEEN})`;
const AGE = labelled(`time() - (${named(OLDEST)})`, CONSOLE_LABELS);
const VERIFIED = `time() - max by (${KEY}) (awsaccountscan_violation_last_verified_timestamp_seconds{${OF_ACCOUNTS}}) and on (${KEY}) ${OLDEST}`;

export function violationsRow(): Row {
  return {
    title: "Where are the violations?",
    panels: [
      ...(
        [
          ["account", named(violationsBy("account")), "{{account}} {{account_name}}"],
          ["region", violationsBy("region"), "{{region}}"],
          ["type", violationsBy("type"), "{{type}}"],
        ] as const
      ).map(([by, expr, legend]) =>
        bars({
          title: `Violations by ${by}`,
          description: `Violations now, of the ${BARS} with the most. A resource that several scans read counts once.`,
          expr: `topk(${BARS}, ${expr})`,
          legend,
          colour: RED,
          unit: "short",
          noValue: NONE,
          span: 8,
          height: 8,
        }),
      ),
      ...["account", "region", "type"].map((by) =>
        trend({
          title: `Violations by ${by} over time`,
          description: `At every moment the ${LINES} with the most violations. A line that ends where others go on has been mended; where all end, the data has.`,
          queries: [{ expr: `topk(${LINES}, ${violationsBy(by)})`, legend: `{{${by}}}` }],
          unit: "short",
          noValue: "No violation known in this time. The first row says whether that can be believed.",
          span: 8,
          height: 8,
        }),
      ),
      table({
        title: "Oldest violations",
        description: `The ${ROWS} that are open for longest. «Verified» is how long ago the resource was last read as violating: long where it cannot be read now. The resource leads to the AWS console: sign in to its account first. Of a scan with more than 5,000 violations the rest is not here.`,
        queries: { age: AGE, verified: VERIFIED },
        columns: [
          { field: valuesOf("age"), title: "Open for", unit: "s", steps: [[0, RED]], width: 110 },
          { field: "resource", title: "Resource", links: [CONSOLE_LINK] },
          { field: "type", title: "Type" },
          { field: "account", title: "Account", width: 130 },
          { field: "account_name", title: "Account name" },
          { field: "region", title: "Region", width: 140 },
          { field: "rule", title: "Rule", width: 130 },
          {
            field: valuesOf("verified"),
            title: "Verified",
            unit: "s",
            steps: [
              [0, TEAL],
              [86_400, ORANGE],
            ],
            width: 110,
          },
          { field: "console", title: "Console", hidden: true },
          { field: "page", title: "Page", hidden: true },
        ],
        sortBy: valuesOf("age"),
        noValue: NONE,
        links: runbookLinks(["NotebookDirectInternetAccess", "SageMakerDomainNotVpcOnly"]),
        span: 24,
        height: 11,
      }),
    ],
  };
}
