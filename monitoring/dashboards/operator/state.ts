import type { Row } from "../dashboard.ts";
import { runbookLinks } from "../links.ts";
import { OPERATOR_STATE, OPERATOR_WORDS } from "../operator-state.ts";
import { GREY, ORANGE, RED, TEAL } from "../palette.ts";
import { stat, trend } from "../panels.ts";
import { OF_OPERATORS } from "../queries.ts";

const HEIGHT = 4;

export function stateRow(): Row {
  return {
    title: "Is it there?",
    panels: [
      stat({
        title: "Operator",
        description:
          "Whether an operator that scans is scraped, and the results of every scan are restored. While that is going on, after a start or when another replica takes over, series of scans are missing that were there before.",
        expr: OPERATOR_STATE,
        unit: "none",
        words: OPERATOR_WORDS,
        steps: [[1, TEAL]],
        links: runbookLinks(["AwsAccountScanOperatorDown"]),
        noValue: "NO DATA: this Prometheus does not answer",
        span: 6,
        height: HEIGHT,
      }),
      stat({
        title: "Version",
        description: "The build that runs, by version and revision. Two while one replaces the other.",
        expr: `max by (version, revision, nodeversion) (awsaccountscan_build_info{${OF_OPERATORS}})`,
        name: "{{version}} ({{revision}}, Node {{nodeversion}})",
        unit: "none",
        noValue: "Unknown: not scraped",
        span: 5,
        height: HEIGHT,
      }),
      stat({
        title: "Scanning",
        description:
          "Processes that scan: the one that leads, or with sharding every replica that takes part. The others stand by. With none, nobody scans.",
        expr: `sum(awsaccountscan_leader{${OF_OPERATORS}})`,
        unit: "short",
        steps: [
          [0, RED],
          [1, TEAL],
        ],
        noValue: "Unknown: not scraped",
        span: 3,
        height: HEIGHT,
      }),
      stat({
        title: "Scanned twice",
        description:
          "Scans of which two processes tell. None is right, but for moments in which one process takes over from another. For longer, two operators watch the same namespaces, and everything in them is read twice.",
        expr: `count(count by (cluster, namespace, scan) (awsaccountscan_condition{${OF_OPERATORS},type="Ready"}) > 1) or 0 * sum(awsaccountscan_leader{${OF_OPERATORS}})`,
        unit: "short",
        steps: [
          [0, TEAL],
          [1, ORANGE],
        ],
        noValue: "Unknown: not scraped",
        span: 4,
        height: HEIGHT,
      }),
      stat({
        title: "Targets down",
        description:
          "Scrape targets that do not answer. Prometheus forgets a target that Kubernetes no longer knows: then «Operator» says so.",
        expr: `count(up{${OF_OPERATORS}}) - sum(up{${OF_OPERATORS}})`,
        unit: "short",
        steps: [
          [0, TEAL],
          [1, RED],
        ],
        noValue: "Unknown: no target",
        span: 3,
        height: HEIGHT,
      }),
      stat({
        title: "Restarts",
        description:
          "Restarts of containers in the time range of the page. A new pod is no restart here: it is a new line in «Time since start».",
        expr: `sum(changes(process_start_time_seconds{${OF_OPERATORS}}[$__range]))`,
        unit: "short",
        decimals: 0,
        steps: [
          [0, GREY],
          [1, ORANGE],
        ],
        noValue: "Unknown: not scraped",
        span: 3,
        height: HEIGHT,
      }),
      trend({
        title: "Time since start",
        description: "Of each process. A fall to 0 is a restart, an end a process that is gone.",
        queries: [{ expr: `time() - process_start_time_seconds{${OF_OPERATORS}}`, legend: "{{instance}}" }],
        unit: "s",
        noValue: "No operator is scraped",
        span: 12,
        height: 7,
      }),
      trend({
        title: "Restored and scanning",
        description:
          "1 where a process has restored every record of its own, and where it is one that scans.",
        queries: [
          { expr: `awsaccountscan_restored{${OF_OPERATORS}}`, legend: "restored {{instance}}" },
          { expr: `awsaccountscan_leader{${OF_OPERATORS}}`, legend: "scanning {{instance}}" },
        ],
        unit: "bool",
        max: 1,
        noValue: "No operator is scraped",
        span: 12,
        height: 7,
      }),
    ],
  };
}
