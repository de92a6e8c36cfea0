import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import type { AwsAccountScan } from "../../src/api/generated/awsaccountscan.ts";
import { eventually } from "../support/cluster.ts";
import { endOf, FAST_LEASES, roles, untilLeads } from "./harness/leaders.ts";
import { isWrite } from "./harness/moments.ts";
import { requestAll } from "./harness/requests.ts";
import { inWorld, type World } from "./harness/world.ts";

const PAIR = { operators: 2, args: FAST_LEASES };
const DEFECTS = pathToFileURL(join(import.meta.dirname, "../support/operator-defects.ts")).href;

/** Resolves when `accept` holds of the scan. */
async function untilScan(
  { scans, namespace }: World,
  name: string,
  describe: string,
  accept: (scan: AwsAccountScan | undefined) => boolean,
): Promise<void> {
  await eventually(
    async () => {
      const scan = await scans.get(namespace, name);
      if (!accept(scan)) throw new Error(JSON.stringify(scan?.status?.owner));
    },
    { describe: `${name}: ${describe}`, timeoutMs: 60_000 },
  );
}

/** What a leader writes, and the network delivers when another has taken its place. */
const LATE = [
  { what: "status", scan: "violating" },
  { what: "record", scan: "mixed" },
] as const;

describe.concurrent("a leader", { timeout: 300_000 }, () => {
  it("that was stopped past its Lease cannot write what is on its way, and ends when it wakes up", async () => {
    await inWorld(PAIR, async (world) => {
      const { leader, way, standby } = await roles(world);
      const { pid } = leader;
      const delivery = Promise.withResolvers<void>();
      const held = new Map<string, number | undefined>();
      way.harm((kind, url) => {
        const late = LATE.find(({ what, scan }) => isWrite(what, kind, url) && isOf(url, scan));
        if (late === undefined || held.has(late.what)) return undefined;
        held.set(late.what, undefined);
        return { after: delivery.promise, answered: (status) => held.set(late.what, status) };
      });
      await requestAll(world);
      await eventually(() => expect([...held.keys()].sort()).toEqual(["record", "status"]), {
        describe: "both writes are on their way",
      });
      leader.kill("SIGSTOP");
      await untilLeads(standby);
      for (const { scan } of LATE)
        await untilScan(world, scan, "its successor has it", ({ status } = {} as AwsAccountScan) => {
          const handled = status?.lastHandledReconcileAt;
          return status?.owner?.epoch === 2 && handled === world.scans.requested.get(keyOf(world, scan));
        });
      delivery.resolve();
      await eventually(() => expect([...held.values()]).toEqual([409, 409]), {
        describe: "the API server refuses both",
      });
      leader.kill("SIGCONT");
      expect(await endOf(leader, pid)).toBe(1);
    });
  });

  it("that alone cannot reach the API server stops, is followed, and ends when it can again", async () => {
    await inWorld(PAIR, async (world) => {
      const { leader, way, standby } = await roles(world);
      const { pid } = leader;
      await requestAll(world);
      const heal = way.hang();
      await untilLeads(leader, false);
      expect(await leader.scrape(undefined, { scan: "violating" })).toEqual([]);
      await untilLeads(standby);
      await world.converge({ anew: true });
      expect(leader.pid).toBe(pid);
      heal();
      expect(await endOf(leader, pid)).toBe(1);
    });
  });

  it("whose event loop is blocked past its Lease is followed, and ends when it goes on", async () => {
    const folder = await mkdtemp(join(tmpdir(), "blocked-"));
    const unblock = join(folder, "unblock");
    const env = { NODE_OPTIONS: `--import=${DEFECTS}`, UNBLOCK_FILE: unblock };
    try {
      await inWorld({ ...PAIR, env }, async (world) => {
        const { leader, standby } = await roles(world);
        const { pid } = leader;
        await requestAll(world);
        leader.kill("SIGUSR2");
        await untilLeads(standby);
        await world.converge({ anew: true });
        await writeFile(unblock, "");
        expect(await endOf(leader, pid)).toBe(1);
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

function keyOf({ namespace }: World, scan: string): string {
  return `${namespace}/${scan}`;
}

/** Names of records begin with that of their scan. */
function isOf({ pathname }: URL, scan: string): boolean {
  return pathname.includes(`/${scan}`);
}
