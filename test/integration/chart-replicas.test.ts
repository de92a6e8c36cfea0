import { describe, expect, it } from "vitest";
import { type Manifest, only, render, useHelm, type Values } from "../support/chart.ts";

useHelm();

interface Deployment extends Manifest {
  readonly spec: {
    readonly replicas: number;
    readonly strategy: { readonly type: string; readonly rollingUpdate?: object };
    readonly template: {
      readonly spec: {
        readonly topologySpreadConstraints?: readonly object[];
        readonly containers: readonly { readonly args: readonly string[] }[];
      };
    };
  };
}

const deployment = async (...of: Parameters<typeof render>) =>
  only<Deployment>(await render(...of), "Deployment").spec;
const flags = async (...of: Parameters<typeof render>) =>
  (await deployment(...of)).template.spec.containers[0]?.args.slice(1);
const SHARDS = { sharding: { enabled: true } };
const ALONE = { leaderElection: { enabled: false } };

describe("an update", () => {
  const ROLLING = { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } };
  const RECREATE = { type: "Recreate" };

  it.each([
    { values: {}, strategy: RECREATE, what: "ends the only pod before it begins a new one" },
    { values: { replicas: 2 }, strategy: ROLLING, what: "has a new pod stand by before one ends" },
    { values: { replicas: 3, ...SHARDS }, strategy: ROLLING, what: "does so with shards" },
    {
      values: { updateStrategy: "RollingUpdate" },
      strategy: ROLLING,
      what: "does so with one pod if told to",
    },
    {
      values: { replicas: 2, updateStrategy: "Recreate" },
      strategy: RECREATE,
      what: "ends all first if told to",
    },
    { values: ALONE, strategy: RECREATE, what: "never has two where no Lease keeps them from scanning" },
  ])("$what: $values", async ({ values, strategy }) => {
    expect((await deployment(values)).strategy).toEqual(strategy);
  });
});

describe("the operator's flags", () => {
  it("name a Lease of this release alone, whatever others are in its namespace", async () => {
    expect(await flags({}, { release: "a" })).toEqual([
      "--leader-elect-resource-name=a-aws-account-scan-operator",
    ]);
    expect(await flags({ fullnameOverride: "b" }, { release: "a" })).toEqual([
      "--leader-elect-resource-name=b",
    ]);
    expect(await flags(SHARDS, { release: "a" })).toEqual([
      "--leader-elect-resource-name=a-aws-account-scan-operator",
      "--sharding",
    ]);
  });

  it("turn the election off where the value does, and not where there are shards", async () => {
    expect(await flags(ALONE)).toEqual(["--leader-elect=false"]);
    expect(await flags({ ...ALONE, ...SHARDS })).not.toContain("--leader-elect=false");
  });

  it("have the times of the values", async () => {
    const leaderElection = { leaseDuration: "60s", renewDeadline: "40s", retryPeriod: "5s" };
    expect(await flags({ leaderElection })).toEqual(
      expect.arrayContaining([
        "--leader-elect-lease-duration=60s",
        "--leader-elect-renew-deadline=40s",
        "--leader-elect-retry-period=5s",
      ]),
    );
  });
});

describe("several pods", () => {
  const spread = async (values: Values) =>
    (await deployment(values)).template.spec.topologySpreadConstraints as
      | { topologyKey: string; whenUnsatisfiable: string; labelSelector: object }[]
      | undefined;

  it("go to different nodes and zones if they can, and run all the same if they cannot", async () => {
    const constraints = await spread({ replicas: 2 });
    expect(constraints?.map(({ topologyKey }) => topologyKey)).toEqual([
      "kubernetes.io/hostname",
      "topology.kubernetes.io/zone",
    ]);
    for (const { whenUnsatisfiable, labelSelector } of constraints ?? []) {
      expect(whenUnsatisfiable).toBe("ScheduleAnyway");
      expect(labelSelector).toMatchObject({
        matchLabels: { "app.kubernetes.io/instance": "aws-account-scan-operator" },
      });
    }
    expect(await spread({})).toBeUndefined();
  });

  it("go where a value says instead", async () => {
    const own = { maxSkew: 2, topologyKey: "rack", whenUnsatisfiable: "DoNotSchedule" };
    expect(await spread({ replicas: 2, topologySpreadConstraints: [own] })).toMatchObject([own]);
  });

  it("may be none, while somebody mends something", async () => {
    expect((await deployment({ replicas: 0 })).replicas).toBe(0);
  });
});
