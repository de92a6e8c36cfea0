import fc from "fast-check";
import { expect } from "vitest";
import { fuzz } from "../../test/support/fuzz.ts";
import { damagedText } from "../../test/support/mutations.ts";
import { formatDuration, parseDuration } from "../api/duration.ts";
import { InvalidScheduleError, parseSchedule } from "./schedule.ts";

const CRONS = ["0 2 * * *", "*/5 0-6,22 1,15 JAN-JUN MON#2", "30 3 L 2 5L", "0 0 29 2 *", "@weekly"];
const ZONES = ["Europe/Berlin", "Etc/UTC", "America/St_Johns", "Pacific/Apia"];
/** Four years past a leap day, within what a Date holds. */
const starts = fc.integer({ min: 0, max: 2 ** 42 });

fuzz(
  "a schedule goes on for ever from any time, or is refused in a line",
  150,
  fc.tuple(damagedText(CRONS), damagedText(ZONES, 1), starts),
  ([schedule, timeZone, start]) => {
    try {
      const { nextAfter, periodMs } = parseSchedule({ schedule, timeZone }, 1, "uid");
      expect(periodMs).toBeGreaterThan(0);
      const next = nextAfter(start);
      expect(next).toBeGreaterThan(start);
      expect(Number.isInteger(next)).toBe(true);
    } catch (error) {
      expect(error).toBeInstanceOf(InvalidScheduleError);
      expect((error as Error).message).toMatch(/^spec\.(schedule|timeZone) "/);
      expect((error as Error).message.length).toBeLessThan(1_000);
      expect((error as Error).message).not.toMatch(/\p{Cc}/u);
    }
  },
);

fuzz(
  "a duration is a finite number of milliseconds, or refused",
  500,
  damagedText(["90s", "1h30m", "1.5h250ms"]),
  (text) => {
    let ms: number;
    try {
      ms = parseDuration(text);
    } catch (error) {
      expect(error).toBeInstanceOf(RangeError);
      expect((error as Error).message.length).toBeLessThan(400);
      return;
    }
    expect(Number.isSafeInteger(ms)).toBe(true);
    expect(parseDuration(formatDuration(ms))).toBe(Math.round(ms / 1_000) * 1_000);
  },
);
