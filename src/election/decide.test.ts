import { describe, expect, it } from "vitest";
import { decide, type Observation, observe, released, type View } from "./decide.ts";
import type { LeaseRecord } from "./lease.ts";

const WALL_MS = Date.parse("2026-11-25T10:00:00.123Z");
const NOW = "2026-11-25T10:00:00.123000Z";
const THEIRS: LeaseRecord = {
  holderIdentity: "other",
  leaseDurationSeconds: 15,
  acquireTime: "2026-11-25T08:00:00.000000Z",
  renewTime: "2026-11-25T09:00:00.000000Z",
  leaseTransitions: 4,
};
/** One that is written after another. */
const NEXT = "2026-11-25T10:00:00.123001Z";
const OURS = { ...THEIRS, holderIdentity: "me" };
const seen = (record: LeaseRecord, atMs = 0): Observation => ({ record, atMs });
const view = (facts: Partial<View>): View => ({
  identity: "me",
  leaseDurationMs: 15_000,
  leading: false,
  exists: true,
  seen: undefined,
  nowMs: 0,
  wallMs: WALL_MS,
  ...facts,
});
const mine = (facts: Partial<LeaseRecord>) => ({
  holderIdentity: "me",
  leaseDurationSeconds: 15,
  acquireTime: NEXT,
  renewTime: NEXT,
  leaseTransitions: 0,
  ...facts,
});

describe("a Lease", () => {
  it("that there never was is created", () => {
    expect(decide(view({ exists: false }))).toEqual({
      kind: "create",
      record: mine({ acquireTime: NOW, renewTime: NOW }),
    });
  });

  it("of another is waited for, until nobody has seen it change for its duration", () => {
    const at = (nowMs: number) => decide(view({ seen: seen(THEIRS, 1_000), nowMs }));
    expect(at(1_000)).toEqual({ kind: "wait", untilMs: 16_000 });
    expect(at(15_999)).toEqual({ kind: "wait", untilMs: 16_000 });
    expect(at(16_000)).toEqual({ kind: "update", record: mine({ leaseTransitions: 5 }) });
  });

  it("is waited for as long as its holder says, or as we would where it says nothing", () => {
    const longer = seen({ ...THEIRS, leaseDurationSeconds: 60 });
    expect(decide(view({ seen: longer, nowMs: 59_999 }))).toEqual({ kind: "wait", untilMs: 60_000 });
    const silent = seen({ ...THEIRS, leaseDurationSeconds: 0 });
    expect(decide(view({ seen: silent }))).toEqual({ kind: "wait", untilMs: 15_000 });
  });

  it("that was released is taken at once", () => {
    const free = seen(released(THEIRS, WALL_MS - 1_000));
    expect(decide(view({ seen: free }))).toMatchObject({
      kind: "update",
      record: { holderIdentity: "me", leaseTransitions: 5 },
    });
  });

  it("of ours is renewed, and keeps when it came to us and how often it changed hands", () => {
    const { acquireTime } = OURS;
    const record = mine({ acquireTime, leaseTransitions: 4 });
    expect(decide(view({ leading: true, seen: seen(OURS) }))).toEqual({ kind: "update", record });
    // The answer to the write that made it ours was lost.
    expect(decide(view({ leading: false, seen: seen(OURS) }))).toEqual({ kind: "update", record });
  });

  it("of ours that somebody deleted is made anew as it was", () => {
    const record = mine({ acquireTime: OURS.acquireTime, leaseTransitions: 4 });
    expect(decide(view({ leading: true, exists: false, seen: seen(OURS) }))).toEqual({
      kind: "create",
      record,
    });
  });

  it("of another that somebody deleted is not made anew while he may believe in it", () => {
    const at = (nowMs: number) => decide(view({ exists: false, seen: seen(THEIRS), nowMs }));
    expect(at(14_999)).toEqual({ kind: "wait", untilMs: 15_000 });
    expect(at(15_000)).toEqual({ kind: "create", record: mine({ leaseTransitions: 5 }) });
  });

  it("of ours that another took, or that somebody emptied, is lost", () => {
    expect(decide(view({ leading: true, seen: seen(THEIRS) }))).toEqual({ kind: "lost", holder: "other" });
    const empty = seen({ ...OURS, holderIdentity: "" });
    expect(decide(view({ leading: true, seen: empty }))).toEqual({ kind: "lost", holder: "" });
  });

  it("changes hands even where the count of it can rise no more", () => {
    const full = seen({ ...THEIRS, leaseTransitions: 2 ** 31 - 1 });
    const action = decide(view({ seen: full, nowMs: 15_000 }));
    expect(action).toMatchObject({ record: { leaseTransitions: 2 ** 31 - 1 } });
  });

  it("lasts whole seconds, rather longer than shorter", () => {
    const action = decide(view({ exists: false, leaseDurationMs: 1_200 }));
    expect(action).toMatchObject({ record: { leaseDurationSeconds: 2 } });
  });

  it("shows a time that it did not show before, though the wall clock stands still", () => {
    const times = new Set<string | undefined>();
    let record: LeaseRecord = OURS;
    for (let at = 0; at < 1_000; at += 1) {
      const action = decide(view({ seen: seen(record) }));
      if (action.kind !== "update") expect.unreachable();
      record = action.record;
      times.add(record.renewTime);
    }
    expect(times.size).toBe(1_000);
    for (const time of times) expect(time).toMatch(/^2026-11-25T10:00:00\.123\d{3}Z$/);
  });
});

describe("an observation", () => {
  it("is as old as the last change of the record, whatever else of the Lease changes", () => {
    const first = observe(undefined, THEIRS, 1);
    expect(observe(first, { ...THEIRS }, 2)).toEqual({ record: THEIRS, atMs: 1 });
  });

  it.each([
    { holderIdentity: "third" },
    { leaseDurationSeconds: 16 },
    { acquireTime: NOW },
    { renewTime: NOW },
    { leaseTransitions: 5 },
  ])("is new where %j", (change) => {
    expect(observe(observe(undefined, THEIRS, 1), { ...THEIRS, ...change }, 2).atMs).toBe(2);
  });
});
