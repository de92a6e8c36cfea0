import { expect, it } from "vitest";
import { type LagFacts, scheduleLagMs } from "./schedule-lag.ts";

const nothing: LagFacts = { job: undefined, lastLagMs: undefined, nextScanAt: undefined, now: 10_000 };

it.each<[string, Partial<LagFacts>, number | undefined]>([
  ["is not known of a scan of which nothing is", {}, undefined],
  ["is not known before the next scan is due, after a restart", { nextScanAt: 10_000 }, undefined],
  ["is what it was when the last scan began", { lastLagMs: 70 }, 70],
  ["stays that until the next scan is due", { lastLagMs: 70, nextScanAt: 20_000 }, 70],
  ["grows once the next scan is overdue", { lastLagMs: 70, nextScanAt: 9_000 }, 1_000],
  ["does not shrink because the next scan is overdue", { lastLagMs: 2_000, nextScanAt: 9_000 }, 2_000],
  ["is known of an overdue scan, after a restart", { nextScanAt: 9_000 }, 1_000],
  ["grows while a scan waits for its turn", { job: { dueAt: 4_000 }, lastLagMs: 70 }, 6_000],
  ["is known of a first scan that waits", { job: { dueAt: 10_000 } }, 0],
  [
    "is that of a request that waits, and not of the clock's next scan",
    { job: { dueAt: 9_000 }, nextScanAt: 0 },
    1_000,
  ],
  [
    "is that of the scan that runs, however long it does",
    { job: { dueAt: 1_000, lagMs: 5 }, lastLagMs: 70, nextScanAt: 1_000 },
    5,
  ],
  ["is never less than none, where the clock was set back", { job: { dueAt: 11_000 } }, 0],
])("%s", (_, facts, lag) => {
  expect(scheduleLagMs({ ...nothing, ...facts })).toBe(lag);
});
