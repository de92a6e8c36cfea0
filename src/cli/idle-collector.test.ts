import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { fullCollection, IdleCollector } from "./idle-collector.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});
afterEach(() => {
  vi.useRealTimers();
});

function rig() {
  const state = { busy: false, used: 100, collections: 0 };
  const collector = new IdleCollector({
    isBusy: () => state.busy,
    heapUsed: () => state.used,
    collect() {
      state.collections += 1;
      state.used = 50;
    },
  });
  return { state, collector };
}

describe("garbage", () => {
  it("is collected once a wave is over, not between two of its scans", () => {
    const { state, collector } = rig();
    for (let scan = 0; scan < 5; scan += 1) {
      collector.noticed();
      vi.advanceTimersByTime(9_000);
    }
    expect(state.collections).toBe(0);
    vi.advanceTimersByTime(1_000);
    expect(state.collections).toBe(1);
  });

  it("is left alone while something runs, and where there is little of it", () => {
    const { state, collector } = rig();
    state.busy = true;
    collector.noticed();
    vi.advanceTimersByTime(10_000);
    expect(state.collections).toBe(0);
    state.busy = false;
    collector.noticed();
    vi.advanceTimersByTime(10_000);
    state.used = 60;
    collector.noticed();
    vi.advanceTimersByTime(10_000);
    expect(state.collections).toBe(1);
    state.used = 63;
    collector.noticed();
    vi.advanceTimersByTime(10_000);
    expect(state.collections).toBe(2);
  });

  it("is not collected any more once it was stopped", () => {
    const { state, collector } = rig();
    collector.noticed();
    collector.stop();
    vi.advanceTimersByTime(60_000);
    expect(state.collections).toBe(0);
  });

  it("is V8's to collect", async () => {
    const collect = fullCollection();
    const garbage = new WeakRef({ of: "a scan" });
    // What was just referred to is kept for the rest of the turn.
    await new Promise(setImmediate);
    collect();
    expect(garbage.deref()).toBeUndefined();
  });
});
