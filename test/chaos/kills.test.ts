import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { eventually } from "../support/cluster.ts";
import { stir } from "./harness/change.ts";
import { endOf, FAST_LEASES, roles, untilLeads } from "./harness/leaders.ts";
import { anyMoment, Moments } from "./harness/moments.ts";
import { requestAll } from "./harness/requests.ts";
import { inWorld, type World } from "./harness/world.ts";

/** In each of two worlds. */
const KILLS = 10;
const LEADER_KILLS = 5;
/** Until which a moment that was chosen should come. */
const LIMIT_MS = 1_500;
/** Of kills, how many are at any time, be it while the process still starts, and not at a moment that was chosen. */
const BLIND = 0.4;
const SLOW_WRITE_MS = 120;
const SLOW_AWS = { latencyMs: 30 };

/** Has something to be found, and to be done. */
async function stirAndAsk(world: World, round: number): Promise<void> {
  await stir(world, round);
  await requestAll(world);
}

describe.concurrent("an operator that is killed", { timeout: 300_000 }, () => {
  it.each([
    { how: "alone", args: ["--leader-elect=false"] },
    { how: "elected", args: FAST_LEASES },
  ])("$how again and again, at any time, goes on where it was", async ({ args }) => {
    await inWorld({ args }, async (world) => {
      const { operator, aws, random } = world;
      const moments = new Moments(world, SLOW_WRITE_MS);
      await aws.setSettings(SLOW_AWS);
      for (let kill = 0; kill < KILLS; kill += 1) {
        const blind = random() < BLIND;
        if (!blind) await untilLeads(operator);
        await stirAndAsk(world, kill);
        if (blind) await sleep(LIMIT_MS * random());
        else await moments.next(anyMoment(random), LIMIT_MS);
        operator.kill("SIGKILL");
        await eventually(() => expect(operator.restarts).toBe(kill + 1), { timeoutMs: 60_000 });
      }
      await aws.setSettings({ latencyMs: 0 });
      expect(operator.ends.map(({ code }) => code)).toEqual(Array(KILLS).fill(null));
    });
  });

  it("as whoever leads of two is followed by one of them", async () => {
    await inWorld({ operators: 2, args: FAST_LEASES }, async (world) => {
      const { aws, random } = world;
      const moments = new Moments(world, SLOW_WRITE_MS);
      await aws.setSettings(SLOW_AWS);
      for (let kill = 0; kill < LEADER_KILLS; kill += 1) {
        const { leader } = await roles(world);
        const { pid } = leader;
        await stirAndAsk(world, kill);
        await moments.next(anyMoment(random), LIMIT_MS);
        leader.kill("SIGKILL");
        // The other leads next, or the same in its next life.
        expect(await endOf(leader, pid)).toBeNull();
      }
      await aws.setSettings({ latencyMs: 0 });
    });
  });
});
