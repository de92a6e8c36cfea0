import { randomUUID } from "node:crypto";
import { pino } from "pino";
import { beforeAll, expect, it, onTestFinished } from "vitest";
import { MEMBER_OF } from "../../src/api/names.ts";
import { LEASES, type Lease } from "../../src/election/lease.ts";
import { Membership } from "../../src/election/membership.ts";
import type { KubeClient } from "../../src/kube/client.ts";
import { loadKubeConfig } from "../../src/kube/config.ts";
import { eventually, operatorKubeconfig, useNamespace } from "../support/cluster.ts";
import { adminKubeConfig, clientOf, faultyClient } from "../support/kube-client-harness.ts";

const namespace = useNamespace({ prefix: "membership" });
let kubeconfig: string;
beforeAll(async () => {
  const verbs = ["get", "create", "update", "list", "delete"];
  kubeconfig = await operatorKubeconfig(namespace, [
    { apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs },
  ]);
});

/** Those who want to share something of their own. */
function group() {
  const name = `shards-${randomUUID().slice(0, 8)}`;
  const join = (identity: string, client: KubeClient) => {
    const told: string[] = [];
    const stop = new AbortController();
    const membership = new Membership({
      client,
      namespace,
      name,
      identity,
      // A slow machine must not lose a Lease.
      timing: { leaseDurationMs: 8_000, renewDeadlineMs: 6_000, retryPeriodMs: 200 },
      log: pino({ level: "silent" }),
      onLost: () => void told.push("lost"),
    });
    const run = membership.run(stop.signal);
    onTestFinished(async () => {
      stop.abort();
      await run;
    });
    return { membership, stop, run, told };
  };
  return { name, join };
}

it("three members know each other; one leaves, one is cut off and comes back", async () => {
  const { name, join } = group();
  const client = clientOf(loadKubeConfig({ kubeconfig }));
  const { client: fragile, proxy } = await faultyClient();
  const all = [join("a", client), join("b", client), join("c", fragile)] as const;
  const [a, b, c] = all;
  await eventually(() => {
    for (const { membership } of all) expect(membership.members()).toEqual(["a", "b", "c"]);
  });
  const leases = async () => {
    const options = { namespace, labelSelector: `${MEMBER_OF}=${name}` };
    const { items } = await clientOf(adminKubeConfig()).list<Lease>(LEASES, options);
    return items.map(({ spec }) => spec?.holderIdentity).sort();
  };
  expect(await leases()).toEqual(["a", "b", "c"]);

  b.stop.abort();
  await b.run;
  expect([b.membership.members(), b.told]).toEqual([[], []]);
  expect(await leases()).toEqual(["a", "c"]);
  await eventually(() => expect(a.membership.members()).toEqual(["a", "c"]));

  const goOn = proxy.hang();
  await eventually(() => expect(c.membership.members()).toEqual([]));
  await eventually(() => expect(a.membership.members()).toEqual(["a"]));
  // Its Lease stays: until it is long dead, it may come back.
  expect(await leases()).toEqual(["a", "c"]);
  goOn();
  await eventually(() => {
    for (const { membership } of [a, c]) expect(membership.members()).toEqual(["a", "c"]);
  });
  expect(c.told).toEqual([]);
});
