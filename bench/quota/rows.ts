import type { Result } from "../contenders/run.ts";
import { figure, table } from "../support/table.ts";
import { floorMs, SHAPE } from "./faults.ts";

/** One run under faults; a sentence where there was none, or where it did not end. */
export interface RefusedRow {
  readonly name: string;
  /** The faults. */
  readonly what: string;
  readonly result: Result | string;
}

/** How long, how many refused calls, and what is left of the verdicts, under a quota of `rate` a second. */
export function quotaTable(rows: readonly RefusedRow[], rate: number): string {
  const floor = floorMs(rate);
  const head = [
    `quota ${rate}/s, floor ${figure(floor / 1_000)} s`,
    "wall / floor",
    "calls throttled",
    "judged",
    "violations found",
    "wall s",
    "calls",
    "exit code",
    "says",
  ];
  return table(
    head,
    rows.map(({ name, result }) => {
      if (typeof result === "string") return [name, "", "", "", "", "", "", "", result];
      const { measured, reading, counters } = result;
      return [
        name,
        figure(measured.wallMs / floor),
        `${figure((100 * throttled(result)) / counters.total)} %`,
        ofAll(reading.judged, SHAPE.notebooks),
        ofAll(reading.violations, SHAPE.violating),
        figure(measured.wallMs / 1_000),
        String(counters.total),
        reading.exitCode,
        reading.says || "nothing",
      ];
    }),
  );
}

/** What each says where it may not read. */
export function refusedTable(rows: readonly RefusedRow[]): string {
  return table(
    ["what each says", "when", "judged", "violations found", "exit code", "says"],
    rows.map(({ name, what, result }) => {
      if (typeof result === "string") return [name, what, "", "", "", result];
      const { reading } = result;
      return [
        name,
        what,
        ofAll(reading.judged, SHAPE.notebooks),
        ofAll(reading.violations, SHAPE.violating),
        reading.exitCode,
        reading.says || "nothing",
      ];
    }),
  );
}

function throttled({ counters }: Result): number {
  return Object.values(counters.operations).reduce(
    (sum, outcomes) => sum + (outcomes["ThrottlingException"] ?? 0),
    0,
  );
}

function ofAll(count: number | undefined, all: number): string {
  return count === undefined ? "not said" : `${count} of ${all}`;
}
