import type { Row } from "../dashboard.ts";
import { ORANGE, RED } from "../palette.ts";
import { trend } from "../panels.ts";
import { OF_OPERATORS, rate } from "../queries.ts";

const SPAN = { span: 8, height: 8 };
const NO_OPERATOR = "No operator is scraped";
const ofProcess = (metric: string) => `${metric}{${OF_OPERATORS}}`;

export function apiServerRow(): Row {
  return {
    title: "Does it hear the API server?",
    panels: [
      trend({
        title: "Time since the API server was heard of",
        description:
          "Of each process. A quiet watch is heard of every minute or so: beyond five minutes, the operator is not ready, and changes to scans go unseen.",
        queries: [
          { expr: ofProcess("awsaccountscan_watch_last_contact_age_seconds"), legend: "{{instance}}" },
        ],
        unit: "s",
        noValue: "The API server has not been heard of, or no operator is scraped",
        span: 12,
        height: 8,
      }),
      trend({
        title: "Lists and watches",
        description: "Lists and watches of scans that were begun and that failed, a second.",
        queries: [
          ["lists", "awsaccountscan_list_operations_total"],
          ["watches", "awsaccountscan_watch_operations_total"],
          ["failed lists", "awsaccountscan_list_operations_failed_total"],
          ["failed watches", "awsaccountscan_watch_operations_failed_total"],
        ].map(([legend = "", counter = ""]) => ({
          expr: `sum(rate(${ofProcess(counter)}[$__rate_interval]))`,
          legend,
        })),
        unit: "ops",
        colours: { "failed lists": RED, "failed watches": ORANGE },
        noValue: NO_OPERATOR,
        span: 12,
        height: 8,
      }),
    ],
  };
}

export function processRow(): Row {
  return {
    title: "What does it take?",
    panels: [
      trend({
        title: "Memory",
        description:
          "Resident memory of each process, what of it JavaScript objects take, and the descriptions of unchanged resources (bounded by `--description-cache-size`). Keep the container's limit well above the first.",
        queries: [
          { expr: ofProcess("process_resident_memory_bytes"), legend: "resident {{instance}}" },
          { expr: ofProcess("nodejs_heap_size_used_bytes"), legend: "heap {{instance}}" },
          { expr: ofProcess("awsaccountscan_description_cache_bytes"), legend: "descriptions {{instance}}" },
        ],
        unit: "bytes",
        noValue: NO_OPERATOR,
        ...SPAN,
      }),
      trend({
        title: "CPU",
        description: "Cores that each process keeps busy.",
        queries: [
          {
            expr: `rate(${ofProcess("process_cpu_seconds_total")}[$__rate_interval])`,
            legend: "{{instance}}",
          },
        ],
        unit: "cores",
        noValue: NO_OPERATOR,
        ...SPAN,
      }),
      trend({
        title: "Event loop lag",
        description:
          "How late timers fire, since the last scrape: at the 99th percentile and at the most. Seconds mean that probes and watches wait too.",
        queries: [
          { expr: ofProcess("nodejs_eventloop_lag_p99_seconds"), legend: "99 % {{instance}}" },
          { expr: ofProcess("nodejs_eventloop_lag_max_seconds"), legend: "most {{instance}}" },
        ],
        unit: "s",
        noValue: NO_OPERATOR,
        ...SPAN,
      }),
      trend({
        title: "Garbage collection",
        description:
          "The part of time that is spent on it, by kind. `major` beyond some per cent: memory is short.",
        queries: [{ expr: rate("nodejs_gc_duration_seconds_sum", ["kind"]), legend: "{{kind}}" }],
        unit: "percentunit",
        noValue: NO_OPERATOR,
        span: 12,
        height: 8,
      }),
      trend({
        title: "Open files",
        description: "Of each process, sockets included, as a part of what the system allows it.",
        queries: [
          {
            expr: `${ofProcess("process_open_fds")} / ${ofProcess("process_max_fds")}`,
            legend: "{{instance}}",
          },
        ],
        unit: "percentunit",
        noValue: NO_OPERATOR,
        span: 12,
        height: 8,
      }),
    ],
  };
}
