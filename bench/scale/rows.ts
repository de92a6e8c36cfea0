import { DEFAULT_LIMITS } from "../../src/config/defaults.ts";
import type { CountedScan } from "../support/engine-process.ts";
import type { Shape } from "../support/fleet.ts";
import { figure, table } from "../support/table.ts";
import { leastTimeMs, minimumCalls } from "./bound.ts";

/** One scan of one shape. */
export interface Row {
  readonly shape: Shape;
  readonly isWarm: boolean;
  readonly latencyMs: number;
  readonly scan: CountedScan;
}

const HEAD = [
  "notebooks x regions x accounts",
  "scan",
  "wall / bound",
  "wall / greater of bound and CPU",
  "calls / least",
  "CPU ms / call",
  "peak MiB",
  "CPU / wall",
  "violations found",
  "wall s",
  "bound s",
  "calls",
];

/** The ratios of every row, and the figures that they come from. */
export function tableOf(rows: readonly Row[]): string {
  return table(
    HEAD,
    rows.map(({ shape, isWarm, latencyMs, scan }) => {
      const calls = scan.counters.total;
      const boundMs = leastTimeMs(shape, isWarm, latencyMs, DEFAULT_LIMITS);
      return [
        `${shape.notebooks} x ${shape.regions} x ${shape.accounts}`,
        isWarm ? "warm" : "cold",
        figure(scan.outsideMs / boundMs),
        figure(scan.outsideMs / Math.max(boundMs, scan.cpuMs)),
        figure(calls / minimumCalls(shape, isWarm)),
        figure(scan.cpuMs / calls),
        figure(scan.peakMiB),
        figure(scan.cpuMs / scan.outsideMs),
        `${scan.violations} of ${shape.violating}`,
        figure(scan.outsideMs / 1_000),
        figure(boundMs / 1_000),
        String(calls),
      ];
    }),
  );
}

/** How memory grows where notebooks grow tenfold; undefined where the rows do not tell. */
export function memoryRatio(rows: readonly Row[]): string | undefined {
  const peak = (notebooks: number) =>
    rows.find(
      ({ shape, isWarm }) =>
        isWarm && shape.notebooks === notebooks && shape.regions === 1 && shape.accounts === 1,
    )?.scan.peakMiB;
  const [some, many] = [peak(10_000), peak(100_000)];
  if (some === undefined || many === undefined) return undefined;
  return `Memory ratio, 100k to 10k notebooks in one region: ${figure(many / some)} (${figure(many)} to ${figure(some)} MiB)`;
}
