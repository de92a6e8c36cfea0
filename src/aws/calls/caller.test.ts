import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { Remedy } from "../errors.ts";
import { AwsCallError } from "../errors.ts";
import { type Call, Caller } from "./caller.ts";

const ROUTE = { account: "a", region: "us-east-1", service: "sagemaker", operation: "ListDomains" };
const RETRIES = {
  attemptTimeoutMs: 50,
  attempts: 3,
  baseMs: 1,
  capMs: 2,
  maxStrikes: 3,
  patienceMs: 0,
};

function rig(limit = 10) {
  const outcomes: string[] = [];
  const durations: number[] = [];
  const caller = new Caller({
    limits: { process: limit, account: limit, region: limit },
    retries: RETRIES,
    random: () => 0,
    onRequest: (_, __, outcome, durationMs) => {
      outcomes.push(outcome);
      durations.push(durationMs);
    },
  });
  const call = <T>(send: Call<T>["send"], changes: Partial<Call<T>> = {}) =>
    caller.call<T>({
      route: ROUTE,
      signal: new AbortController().signal,
      prepare: () => undefined,
      renew: () => true,
      send,
      ...changes,
    });
  return { call, outcomes, durations };
}

const failure = (remedy: Remedy) =>
  new AwsCallError({ kind: "failed", operation: "ListDomains", code: "X", message: remedy, remedy });

/** Fails so many times, then answers. */
function failing(times: number, error: Error) {
  let calls = 0;
  return async () => {
    calls += 1;
    if (calls <= times) throw error;
    return calls;
  };
}

describe("a call", () => {
  it("is made until it is answered, and every attempt is told", async () => {
    const { call, outcomes } = rig();
    expect(await call(failing(2, failure("transient")))).toBe(3);
    expect(outcomes).toEqual(["failed", "failed", "success"]);
  });

  it("tells how long each attempt took, from the moment it was sent", async () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const { call, durations } = rig(1);
    const [sent, first] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const calls = [
      call(() => {
        sent.resolve();
        return first.promise;
      }),
      call(async () => {
        vi.advanceTimersByTime(3_000);
      }),
    ];
    await sent.promise;
    vi.advanceTimersByTime(10_000);
    first.resolve();
    await Promise.all(calls);
    // The second one's wait for its turn is not its own.
    expect(durations).toEqual([10_000, 3_000]);
  });

  it("fails as its last attempt did", async () => {
    const { call, outcomes } = rig();
    await expect(call(failing(9, failure("transient")))).rejects.toThrow("transient");
    expect(outcomes).toHaveLength(3);
  });

  it("waits for credentials outside the places of those that are sent", async () => {
    const { call } = rig(1);
    // Whoever fetches the credentials needs the only place there is.
    const credentials = call(async () => "fetched");
    expect(await call(async () => "answered", { prepare: () => credentials })).toBe("answered");
    let fetches = 0;
    const prepare = () => (fetches++ === 0 ? call(async () => "fetched in time") : undefined);
    expect(await call(async () => "answered", { prepare })).toBe("answered");
  });

  it("is not sent, nor told as sent, where there are no credentials", async () => {
    const { call, outcomes } = rig();
    const prepare = () => Promise.reject(failure("never"));
    await expect(call(async () => 1, { prepare })).rejects.toThrow("never");
    expect(outcomes).toEqual([]);
  });

  it.each([
    ["renewed", 0],
    ["doubted", 60_000],
  ] as const)("has credentials renewed once where that may help (%s)", async (remedy, age) => {
    const { call } = rig();
    const ages: number[] = [];
    const renew = (minAgeMs: number) => ages.push(minAgeMs) > 0;
    expect(await call(failing(1, failure(remedy)), { renew })).toBe(2);
    await expect(call(failing(9, failure(remedy)), { renew })).rejects.toThrow(remedy);
    expect(ages).toEqual([age, age]);
    await expect(call(failing(1, failure(remedy)), { renew: () => false })).rejects.toThrow(remedy);
  });

  it("is cut off where it hangs, although what it asks hears no signal", async () => {
    const { call, outcomes } = rig();
    await expect(call(() => new Promise(() => {}))).rejects.toMatchObject({ kind: "timed-out" });
    expect(outcomes).toEqual(["timed-out", "timed-out"]);
  });

  it("ends with its signal, and leaves nobody's failure behind", async () => {
    const { call } = rig();
    const unhandled: unknown[] = [];
    const listen = (reason: unknown) => unhandled.push(reason);
    process.on("unhandledRejection", listen);
    const ending = new AbortController();
    const late = Promise.withResolvers<never>();
    const given = call(() => late.promise, { signal: ending.signal });
    await new Promise(setImmediate);
    ending.abort(new Error("deadline"));
    await expect(given).rejects.toThrow("deadline");
    late.reject(new Error("too late"));
    await new Promise(setImmediate);
    process.off("unhandledRejection", listen);
    expect(unhandled).toEqual([]);
  });
});
