import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { AT_ONCE, type Fate, LeaseStore, Machine, World } from "../../test/support/election-world.ts";
import { MEMBER_OF } from "../api/names.ts";
import { Membership } from "./membership.ts";

const TIMING = { leaseDurationMs: 15_000, renewDeadlineMs: 10_000, retryPeriodMs: 2_000 };
const HOUR_MS = 3_600_000;

/** A world with one store; `member` starts a process on a machine of its own. */
function scene() {
  const world = new World();
  const store = new LeaseStore(world);
  const member = (identity: string) => {
    const machine = new Machine(world);
    const network = { fate: AT_ONCE as Fate };
    const told: string[] = [];
    const stop = new AbortController();
    const client = store.client(machine, () => network.fate);
    const membership = new Membership({
      // A list hangs where its own flag says so.
      client: {
        ...client,
        list: (kind, options) => (lists.hang ? new Promise(() => undefined) : client.list(kind, options)),
      },
      namespace: "operators",
      name: "shards",
      identity,
      timing: TIMING,
      log: pino({ level: "silent" }),
      clock: machine.clock,
      random: () => 0.5,
      onChange: (members) => void told.push(members.join()),
      onLost: () => void told.push("lost"),
    });
    const lists = { hang: false };
    const ended = { yet: false };
    void membership.run(stop.signal).then(() => {
      ended.yet = true;
    });
    return { membership, machine, network, lists, told, stop, ended };
  };
  const holders = () => [...store.leases.values()].map(({ spec }) => spec?.holderIdentity).sort();
  return { world, store, member, holders };
}

describe("members", () => {
  it("know each other within a retry, and have a Lease each that says whose it is", async () => {
    const { world, store, member, holders } = scene();
    const a = member("a");
    expect([a.membership.joined(), a.membership.members()]).toEqual([false, []]);
    await world.pass(1_000);
    expect(a.told).toEqual(["a"]);
    const b = member("b");
    await world.pass(100);
    // It knows all others from its first moment.
    expect(b.told).toEqual(["a,b"]);
    await world.pass(2_100);
    expect(a.told).toEqual(["a", "a,b"]);
    expect(a.membership.members()).toEqual(["a", "b"]);
    expect(holders()).toEqual(["a", "b"]);
    for (const { metadata } of store.leases.values()) {
      expect(metadata.name).toMatch(/^shards-[0-9a-f]{10}$/);
      expect(metadata.labels).toEqual({ [MEMBER_OF]: "shards" });
    }
  });

  it("that come at the same moment do not both think that they are alone", async () => {
    const { world, member } = scene();
    const [a, b] = [member("a"), member("b")];
    await world.pass(100);
    expect([a.told, b.told]).toEqual([["a,b"], ["a,b"]]);
  });

  it("have not joined before they know the others", async () => {
    const { world, member, holders } = scene();
    const a = member("a");
    a.lists.hang = true;
    await world.pass(9_000);
    // Nor have they a Lease, which others would wait for.
    expect(holders()).toEqual([]);
    expect([a.membership.joined(), a.membership.members(), a.told]).toEqual([false, [], []]);
    a.lists.hang = false;
    await world.pass(8_000);
    expect(a.told).toEqual(["a"]);
  });

  it("that leave take their Lease with them, and are missed within a retry", async () => {
    const { world, member, holders } = scene();
    const [a, b] = [member("a"), member("b")];
    await world.pass(3_000);
    b.stop.abort();
    await world.pass(10);
    expect([b.ended.yet, b.membership.members(), holders()]).toEqual([true, [], ["a"]]);
    await world.pass(2_100);
    expect(a.told.at(-1)).toBe("a");
    expect(b.told).not.toContain("lost");
  });

  it("that die are missed after the lease duration, and their Lease is removed after an hour", async () => {
    const { world, member, holders } = scene();
    const [a, b] = [member("a"), member("b")];
    await world.pass(5_000);
    b.machine.stop(Number.POSITIVE_INFINITY);
    await world.pass(12_000);
    expect(a.membership.members()).toEqual(["a", "b"]);
    await world.pass(5_500);
    expect(a.membership.members()).toEqual(["a"]);
    await world.pass(HOUR_MS - 30_000);
    expect(holders()).toEqual(["a", "b"]);
    await world.pass(60_000);
    expect(holders()).toEqual(["a"]);
  });

  it("that cannot renew, or cannot look at the others, are none before the others know it, until they can", async () => {
    for (const harm of ["silence", "lists"] as const) {
      const { world, member } = scene();
      const [a, b] = [member("a"), member("b")];
      await world.pass(5_000);
      if (harm === "silence") b.network.fate = { kind: "lost", thereMs: 1, backMs: 1 };
      else b.lists.hang = true;
      await world.pass(10_001);
      expect([b.membership.joined(), b.membership.members(), b.told.at(-1)]).toEqual([false, [], ""]);
      expect(a.membership.members()).toEqual(["a", "b"]);
      await world.pass(20_000);
      expect(a.membership.members()).toEqual(["a"]);
      b.network.fate = AT_ONCE;
      b.lists.hang = false;
      await world.pass(10_000);
      expect(a.membership.members()).toEqual(["a", "b"]);
      expect(b.told).toEqual(["a,b", "", "a,b"]);
    }
  });

  it("whose Lease is taken, or removed while they cannot renew, are lost", async () => {
    const { world, store, member } = scene();
    const a = member("a");
    await world.pass(1_000);
    for (const lease of store.leases.values())
      store.put({ ...lease, spec: { ...lease.spec, holderIdentity: "thief" } });
    await world.pass(3_000);
    expect([a.membership.members(), a.told.at(-1), a.ended.yet]).toEqual([[], "lost", true]);

    store.leases.clear();
    const b = member("b");
    await world.pass(1_000);
    b.network.fate = { kind: "lost", thereMs: 1, backMs: 1 };
    await world.pass(12_000);
    store.leases.clear();
    b.network.fate = AT_ONCE;
    await world.pass(10_000);
    expect([b.membership.members(), b.told, b.ended.yet]).toEqual([[], ["b", "", "lost"], true]);
  });

  it("that find dead ones take them for living until they have seen for themselves", async () => {
    const { world, member } = scene();
    const old = member("old");
    await world.pass(3_000);
    old.machine.stop(Number.POSITIVE_INFINITY);
    await world.pass(HOUR_MS / 2);
    const a = member("a");
    await world.pass(14_000);
    expect(a.membership.members()).toEqual(["a", "old"]);
    await world.pass(4_000);
    expect(a.membership.members()).toEqual(["a"]);
  });

  it("put back the label that others find them by, and the Lease", async () => {
    const { world, store, member } = scene();
    const [a, b] = [member("a"), member("b")];
    await world.pass(3_000);
    for (const lease of store.leases.values())
      store.put({ ...lease, metadata: { ...lease.metadata, labels: {} } });
    await world.pass(5_000);
    expect([a.membership.members(), b.membership.members()]).toEqual([
      ["a", "b"],
      ["a", "b"],
    ]);
    store.leases.clear();
    await world.pass(5_000);
    expect([a.membership.members(), b.membership.members()]).toEqual([
      ["a", "b"],
      ["a", "b"],
    ]);
  });
});
