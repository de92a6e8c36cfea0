import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { AT_ONCE, type Fate, LeaseStore, Machine, World } from "../../test/support/election-world.ts";
import { LeaderElector } from "./leader-elector.ts";
import { type ElectionLock, LeaseLock } from "./lease-lock.ts";

const TIMING = { leaseDurationMs: 15_000, renewDeadlineMs: 10_000, retryPeriodMs: 2_000 };

/** A world with one store; `elector` starts one on a machine of its own. */
function scene() {
  const world = new World();
  const store = new LeaseStore(world);
  const elector = (identity: string, wrap = (lock: ElectionLock) => lock) => {
    const machine = new Machine(world);
    const network = { fate: AT_ONCE as Fate };
    const client = store.client(machine, () => network.fate);
    const lease = wrap(new LeaseLock({ client, namespace: "operators", name: "lock", identity }));
    const stop = new AbortController();
    const told: string[] = [];
    const logged: { level: number; msg: string; reason?: string }[] = [];
    const made = new LeaderElector({
      lease,
      timing: TIMING,
      log: pino({ level: "debug" }, { write: (line: string) => void logged.push(JSON.parse(line)) }),
      clock: machine.clock,
      random: () => 0.5,
      onStartedLeading: () => void told.push("started"),
      onSuspended: () => void told.push(`suspended, leading: ${made.isLeader()}`),
      onResumed: () => void told.push(`resumed, leading: ${made.isLeader()}`),
      onStoppedLeading: () => void told.push(`stopped, leading: ${made.isLeader()}`),
      onNewLeader: (leader) => void told.push(`leader ${leader}`),
    });
    const ended = { yet: false };
    const run = made.run(stop.signal).then(() => {
      ended.yet = true;
    });
    return { elector: made, machine, network, stop, told, logged, ended, run };
  };
  const lease = () => store.leases.get("lock");
  return { world, store, elector, lease };
}

const refused: Fate = { kind: "refused", thereMs: 1, backMs: 1 };
const lost: Fate = { kind: "lost", thereMs: 1, backMs: 1 };

