import type { Row } from "../dashboard.ts";
import { runbookLinks } from "../links.ts";
import { ORANGE, RED, TEAL } from "../palette.ts";
import { trend } from "../panels.ts";
import { OF_OPERATORS, quantile, rate } from "../queries.ts";

const SPAN = { span: 8, height: 8 };
const REQUESTS = "awsaccountscan_aws_requests_total";
const CACHE = "awsaccountscan_description_cache_requests_total";
const NO_REQUEST = "No request to AWS in this time, or no operator is scraped";

/** What part of `counter`'s events `selector` chooses: 0 where there are others only, nothing where there is none. */
function share(counter: string, selector: string): string {
  const all = `sum(rate(${counter}{${OF_OPERATORS}}[$__rate_interval]))`;
  const some = `sum(rate(${counter}{${OF_OPERATORS},${selector}}[$__rate_interval]))`;
  return `(${some} or 0 * ${all}) / (${all} > 0)`;
}

export function awsRow(): Row {
  return {
    title: "How does AWS answer?",
    panels: [
      trend({
        title: "Requests by outcome",
        description:
          "Requests to AWS a second, retries included. `docs/verdicts.md` says what the outcomes mean; all but `success` leave something unread unless a retry succeeds.",
        queries: [{ expr: rate(REQUESTS, ["outcome"]), legend: "{{outcome}}" }],
        unit: "reqps",
        stacked: true,
        colours: { success: TEAL, throttled: ORANGE, failed: RED },
        noValue: NO_REQUEST,
        ...SPAN,
      }),
      trend({
        title: "Requests by operation",
        description: "Requests to AWS a second, retries included. Describes are most of a first scan.",
        queries: [{ expr: rate(REQUESTS, ["service", "operation"]), legend: "{{service}} {{operation}}" }],
        unit: "reqps",
        stacked: true,
        noValue: NO_REQUEST,
        ...SPAN,
      }),
      trend({
        title: "Throttled and failed shares",
        description:
          "The part of requests that AWS throttled, and the part that did not succeed for whatever reason. The operator learns quotas: some per cent throttled are how it does so, much more for long means that others use the quota.",
        queries: [
          { expr: share(REQUESTS, 'outcome="throttled"'), legend: "throttled" },
          { expr: share(REQUESTS, 'outcome!="success"'), legend: "not successful" },
        ],
        unit: "percentunit",
        colours: { throttled: ORANGE, "not successful": RED },
        links: runbookLinks(["AwsApiThrottled"]),
        noValue: NO_REQUEST,
        ...SPAN,
      }),
      trend({
        title: "Time of requests, median and 99th percentile",
        description: "From sending a request to its answer, without waits between retries.",
        queries: [0.5, 0.99].map((q) => ({
          expr: quantile(q, "awsaccountscan_aws_request_duration_seconds", []),
          legend: `${q * 100} %`,
        })),
        unit: "s",
        noValue: NO_REQUEST,
        ...SPAN,
      }),
      trend({
        title: "Time of requests by operation, 99th percentile",
        description: "Which operations are slow.",
        queries: [
          {
            expr: quantile(0.99, "awsaccountscan_aws_request_duration_seconds", ["service", "operation"]),
            legend: "{{service}} {{operation}}",
          },
        ],
        unit: "s",
        noValue: NO_REQUEST,
        ...SPAN,
      }),
      trend({
        title: "Descriptions from memory",
        description:
          "The part of descriptions that were taken from memory, since the list shows no change. Near 0 after a start; later that means that `--description-cache-size` is too small.",
        queries: [{ expr: share(CACHE, 'result="hit"'), legend: "from memory" }],
        unit: "percentunit",
        max: 1,
        noValue: "No description was asked for in this time, or no operator is scraped",
        ...SPAN,
      }),
    ],
  };
}
