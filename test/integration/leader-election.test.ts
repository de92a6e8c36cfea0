import { randomUUID } from "node:crypto";
import { pino } from "pino";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { LeaderElector } from "../../src/election/leader-elector.ts";
import { LEASES, type Lease } from "../../src/election/lease.ts";
import { LeaseLock } from "../../src/election/lease-lock.ts";
import { isConflict, type KubeClient } from "../../src/kube/client.ts";
import { loadKubeConfig } from "../../src/kube/config.ts";
import { eventually, operatorKubeconfig, useNamespace } from "../support/cluster.ts";
import { adminKubeConfig, clientOf, failureOf, faultyClient } from "../support/kube-client-harness.ts";

/** As by default, but for quick retries: a slow machine must not lose a Lease. */
const TIMING = { leaseDurationMs: 15_000, renewDeadlineMs: 10_000, retryPeriodMs: 200 };
/** For those who should. */
const SHORT = { leaseDurationMs: 3_000, renewDeadlineMs: 2_000, retryPeriodMs: 200 };
const namespace = useNamespace({ prefix: "election" });

/** A Lease of its own, and those who want it. */
function election(timing = TIMING) {
  const name = `lock-${randomUUID().slice(0, 8)}`;
  const admin = clientOf(adminKubeConfig());
  const at = { namespace, name };
  const candidate = (identity: string, client: KubeClient = admin) => {
    const told: string[] = [];
    const logged: { level: number; hint?: string }[] = [];
    const stop = new AbortController();
    const elector = new LeaderElector({
      lease: new LeaseLock({ client, namespace, name, identity }),
      timing,
      log: pino({ level: "debug" }, { write: (line: string) => void logged.push(JSON.parse(line)) }),
      onStartedLeading: () => void told.push("started"),
      onSuspended: () => void told.push("suspended"),
      onResumed: () => void told.push("resumed"),
      onStoppedLeading: () => void told.push("stopped"),
      onNewLeader: (leader) => void told.push(leader),
    });
    const run = elector.run(stop.signal);
    onTestFinished(async () => {
      stop.abort();
      await run;
    });
    return { elector, stop, run, told, logged };
  };
  const read = async () => {
    const lease = await admin.get<Lease>(LEASES, at);
    if (lease === undefined) throw new Error("there is no Lease");
    return lease;
  };
  const leads = ({ elector }: ReturnType<typeof candidate>) =>
    eventually(() => expect(elector.isLeader()).toBe(true), { describe: "it leads" });
  return { admin, at, candidate, read, leads };
}

describe("two candidates", () => {
  it("have one leader; when it lets go, the other leads", async () => {
    const { candidate, leads, read } = election();
    const first = candidate("first");
    await leads(first);
    const second = candidate("second");
    await eventually(() => expect(second.told).toEqual(["first"]));
    expect(second.elector.isLeader()).toBe(false);
    const { spec } = await read();
    expect(spec).toMatchObject({ holderIdentity: "first", leaseDurationSeconds: 15, leaseTransitions: 0 });
    expect(spec?.renewTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);

    first.stop.abort();
    await first.run;
    expect(first.told).toEqual(["first", "started", "stopped"]);
    await leads(second);
    expect((await read()).spec).toMatchObject({ holderIdentity: "second", leaseTransitions: 1 });
  });

  it("have another leader when the API server answers the first no more, who knows it by then", async () => {
    const { candidate, leads, read } = election(SHORT);
    const { client, proxy } = await faultyClient();
    const first = candidate("first", client);
    await leads(first);
    const second = candidate("second");
    const answerAgain = proxy.hang();
    await eventually(() => expect(first.told).toEqual(["first", "started", "suspended"]));
    await leads(second);
    expect((await read()).spec).toMatchObject({ holderIdentity: "second", leaseTransitions: 1 });
    answerAgain();
    await first.run;
    expect(first.told.slice(3)).toEqual(["second", "stopped"]);
  });

  it("keep the leader who could not renew when nobody has come in between", async () => {
    const { candidate, leads, read } = election(SHORT);
    const { client, proxy } = await faultyClient();
    const first = candidate("first", client);
    await leads(first);
    const answerAgain = proxy.hang();
    await eventually(() => expect(first.told.at(-1)).toBe("suspended"));
    answerAgain();
    await leads(first);
    expect(first.told).toEqual(["first", "started", "suspended", "resumed"]);
    expect((await read()).spec).toMatchObject({ holderIdentity: "first", leaseTransitions: 0 });
  });

  it("keep the leader when somebody deletes the Lease", async () => {
    const { admin, at, candidate, leads, read } = election();
    const first = candidate("first");
    await leads(first);
    const second = candidate("second");
    await eventually(() => expect(second.elector.leader).toBe("first"));
    const { uid } = (await read()).metadata;
    await admin.delete(LEASES, at);
    const anew = await eventually(read);
    expect(anew.metadata.uid).not.toBe(uid);
    expect(anew.spec?.holderIdentity).toBe("first");
    expect([first.elector.isLeader(), second.elector.isLeader()]).toEqual([true, false]);
  });
});

