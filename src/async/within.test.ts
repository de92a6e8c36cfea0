import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { systemClock } from "./clock.ts";
import { within } from "./within.ts";

const never = () => new Promise<never>(() => undefined);
const limit = { what: "get leases team/lock", ms: 60_000, clock: systemClock };

describe("within", () => {
  it("gives what the work gives, and leaves no timer", async () => {
    let ended = false;
    const sleep = (_: number, signal: AbortSignal) => {
      signal.addEventListener("abort", () => {
        ended = true;
      });
      return never();
    };
    expect(await within({ ...limit, clock: { sleep } }, () => Promise.resolve(1))).toBe(1);
    expect(ended).toBe(true);
  });

  it("does not wait for longer, though the work does not heed its signal", async () => {
    const waiting = within({ ...limit, ms: 5 }, never);
    await expect(waiting).rejects.toThrow("get leases team/lock: no answer within 5 ms");
  });

  it("ends the work by its signal, and with the reason of the one it was given", async () => {
    const abort = new AbortController();
    let given: AbortSignal | undefined;
    const waiting = within({ ...limit, signal: abort.signal }, (signal) => {
      given = signal;
      return never();
    });
    abort.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow("enough");
    expect(given?.aborted).toBe(true);
    await expect(within({ ...limit, signal: abort.signal }, never)).rejects.toThrow("enough");
  });

  it("adds no listener to a signal that outlives it", async () => {
    const { signal } = new AbortController();
    for (let at = 0; at < 100; at += 1) await within({ ...limit, signal }, () => Promise.resolve());
    expect(getEventListeners(signal, "abort")).toHaveLength(1);
  });
});
