import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AwsCallError, type FailureKind, type Remedy } from "../errors.ts";
import { nextDelay, RETRY_POLICY } from "./backoff.ts";

const NONE = { throttled: 0, transient: 0, renewed: 0, corrected: 0 };
const failure = (remedy: Remedy, kind: FailureKind = "failed", retryAfterMs?: number) =>
  new AwsCallError({ kind, operation: "ListDomains", code: "X", message: "", remedy, retryAfterMs });

describe("nextDelay", () => {
  it.each([
    ["is not tried again where nothing would change", failure("never"), NONE, undefined],
    ["goes at once where its lane says when", failure("paced", "throttled"), NONE, 0],
    ["goes at once with fresh credentials", failure("renewed", "denied"), NONE, 0],
    ["does not go with fresh credentials twice", failure("renewed"), { ...NONE, renewed: 1 }, undefined],
    ["goes at once by a corrected clock", failure("corrected", "denied"), NONE, 0],
    ["does not go by a corrected clock twice", failure("corrected"), { ...NONE, corrected: 1 }, undefined],
    ["waits up to 200 ms first", failure("transient"), NONE, 100],
    ["waits up to twice as long the next time", failure("transient"), { ...NONE, transient: 1 }, 200],
    ["ends after four attempts", failure("transient"), { ...NONE, transient: 3 }, undefined],
    [
      "ends after two where there was no answer",
      failure("transient", "timed-out"),
      { ...NONE, transient: 1 },
      undefined,
    ],
    ["waits at least as long as the service says", failure("transient", "failed", 3_000), NONE, 3_000],
    [
      "ends where the service says not to come back soon",
      failure("transient", "failed", 120_000),
      NONE,
      undefined,
    ],
    ["is throttled only so often", failure("paced", "throttled"), { ...NONE, throttled: 30 }, undefined],
  ])("a call %s", (_, error, tries, delay) => {
    expect(nextDelay(error, tries, RETRY_POLICY, () => 0.5)).toBe(delay);
  });

  it("jitters over the whole of its bound, which never exceeds the cap", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
        fc.nat(60),
        (random, transient) => {
          const policy = { ...RETRY_POLICY, attempts: 100 };
          const delay = nextDelay(failure("transient"), { ...NONE, transient }, policy, () => random);
          expect(delay).toBeGreaterThanOrEqual(0);
          expect(delay).toBeLessThan(policy.capMs);
        },
      ),
    );
  });
});