describe("a leader", () => {
  it("tells that it leads, renews every retry period, and keeps when it came to lead", async () => {
    const { world, elector, lease } = scene();
    const a = elector("a");
    await world.pass(100);
    const first = lease()?.spec;
    await world.pass(60_000);
    expect(a.told).toEqual(["leader a", "started"]);
    expect(a.elector.stats()).toMatchObject({ leading: true, transitions: 0, renewalFailures: 0 });
    expect(a.elector.stats().renewals).toBeGreaterThan(25);
    expect(lease()?.spec?.acquireTime).toBe(first?.acquireTime);
    // One request a renewal.
    expect(Number(lease()?.metadata.resourceVersion)).toBe(a.elector.stats().renewals + 1);
  });

  it("leads until the deadline after it sent what was answered last, and again once it is answered", async () => {
    const { world, elector } = scene();
    const a = elector("a");
    await world.pass(100);
    const untilMs = a.elector.leadsUntil() ?? 0;
    // It is sent after a request to read, of 2 ms.
    expect(untilMs).toBe(a.machine.clock.monotonic() - 100 + 2 + TIMING.renewDeadlineMs);
    a.network.fate = lost;
    await world.pass(10_001 - 100);
    expect(a.elector.isLeader()).toBe(true);
    await world.pass(10);
    expect(a.told.slice(2)).toEqual(["suspended, leading: false"]);
    expect(a.logged.some(({ level, msg }) => level === 40 && msg.includes("writes nothing"))).toBe(true);
    await world.pass(300_000);
    expect(a.ended.yet).toBe(false);
    a.network.fate = AT_ONCE;
    await world.pass(10_000);
    expect(a.told.slice(3)).toEqual(["resumed, leading: true"]);
    expect(a.elector.stats().transitions).toBe(0);
  });

  it("that could not renew ends when it finds the Lease another's, let go, or gone", async () => {
    for (const change of ["taken", "let go", "gone"]) {
      const { world, store, elector, lease } = scene();
      const a = elector("a");
      await world.pass(100);
      a.network.fate = lost;
      await world.pass(20_000);
      const found = lease();
      const holderIdentity = change === "taken" ? "b" : "";
      if (change === "gone") store.leases.delete("lock");
      else if (found !== undefined) store.put({ ...found, spec: { ...found.spec, holderIdentity } });
      a.network.fate = AT_ONCE;
      await world.pass(10_000);
      expect(a.ended.yet).toBe(true);
      expect(a.told.at(-1)).toBe("stopped, leading: false");
      expect(a.told).not.toContain("resumed, leading: true");
      expect(lease()?.spec?.holderIdentity).toBe(change === "gone" ? undefined : holderIdentity);
    }
  });

  it("that a lock keeps waiting in spite of its signal leads no longer at the deadline all the same", async () => {
    const { world, elector } = scene();
    const a = elector("a", (lock) => ({
      identity: lock.identity,
      name: lock.name,
      get: (signal) => lock.get(signal),
      create: (record, signal) => lock.create(record, signal),
      update: () => new Promise(() => undefined),
      release: () => new Promise(() => undefined),
    }));
    await world.pass(10_100);
    expect(a.told.at(-1)).toBe("suspended, leading: false");
  });

  it("lives through failures that end before the deadline, and tells the first and the end", async () => {
    const { world, elector } = scene();
    const a = elector("a");
    await world.pass(100);
    a.network.fate = refused;
    await world.pass(7_000);
    a.network.fate = AT_ONCE;
    await world.pass(60_000);
    expect(a.elector.isLeader()).toBe(true);
    expect(a.elector.stats().renewalFailures).toBe(3);
    expect(a.logged.filter(({ level }) => level === 40)).toHaveLength(1);
    expect(a.logged.at(-1)?.msg).toBe("the Lease is within reach again");
  });

  it("that was stopped past its deadline knows it when it goes on, before any timer of it", async () => {
    const { world, elector, lease } = scene();
    const a = elector("a");
    const b = elector("b");
    await world.pass(5_000);
    const before = lease()?.spec?.holderIdentity;
    expect(before).toBe("a");
    a.machine.stop(60_000);
    await world.pass(59_999);
    expect([a.elector.isLeader(), b.elector.isLeader()]).toEqual([false, true]);
    expect(a.told).not.toContain("stopped, leading: false");
    await world.pass(2_000);
    expect(a.ended.yet).toBe(true);
    expect(lease()?.spec).toMatchObject({ holderIdentity: "b", leaseTransitions: 1 });
  });

  it("takes an answer after the deadline for none, though its renewal was carried out in time", async () => {
    const { world, elector, lease } = scene();
    const a = elector("a");
    await world.pass(100);
    const version = lease()?.metadata.resourceVersion;
    a.network.fate = refused;
    await world.pass(7_900);
    a.network.fate = { kind: "answered", thereMs: 1, backMs: 500 };
    await world.pass(600);
    // The renewal is sent; the answer is there before the deadline, and the process stands still until after it.
    a.machine.stop(3_000);
    await world.pass(3_000);
    expect(lease()?.metadata.resourceVersion).not.toBe(version);
    expect(a.elector.isLeader()).toBe(false);
    await world.pass(1);
    expect(a.elector.isLeader()).toBe(false);
    a.network.fate = AT_ONCE;
    await world.pass(5_000);
    expect(a.told.slice(2)).toEqual(["suspended, leading: false", "resumed, leading: true"]);
  });

  it("makes a Lease anew that somebody deleted, and goes on", async () => {
    const { world, store, elector, lease } = scene();
    const a = elector("a");
    const b = elector("b");
    await world.pass(5_000);
    store.leases.delete("lock");
    await world.pass(20_000);
    expect(lease()?.spec).toMatchObject({ holderIdentity: "a", leaseTransitions: 0 });
    expect([a.elector.isLeader(), b.elector.isLeader()]).toEqual([true, false]);
  });

  it("is none as soon as it sees that another has taken the Lease", async () => {
    const { world, store, elector, lease } = scene();
    const a = elector("a");
    await world.pass(5_000);
    const stolen = lease();
    if (stolen !== undefined) store.put({ ...stolen, spec: { ...stolen.spec, holderIdentity: "thief" } });
    await world.pass(2_100);
    expect(a.told.slice(2)).toEqual(["leader thief", "stopped, leading: false"]);
    expect(a.logged.at(-1)?.reason).toBe('it is held by "thief"');
    // What is another's is not released.
    expect(lease()?.spec?.holderIdentity).toBe("thief");
  });

  it("writes again over what others write beside it, and keeps it", async () => {
    const { world, store, elector, lease } = scene();
    const a = elector("a");
    await world.pass(5_000);
    const found = lease();
    if (found !== undefined) {
      store.put({
        ...found,
        metadata: { ...found.metadata, labels: { team: "x" }, annotations: { note: "y" } },
      });
    }
    await world.pass(20_000);
    expect(a.elector.isLeader()).toBe(true);
    expect(lease()?.metadata).toMatchObject({ labels: { team: "x" }, annotations: { note: "y" } });
    expect(a.elector.stats().renewalFailures).toBe(0);
  });
});

