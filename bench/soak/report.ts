/** What a soak says: a table of trends, and each promise with what came of it. */
import { figure, table } from "../support/table.ts";
import { isDefect } from "./log.ts";
import type { SoakOutcome } from "./run.ts";
import type { Sample } from "./sample.ts";
import { type Point, ratesOf, type Trend, trendOf } from "./trend.ts";

/** A promise, and whether it was kept. */
export interface Verdict {
  readonly promise: string;
  readonly kept: boolean;
  readonly says: string;
}

interface Figure {
  readonly name: string;
  readonly trend: Trend;
  /** The ratio of last to first that is allowed; undefined where it is told only. */
  readonly bound?: number;
}

/** The memory of a process that has just been warmed up may still settle. */
const RSS_BOUND = 1.3;
/** Connections come and go with what is under way at the moment of a sample. */
const HANDLES_BOUND = 1.5;
/** Churn replaces what it removes. */
const SERIES_BOUND = 1.1;
/** What a scan takes is the same however many went before it. */
const CALLS_BOUND = 1.25;
/** What live heap may grow by: what happens to be under way, and next to nothing for each scan that has ended. */
const LIVE_BYTES = 3 * 1024 ** 2;
const LIVE_BYTES_PER_SCAN = 256;

export function reportOf(outcome: SoakOutcome): {
  readonly table: string;
  readonly verdicts: readonly Verdict[];
} {
  const figures = figuresOf(outcome.samples);
  return { table: tableOf(figures), verdicts: verdictsOf(outcome, figures) };
}

function figuresOf(samples: readonly Sample[]): Figure[] {
  const points = (value: (sample: Sample) => number): Point[] =>
    samples.map((sample) => ({ minute: sample.minute, value: value(sample) }));
  const gauge = (name: string, value: (sample: Sample) => number, bound?: number): Figure => ({
    name,
    trend: trendOf(points(value)),
    ...(bound !== undefined && { bound }),
  });
  const rate = (name: string, value: (sample: Sample) => number): Figure => ({
    name: `${name} / min`,
    trend: trendOf(ratesOf(points(value))),
  });
  const scanRates = ratesOf(points(({ scans }) => scans));
  const perScan = (name: string, value: (sample: Sample) => number, bound?: number): Figure => {
    const rates = ratesOf(points(value)).map((point, at) => ({
      minute: point.minute,
      value: point.value / Math.max(1, scanRates[at]?.value ?? 1),
    }));
    return { name: `${name} / scan`, trend: trendOf(rates), ...(bound !== undefined && { bound }) };
  };
  const verbs = new Set(samples.flatMap(({ apiCalls }) => Object.keys(apiCalls)));
  const apiCalls = (sample: Sample) => Object.values(sample.apiCalls).reduce((sum, count) => sum + count, 0);
  return [
    gauge("RSS, MiB", ({ rssMiB }) => rssMiB, RSS_BOUND),
    gauge("heap used, MiB", ({ heapMiB }) => heapMiB),
    gauge("file descriptors", ({ descriptors }) => descriptors, HANDLES_BOUND),
    gauge("active handles", ({ handles }) => handles, HANDLES_BOUND),
    gauge("series", ({ series }) => series, SERIES_BOUND),
    gauge("lag of the middle scan, s", ({ lag }) => lag.median),
    gauge("lag of the latest scan, s", ({ lag }) => lag.max),
    rate("scans", ({ scans }) => scans),
    rate("AWS calls", ({ awsCalls }) => awsCalls),
    ...[...verbs].sort().map((verb) => rate(`API ${verb}`, (sample) => sample.apiCalls[verb] ?? 0)),
    perScan("AWS calls", ({ awsCalls }) => awsCalls, CALLS_BOUND),
    perScan("API calls", apiCalls, CALLS_BOUND),
    perScan("CPU ms", ({ cpuSeconds }) => cpuSeconds * 1_000),
  ];
}

function tableOf(figures: readonly Figure[]): string {
  const head = ["figure", "first third", "last third", "ratio", "an hour", "says"];
  const rows = figures.map(({ name, trend }) => [
    name,
    figure(trend.first),
    figure(trend.last),
    figure(trend.ratio),
    signed(trend.perHour),
    trend.doublesInHours === undefined ? "" : `doubles in ${figure(trend.doublesInHours)} h at this pace`,
  ]);
  return table(head, rows);
}

function verdictsOf(outcome: SoakOutcome, figures: readonly Figure[]): Verdict[] {
  const { liveHeap, starved, complaints, exitCode } = outcome;
  const grown = liveHeap.after - liveHeap.before;
  const allowed = LIVE_BYTES + liveHeap.scans * LIVE_BYTES_PER_SCAN;
  const defects = [...complaints].filter(([complaint]) => isDefect(complaint));
  const warnings = [...complaints].filter(([complaint]) => !isDefect(complaint));
  return [
    ...figures
      .filter(({ bound }) => bound !== undefined)
      .map(({ name, trend, bound = 0 }) => ({
        promise: `${name}: at most ${bound} times the first`,
        kept: trend.ratio <= bound,
        says: `${figure(trend.ratio)} times`,
      })),
    {
      promise: `live heap: at most ${mib(allowed)} MiB more after ${liveHeap.scans} scans`,
      kept: grown <= allowed,
      says: `from ${mib(liveHeap.before)} to ${mib(liveHeap.after)} MiB`,
    },
    { promise: "no scan starves", kept: starved.length === 0, says: some(starved) },
    {
      promise: "no error, no crash, nothing unhandled",
      kept: defects.length === 0,
      says: some(defects.map(([complaint, count]) => `${complaint} (${count} times)`)),
    },
    { promise: "ends with code 0 when it is told to", kept: exitCode === 0, says: `code ${exitCode}` },
    {
      promise: "warnings are told, and break nothing",
      kept: true,
      says: some(warnings.map(([complaint, count]) => `${complaint} (${count} times)`)),
    },
  ];
}

function some(things: readonly string[]): string {
  if (things.length === 0) return "none";
  const others = things.length > 5 ? `, and ${things.length - 5} more` : "";
  return `${things.slice(0, 5).join("; ")}${others}`;
}

function mib(bytes: number): string {
  return figure(bytes / 1024 ** 2);
}

function signed(value: number): string {
  return value > 0 ? `+${figure(value)}` : value < 0 ? `-${figure(-value)}` : "0";
}
