import { describe, expect, it } from "vitest";
import { parseRetryAfterMs, retryDelayMs } from "./retry.ts";

const CONTEXT = { method: "GET", retries: 0, remainingMs: 30_000, random: () => 0 };

describe("retryDelayMs", () => {
  it.each([
    ["a GET turned away with 429", { status: 429, retryAfterMs: 1_000 }, {}, 1_000],
    ["a POST turned away with 429", { status: 429, retryAfterMs: 1_000 }, { method: "POST" }, 1_000],
    ["a PATCH turned away with 503", { status: 503, retryAfterMs: 1_000 }, { method: "PATCH" }, 1_000],
    [
      "a POST turned away with 503 may have been done",
      { status: 503, retryAfterMs: 1_000 },
      { method: "POST" },
      undefined,
    ],
    ["no word of when", { status: 429, retryAfterMs: undefined }, {}, undefined],
    ["another status", { status: 500, retryAfterMs: 1_000 }, {}, undefined],
    ["the third retry", { status: 429, retryAfterMs: 1_000 }, { retries: 2 }, 1_000],
    ["no fourth one", { status: 429, retryAfterMs: 1_000 }, { retries: 3 }, undefined],
    ["longer than the deadline", { status: 429, retryAfterMs: 1_000 }, { remainingMs: 1_000 }, undefined],
    ["at once is not at once", { status: 429, retryAfterMs: 0 }, {}, 100],
    ["jitter only adds", { status: 429, retryAfterMs: 1_000 }, { random: () => 0.5 }, 1_250],
  ])("%s", (_, refused, context, expected) => {
    expect(retryDelayMs(refused, { ...CONTEXT, ...context })).toBe(expected);
  });
});

describe("parseRetryAfterMs", () => {
  it.each([
    ["7", 7_000],
    [["2", "3"], 2_000],
    [undefined, undefined],
    ["-1", undefined],
    ["1.5", undefined],
    ["Wed, 21 Oct 2026 07:28:00 GMT", undefined],
  ])("of %j is %j", (header, expected) => {
    expect(parseRetryAfterMs(header)).toBe(expected);
  });
});
