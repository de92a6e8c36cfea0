import { describe, expect, it } from "vitest";
import { Rests } from "./rests.ts";

const KEY = "team/scan";

/** At rest in version 7 from 1,000 ms on. */
function restsUntil(untilMs: number | undefined): Rests {
  const rests = new Rests();
  rests.set(KEY, { version: "7", sinceMs: 1_000, untilMs });
  return rests;
}

describe("a scan at rest", () => {
  it("stays so until its time comes", () => {
    const rests = restsUntil(2_000);
    expect([1_000, 1_999, 2_000].map((now) => rests.of(KEY, "7", now)?.untilMs)).toEqual([
      2_000,
      2_000,
      undefined,
    ]);
    expect(restsUntil(undefined).of(KEY, "7", 9e12)).toBeDefined();
  });

  it("no longer is where anybody has written to it, or nobody has looked", () => {
    expect(restsUntil(2_000).of(KEY, "8", 1_500)).toBeUndefined();
    expect(restsUntil(2_000).of(KEY, undefined, 1_500)).toBeUndefined();
    expect(restsUntil(2_000).of("team/other", "7", 1_500)).toBeUndefined();
  });

  it("no longer is where it was forgotten, or the clock was set back behind the look", () => {
    expect(restsUntil(undefined).of(KEY, "7", 999)).toBeUndefined();
    const rests = restsUntil(2_000);
    rests.delete(KEY);
    expect(rests.of(KEY, "7", 1_500)).toBeUndefined();
  });
});