describe("a leader", () => {
  it("keeps what others write into the Lease, whose resourceVersion it did not know", async () => {
    const { admin, at, candidate, leads, read } = election();
    const first = candidate("first");
    await leads(first);
    await admin.mergePatch(LEASES, at, {
      metadata: { labels: { team: "x" }, annotations: { note: "y" } },
    });
    const before = (await read()).spec?.renewTime;
    await eventually(async () => expect((await read()).spec?.renewTime).not.toBe(before));
    expect((await read()).metadata).toMatchObject({ labels: { team: "x" }, annotations: { note: "y" } });
    expect(first.elector.stats()).toMatchObject({ leading: true, renewalFailures: 0 });
  });

  it("ends when another takes the Lease, and leaves it to him", async () => {
    const { admin, at, candidate, leads, read } = election();
    const first = candidate("first");
    await leads(first);
    await admin.mergePatch(LEASES, at, { spec: { holderIdentity: "thief" } });
    await first.run;
    expect(first.told).toEqual(["first", "started", "thief", "stopped"]);
    expect((await read()).spec?.holderIdentity).toBe("thief");
  });

  it("does not get a Lease that was written since it was read", async () => {
    const { admin, at, candidate, leads, read } = election();
    const first = candidate("first");
    await leads(first);
    first.stop.abort();
    await first.run;
    const lease = await read();
    const taken = (holderIdentity: string) => ({ ...lease, spec: { ...lease.spec, holderIdentity } });
    await admin.update(LEASES, at, taken("fast"));
    expect(isConflict(await failureOf(admin.update(LEASES, at, taken("slow"))))).toBe(true);
    expect((await read()).spec?.holderIdentity).toBe("fast");
  });
});

describe("permissions", () => {
  const leases = { apiGroups: ["coordination.k8s.io"], resources: ["leases"] };
  const granted = (name: string, verbs: readonly string[]) =>
    operatorKubeconfig(namespace, verbs.length === 0 ? [] : [{ ...leases, verbs }], { name });
  let elector: string;
  let nobody: string;
  beforeAll(async () => {
    elector = await granted("elector", ["get", "create", "update"]);
    nobody = await granted("nobody", []);
  });

  it("to get, create and update Leases are enough", async () => {
    const { candidate, leads, read } = election();
    const first = candidate("first", clientOf(loadKubeConfig({ kubeconfig: elector })));
    await leads(first);
    first.stop.abort();
    await first.run;
    expect((await read()).spec?.holderIdentity).toBe("");
  });

  it("that are missing are told, once, with where to look", async () => {
    const { candidate } = election();
    const first = candidate("first", clientOf(loadKubeConfig({ kubeconfig: nobody })));
    const failures = () => first.logged.filter(({ hint }) => hint?.includes("deploy/rbac.yaml"));
    await eventually(() => expect(failures().length).toBeGreaterThan(2));
    expect(failures().filter(({ level }) => level >= 40)).toHaveLength(1);
    expect(first.elector.leader).toBeUndefined();
  });
});
