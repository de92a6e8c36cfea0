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
          "Whether an operator that scans is scraped and has restored the results of every scan. While it restores, series of scans are missing that were there before it started.",
        expr: OPERATOR_STATE,
        unit: "none",
        words: OPERATOR_WORDS,
        steps: [[1, TEAL]],
        links: runbookLinks(["AwsAccountScanOperatorDown"]),
        noValue: "NO DATA: this Prometheus does not answer",
        span: 7,
        height: HEIGHT,
      }),
      stat({
        title: "Version",
        description: "The build that runs, by version and revision. Two while one replaces the other.",
        expr: `max by (version, revision, nodeversion) (awsaccountscan_build_info{${OF_OPERATORS}})`,
        name: "{{version}} ({{revision}}, Node {{nodeversion}})",
        unit: "none",
        noValue: "Unknown: not scraped",
        span: 6,
        height: HEIGHT,
      }),
      stat({
        title: "Leaders",
        description:
          "Processes that scan. One is right: with none nobody scans, and two would scan everything twice.",
        expr: `sum(awsaccountscan_leader{${OF_OPERATORS}})`,
        unit: "short",
        steps: [
          [0, RED],
          [1, TEAL],
          [2, RED],
        ],
        noValue: "Unknown: not scraped",
        span: 3,
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
        span: 4,
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
        span: 4,
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
        title: "Restored and leading",
        description: "1 where a process has restored every record, and where it is the one that scans.",
        queries: [
          { expr: `awsaccountscan_restored{${OF_OPERATORS}}`, legend: "restored {{instance}}" },
          { expr: `awsaccountscan_leader{${OF_OPERATORS}}`, legend: "leader {{instance}}" },
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
