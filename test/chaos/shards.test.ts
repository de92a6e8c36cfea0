import { expect, it } from "vitest";
import type { AwsAccountScan } from "../../src/api/generated/awsaccountscan.ts";
import { ownerOf } from "../../src/election/ring.ts";
import { eventually } from "../support/cluster.ts";
import type { SupervisedOperator } from "../support/kubelet.ts";
import { SCANS } from "./harness/fleet.ts";
import { FAST_LEASES } from "./harness/leaders.ts";
import { requestAll } from "./harness/requests.ts";
import { inWorld, type World } from "./harness/world.ts";

const CROWD = 40;

/** Of the life that runs, as its log says it. */
function identityOf(operator: SupervisedOperator): string {
  const line = operator.lines().findLast((each) => each.includes('"identity":"'));
  const identity = /"identity":"([^"]+)"/.exec(line ?? "")?.[1];
  if (identity === undefined) throw new Error("it has not said who it is");
  return identity;
}

/** Resolves to who has each scan, by UID, once each is the one's to whom it falls among those that run, and none runs. */
async function settledShares({ scans, namespace, operators }: World): Promise<ReadonlyMap<string, string>> {
  return await eventually(
    async () => {
      const members = operators.filter((operator) => !operator.stopped).map(identityOf);
      const all = await scans.list(namespace);
      const strays = all.filter(
        ({ metadata: { uid }, status }) =>
          status?.owner?.identity !== ownerOf(members, uid) || status?.currentScan !== undefined,
      );
      expect(strays.map(({ metadata }) => metadata.name)).toEqual([]);
      return new Map(all.map((scan) => [scan.metadata.uid, holderOf(scan)]));
    },
    { describe: "each scan has the owner to whom it falls", timeoutMs: 120_000 },
  );
}

const holderOf = ({ status }: AwsAccountScan) => status?.owner?.identity ?? "nobody";

it("replicas that share scans lose none while one is killed, one comes and one goes", {
  timeout: 300_000,
}, async () => {
  await inWorld({ operators: 3, sharding: true, args: FAST_LEASES }, async (world) => {
    const { scans, namespace, aws, operators } = world;
    const specs = Object.values(SCANS);
    for (let at = 0; at < CROWD; at += 1)
      await scans.create(namespace, `crowd-${at}`, specs[at % specs.length] ?? SCANS.mixed);
    await world.converge();
    await aws.setSettings({ latencyMs: 40 });

    await requestAll(world);
    operators[1]?.kill("SIGKILL");
    await eventually(() => expect(operators[1]?.restarts).toBe(1));
    await operators[1]?.ready();
    await requestAll(world);
    const three = await settledShares(world);

    await requestAll(world);
    const fourth = await world.join();
    const four = await settledShares(world);
    const gained = [...four].filter(([uid, holder]) => three.get(uid) !== holder);
    expect(gained.length).toBeGreaterThan(0);
    expect(new Set(gained.map(([, holder]) => holder))).toEqual(new Set([identityOf(fourth)]));

    await requestAll(world);
    const leaving = identityOf(world.operator);
    expect(await world.operator.stop("SIGTERM")).toBe(0);
    const left = await settledShares(world);
    for (const [uid, holder] of four) if (holder !== leaving) expect(left.get(uid)).toBe(holder);
    await aws.setSettings({ latencyMs: 0 });
  });
});
