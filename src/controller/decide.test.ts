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
const now = Date.parse(START) + 2 * MINUTE;
const situation = (changes: Partial<Situation>): Situation => ({
  generation: 1,
  suspended: false,
  requestedAt: undefined,
  lastHandledRequest: undefined,
  schedule,
  record: scanned(),
  job: undefined,
  now,
  ...changes,
});
const job = { generation: 1, requestedAt: undefined, startTime: START };

describe("decide", () => {
  it.each<[string, Partial<Situation>, object]>([
    ["waits for the time that is due", {}, { kind: "wait", until: due }],
    ["scans when it is due", { now: due + 5 }, { kind: "start", trigger: "Scheduled", dueAt: due }],
    ["scans a new resource at once", { record: "none" }, { kind: "start", trigger: "Initial", dueAt: now }],
    [
      "scans at once where the record is lost",
      { record: "missing" },
      { kind: "start", trigger: "RecordLost", dueAt: now },
    ],
    ["scans a changed spec at once", { generation: 2 }, { kind: "start", trigger: "SpecChange", dueAt: now }],
    ["scans at once on request", { requestedAt: "a" }, { kind: "start", trigger: "Requested", dueAt: now }],
    ["answers a request once", { requestedAt: "a", lastHandledRequest: "a" }, { kind: "wait", until: due }],
    [
      "waits on where clocks differ by a little",
      { now: Date.parse(START) - MINUTE },
      { kind: "wait", until: due },
    ],
    [
      "scans at once where the last scan is yet to come: a clock was set back",
      { now: Date.parse(START) - MINUTE - 1 },
      { kind: "start", trigger: "Scheduled", dueAt: Date.parse(START) - MINUTE - 1 },
    ],
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
      { kind: "start", trigger: "Requested", dueAt: now },
    ],
    [
      "keeps the place of a request that already waits",
      { job: { ...job, startTime: undefined, requestedAt: "b" }, requestedAt: "b" },
      { kind: "continue" },
    ],
    [
      "replaces a scan of an old spec",
      { job, generation: 2 },
      { kind: "start", trigger: "SpecChange", dueAt: now },
    ],
  ])("%s", (_what, changes, expected) => {
    expect(decide(situation(changes))).toEqual(expected);
  });
});

describe("nextScan", () => {
  it("leaves one that took long for at least as long as it took", () => {
    const last = scanned({ consecutiveFailures: 1, completionTime: "2026-01-01T00:15:00Z" }).scan;
    expect(nextScan(last, schedule)).toEqual({ at: Date.parse(START) + 30 * MINUTE, trigger: "Retry" });
  });

  it("tries a failed scan again ever less often, at least every five minutes, and never later than it is due", () => {
    const delays = [1, 2, 3, 4, 5, 6, 20].map((consecutiveFailures) => {
      const last = scanned({ consecutiveFailures, outcome: "Failed", completionTime: START }).scan;
      return nextScan(last, schedule).at - Date.parse(last.completionTime);
    });
    expect(delays).toEqual([10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000]);
    const often = parseSchedule({ interval: "1m" }, 1, "uid");
    const last = scanned({ consecutiveFailures: 20, outcome: "Failed", completionTime: START }).scan;
    expect(nextScan(last, often)).toEqual({ at: often.nextAfter(Date.parse(START)), trigger: "Scheduled" });
  });
});
