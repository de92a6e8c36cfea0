import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InvalidScheduleError, parseSchedule } from "./schedule.ts";

const HOUR = 3_600_000;
const at = (time: string) => Date.parse(time);

describe("parseSchedule", () => {
  it("comes once an interval, five percent to either side", () => {
    fc.assert(
      fc.property(fc.uuid(), fc.integer({ min: 0, max: 2 ** 41 }), (seed, start) => {
        const next = parseSchedule({ interval: "1h" }, 1, seed).nextAfter(start);
        expect(next - start).toBeGreaterThanOrEqual(HOUR * 0.95);
        expect(next - start).toBeLessThanOrEqual(HOUR * 1.05);
      }),
    );
  });

  it("says the same in every process, and spreads scans that began together", () => {
    const next = (seed: string) => parseSchedule({ interval: "1h" }, 1, seed).nextAfter(0);
    expect(next("a")).toBe(next("a"));
    expect(new Set(["a", "b", "c", "d", "e"].map(next)).size).toBe(5);
  });

  it("takes the operator's default where the spec asks for nothing", () => {
    expect(parseSchedule({}, HOUR, "x").periodMs).toBe(HOUR);
  });

  it("follows a cron expression in its time zone through a change to summer time", () => {
    const schedule = parseSchedule({ schedule: "30 3 * * *", timeZone: "Europe/Berlin" }, HOUR, "x");
    expect(schedule.nextAfter(at("2026-03-28T12:00:00Z"))).toBe(at("2026-03-29T01:30:00Z"));
    expect(schedule.nextAfter(at("2026-03-27T12:00:00Z"))).toBe(at("2026-03-28T02:30:00Z"));
  });

  it.each([
    ["runs once what summer time leaves out", "30 2 * * *", "2026-03-28T12:00:00Z", ["29T01:00", "30T00:30"]],
    [
      "runs once what the end of summer time repeats",
      "30 2 * * *",
      "2026-10-24T12:00:00Z",
      ["25T00:30", "26T01:30"],
    ],
    [
      "keeps on in the hour that comes twice",
      "*/30 * * * *",
      "2026-10-25T00:10:00Z",
      ["25T00:30", "25T01:00", "25T01:30"],
    ],
  ])("%s", (_what, cron, from, expected) => {
    const schedule = parseSchedule({ schedule: cron, timeZone: "Europe/Berlin" }, HOUR, "x");
    let time = at(from);
    const runs = expected.map(() => {
      time = schedule.nextAfter(time);
      return new Date(time).toISOString().slice(8, 16);
    });
    expect(runs).toEqual(expected);
  });

  it("makes up for any number of missed runs with the one that is due", () => {
    const schedule = parseSchedule({ schedule: "0 2 * * *" }, HOUR, "x");
    expect(schedule.nextAfter(at("2026-01-01T02:00:00Z"))).toBe(at("2026-01-02T02:00:00Z"));
    expect(schedule.nextAfter(at("2026-01-09T08:00:00Z"))).toBe(at("2026-01-10T02:00:00Z"));
  });

  it.each([
    [{ schedule: "61 * * * *" }, /spec\.schedule "61 \* \* \* \*" is not a cron expression of five fields/],
    [{ schedule: "0 0 2 * * *" }, /five fields/],
    [
      { schedule: "0 2 * * *", timeZone: "Mars/Olympus" },
      /spec\.timeZone "Mars\/Olympus" is not in the IANA/,
    ],
    [{ schedule: "0 0 31 2 *" }, /never comes/],
  ])("refuses %j, naming field, value and mend", (spec, message) => {
    expect(() => parseSchedule(spec, HOUR, "x")).toThrow(InvalidScheduleError);
    expect(() => parseSchedule(spec, HOUR, "x")).toThrow(message);
  });
});
