import { describe, expect, it } from "vitest";
import { decide, nextScan, type Situation } from "./decide.ts";
import { parseSchedule } from "./schedule.ts";

const START = "2026-01-01T00:00:00Z";
const MINUTE = 60_000;
const schedule = parseSchedule({ interval: "1h" }, 1, "uid");
const scanned = (changes: object = {}) => ({
  scan: {
    id: "1",
    trigger: "Initial" as const,
    generation: 1,
    scopeDigest: "",
    startTime: START,
    completionTime: "2026-01-01T00:01:00Z",
    outcome: "Complete" as const,
    consecutiveFailures: 0,
    ...changes,
  },
});
const due = schedule.nextAfter(Date.parse(START));
const situation = (changes: Partial<Situation>): Situation => ({
  generation: 1,
  suspended: false,
  requestedAt: undefined,
  lastHandledRequest: undefined,
  schedule,
  record: scanned(),
  job: undefined,
  now: Date.parse(START) + 2 * MINUTE,
  ...changes,
});
const job = { generation: 1, requestedAt: undefined, startTime: START };

describe("decide", () => {
  it.each<[string, Partial<Situation>, object]>([
    ["waits for the time that is due", {}, { kind: "wait", until: due }],
    ["scans when it is due", { now: due }, { kind: "start", trigger: "Scheduled" }],
    ["scans a new resource at once", { record: "none" }, { kind: "start", trigger: "Initial" }],
    [
      "scans at once where the record is lost",
      { record: "missing" },
      { kind: "start", trigger: "RecordLost" },
    ],
    ["scans a changed spec at once", { generation: 2 }, { kind: "start", trigger: "SpecChange" }],
    ["scans at once on request", { requestedAt: "a" }, { kind: "start", trigger: "Requested" }],
    ["answers a request once", { requestedAt: "a", lastHandledRequest: "a" }, { kind: "wait", until: due }],
    [
      "scans nothing while suspended",
      { suspended: true, record: "none", requestedAt: "a" },
      { kind: "suspend" },
    ],
    ["stops a scan that is suspended", { suspended: true, job }, { kind: "suspend" }],
    ["lets a scan end", { job, now: due }, { kind: "continue" }],
    ["lets a scan end before it answers a later request", { job, requestedAt: "b" }, { kind: "continue" }],
    [
      "moves a waiting scan ahead on request",
      { job: { ...job, startTime: undefined }, requestedAt: "b" },
      { kind: "start", trigger: "Requested" },
    ],
    [
      "keeps the place of a request that already waits",
      { job: { ...job, startTime: undefined, requestedAt: "b" }, requestedAt: "b" },
      { kind: "continue" },
    ],
    ["replaces a scan of an old spec", { job, generation: 2 }, { kind: "start", trigger: "SpecChange" }],
  ])("%s", (_what, changes, expected) => {
    expect(decide(situation(changes))).toEqual(expected);
  });
});

describe("nextScan", () => {
  it("tries a failed scan again ever less often, at least every five minutes, and never later than it is due", () => {
    const delays = [1, 2, 3, 4, 5, 6, 20].map((consecutiveFailures) => {
      const last = scanned({ consecutiveFailures, outcome: "Failed" }).scan;
      return nextScan(last, schedule).at - Date.parse(last.completionTime);
    });
    expect(delays).toEqual([10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000]);
    const often = parseSchedule({ interval: "1m" }, 1, "uid");
    const last = scanned({ consecutiveFailures: 20, outcome: "Failed", completionTime: START }).scan;
    expect(nextScan(last, often)).toEqual({ at: often.nextAfter(Date.parse(START)), trigger: "Scheduled" });
  });
});
