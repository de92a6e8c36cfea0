import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { SCAN } from "../../src/api/names.ts";
import { eventually, kubectl, ownControlPlane } from "../support/cluster.ts";
import { applyCrds } from "../support/cluster-crds.ts";
import { remake } from "./harness/change.ts";
import { HOME, OPEN, SCANS } from "./harness/fleet.ts";
import { inWorld, SCENARIO_MS, type World } from "./harness/world.ts";

/** How often the API server is killed. */
const KILLS = 2;
const MOST_DOWN_MS = 1_500;

const cluster = ownControlPlane();

async function requestAll({ scans, namespace }: World): Promise<void> {
  for (const name of Object.keys(SCANS)) await scans.request(namespace, name);
}

describe("operators", { timeout: SCENARIO_MS }, () => {
  it("whose API server is killed at any time go on where they were", async () => {
    await inWorld({ cluster: cluster() }, async (world) => {
      const { aws, random } = world;
      await aws.setSettings({ latencyMs: 40 });
      for (let kill = 0; kill < KILLS; kill += 1) {
        await requestAll(world);
        await sleep(800 * random());
        await cluster().stopApiServer("SIGKILL");
        // What AWS becomes meanwhile is to be found afterwards.
        const open = kill % 2 === 0 ? "Enabled" : "Disabled";
        await remake(world, { account: OPEN, region: HOME, name: "shut-0" }, open);
        await sleep(MOST_DOWN_MS * random());
        await cluster().startApiServer();
      }
      await aws.setSettings({ latencyMs: 0 });
    });
  });

  it("whose position in watches and lists is compacted away begin anew", async () => {
    await inWorld({ cluster: cluster() }, async (world) => {
      const { admin, namespace, proxy, operator, scans } = world;
      // An API server that starts knows no events from before: positions that etcd has forgotten are gone for good.
      const forget = async () => {
        await admin.mergePatch(
          SCAN,
          { namespace, name: "mixed" },
          { metadata: { annotations: { "example.com/moved": `${Date.now()}` } } },
        );
        await cluster().compact();
        await cluster().restartApiServer({ kill: "SIGKILL" });
      };
      proxy.silenceWatches();
      await requestAll(world);
      let forgotten: Promise<void> | undefined;
      proxy.harm((kind, url) => {
        if (kind !== "list" || !url.pathname.endsWith("/awsaccountscans")) return undefined;
        url.searchParams.set("limit", "2");
        if (!url.searchParams.has("continue")) return undefined;
        forgotten ??= forget();
        return { after: forgotten };
      });
      await forget();
      await scans.create(namespace, "unheard-of", SCANS.violating);
      await eventually(() => expect(forgotten).toBeDefined(), { timeoutMs: 240_000 });
      await forgotten;
      await world.converge();
      const gone = operator.lines().filter((line) => /"status":410/.test(line));
      expect(gone.filter((line) => line.includes("list"))).not.toEqual([]);
      expect(gone.filter((line) => line.includes("watch"))).not.toEqual([]);
    });
  });

  it("whose CRDs are deleted forget all, and scan what is created after they are back", async () => {
    await inWorld({ cluster: cluster() }, async (world) => {
      const { aws, operator, scans, namespace } = world;
      await aws.setSettings({ latencyMs: 60 });
      await requestAll(world);
      const kubeconfig = cluster().adminKubeconfigPath;
      await kubectl(["delete", "--filename=deploy/crds", "--wait"], { kubeconfig });
      await eventually(
        async () => {
          const samples = await operator.scrape();
          expect(samples.filter(({ labels }) => labels["scan"] !== undefined)).toEqual([]);
        },
        { describe: "no series of a scan is left", timeoutMs: 240_000 },
      );
      await applyCrds(cluster());
      await aws.setSettings({ latencyMs: 0 });
      for (const [name, spec] of Object.entries(SCANS)) await scans.create(namespace, name, spec);
    });
  });
});
