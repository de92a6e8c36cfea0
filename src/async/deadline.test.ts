import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Deadline } from "./deadline.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("a deadline", () => {
  it("aborts as a timeout when its time is over", () => {
    using deadline = new Deadline(100, undefined);
    vi.advanceTimersByTime(99);
    expect([deadline.signal.aborted, deadline.expired]).toEqual([false, false]);
    vi.advanceTimersByTime(1);
    expect([deadline.signal.aborted, deadline.expired]).toEqual([true, true]);
    expect(deadline.signal.reason).toMatchObject({ name: "TimeoutError" });
  });

  it("aborts with another signal, for its reason, and has not expired", () => {
    const abort = new AbortController();
    using deadline = new Deadline(100, abort.signal);
    abort.abort(new Error("enough"));
    expect(deadline.signal.reason).toEqual(new Error("enough"));
    expect(deadline.expired).toBe(false);
  });

  it("leaves no timer once it is disposed of, and aborts no more", () => {
    const deadline = new Deadline(100);
    deadline[Symbol.dispose]();
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(100);
    expect(deadline.signal.aborted).toBe(false);
  });
});
