import type { Result } from "../contenders/run.ts";
import type { Shape } from "../support/fleet.ts";
import { figure, median, table } from "../support/table.ts";

/** All runs of one contender; the first row's are what the others are compared with. */
export interface PeerRow {
  readonly name: string;
  readonly shape: Shape;
  /** Why there is no run; empty where there are. */
  readonly problem: string;
  /** A sentence where a run did not end. */
  readonly results: readonly (Result | string)[];
}

const HEAD = [
  "contender",
  "wall ratio",
  "CPU ratio",
  "memory ratio",
  "calls ratio",
  "violations found",
  "wall s",
  "CPU s",
  "peak MiB",
  "calls",
  "exit code",
];

interface Figures {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly peakMiB: number;
  readonly calls: number;
}

/**
 * Wall, CPU, memory and calls as multiples of the first row's, then the figures. Where a row has fewer instances
 * than the first, wall, CPU and calls are compared an instance.
 */
export function peersTable(rows: readonly PeerRow[]): string {
  const [first] = rows;
  const base = first && figuresOf(first);
  return table(
    HEAD,
    rows.map((row) => {
      const figures = figuresOf(row);
      if (figures === undefined || base === undefined || first === undefined)
        return [row.name, problemOf(row)];
      const scale = first.shape.notebooks / row.shape.notebooks;
      const ended = row.results.filter((result): result is Result => typeof result !== "string");
      const found = ended.map(({ reading }) => reading.violations);
      const codes = new Set(ended.map(({ reading }) => reading.exitCode));
      return [
        row.name,
        figure((figures.wallMs * scale) / base.wallMs),
        figure((figures.cpuMs * scale) / base.cpuMs),
        figure(figures.peakMiB / base.peakMiB),
        figure((figures.calls * scale) / base.calls),
        `${[...new Set(found.map((count) => count ?? "?"))].join(", ")} of ${row.shape.violating}`,
        figure(figures.wallMs / 1_000),
        figure(figures.cpuMs / 1_000),
        figure(figures.peakMiB),
        String(figures.calls),
        [...codes].join(", "),
      ];
    }),
  );
}

/** The medians, each for itself; undefined where no run ended. */
function figuresOf({ results }: PeerRow): Figures | undefined {
  const ended = results.filter((result): result is Result => typeof result !== "string");
  if (ended.length === 0) return undefined;
  return {
    wallMs: median(ended.map(({ measured }) => measured.wallMs)),
    cpuMs: median(ended.map(({ measured }) => measured.cpuMs)),
    peakMiB: median(ended.map(({ measured }) => measured.peakMiB)),
    calls: median(ended.map(({ counters }) => counters.total)),
  };
}

function problemOf({ problem, results }: PeerRow): string {
  return problem || String(results.find((result) => typeof result === "string") ?? "not run");
}