describe("letting go", () => {
  it("lets the next lead within a retry", async () => {
    const { world, elector, lease } = scene();
    const a = elector("a");
    const b = elector("b");
    await world.pass(5_000);
    a.stop.abort();
    await world.pass(10);
    expect(a.ended.yet).toBe(true);
    expect(a.told.slice(2)).toEqual(["stopped, leading: false"]);
    expect(lease()?.spec).toMatchObject({ holderIdentity: "", leaseDurationSeconds: 1, leaseTransitions: 0 });
    await world.pass(4_400);
    expect(b.elector.isLeader()).toBe(true);
    expect(lease()?.spec).toMatchObject({ holderIdentity: "b", leaseTransitions: 1 });
  });

  it("follows a write that was given up and carried out late", async () => {
    const { world, elector, lease } = scene();
    const a = elector("a");
    await world.pass(1_999);
    a.network.fate = { kind: "unanswered", thereMs: 20, backMs: 1 };
    await world.pass(10);
    a.network.fate = AT_ONCE;
    a.stop.abort();
    await world.pass(5);
    expect(lease()?.spec?.holderIdentity).toBe("");
    await world.pass(100);
    expect(lease()?.spec?.holderIdentity).toBe("");
    expect(a.ended.yet).toBe(true);
  });

  it("of one that waits leaves nothing behind, not even a Lease that a write under way makes its own", async () => {
    const { world, elector, lease } = scene();
    const a = elector("a");
    await world.pass(3);
    a.stop.abort();
    await world.pass(100);
    expect(a.ended.yet).toBe(true);
    expect(a.told).not.toContain("started");
    expect(lease()?.spec?.holderIdentity ?? "").toBe("");
  });

  it("does not wait long for a server that hangs", async () => {
    const { world, elector } = scene();
    const a = elector("a");
    await world.pass(1_000);
    a.network.fate = lost;
    a.stop.abort();
    await world.pass(3_001);
    expect(a.ended.yet).toBe(true);
    expect(a.logged.at(-1)?.msg).toContain("could not be released");
  });
});

describe("one that waits", () => {
  it("takes over when the Lease of a dead leader runs out, and not before", async () => {
    const { world, elector } = scene();
    const a = elector("a");
    const b = elector("b");
    await world.pass(5_000);
    a.machine.stop(Number.POSITIVE_INFINITY);
    // The last renewal, of 4 s, is seen at 6.4 s by somebody who looks every 3.2 s, and then waited for exactly.
    await world.pass(16_300);
    expect(b.elector.isLeader()).toBe(false);
    await world.pass(400);
    expect(b.elector.isLeader()).toBe(true);
    expect(b.elector.leader).toBe("b");
  });

  it("leads once a write is known that nobody told it of", async () => {
    const { world, elector, lease } = scene();
    const a = elector("a");
    await world.pass(1);
    a.network.fate = { kind: "unanswered", thereMs: 1, backMs: 1 };
    await world.pass(100);
    expect(lease()?.spec?.holderIdentity).toBe("a");
    expect(a.elector.isLeader()).toBe(false);
    a.network.fate = AT_ONCE;
    await world.pass(10_000);
    expect(a.elector.isLeader()).toBe(true);
  });
});

it("refuses times that do not fit each other, and a second life", async () => {
  const { elector, world } = scene();
  const a = elector("a");
  await world.pass(10);
  await expect(a.elector.run(a.stop.signal)).rejects.toThrow("lives once");
  const wrong = { ...TIMING, renewDeadlineMs: 20_000 };
  const lease = new LeaseLock({
    client: new LeaseStore(world).client(a.machine),
    namespace: "n",
    name: "l",
    identity: "i",
  });
  expect(() => new LeaderElector({ lease, timing: wrong, log: pino({ level: "silent" }) })).toThrow("(20s)");
});
