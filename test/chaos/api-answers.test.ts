import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { Harm, RequestClass } from "../support/fault-proxy.ts";
import { stir } from "./harness/change.ts";
import { inWorld, SCENARIO_MS, type World } from "./harness/world.ts";

/** How many times every scan is asked for in the middle of it. */
const ROUNDS = 3;
const ROUND_MS = 1_500;
/** Of requests, how many are harmed. */
const SHARE = 0.4;

const BUSY = { status: 429, body: "busy" };
const REFUSALS: readonly Harm[] = [
  { answer: { ...BUSY, headers: { "retry-after": "1" } } },
  { answer: BUSY },
  { answer: { status: 500, body: '{"kind":"Status","reason":"InternalError","code":500}' } },
  { answer: { status: 503, body: "<html>no healthy upstream</html>" } },
];

/** Watches and lists wait for as long as they are asked, up to two minutes; of other requests each attempt is on its own. */
const TOMORROW: Harm = { answer: { ...BUSY, headers: { "retry-after": "86400" } } };

/** Asks for scans while requests are harmed by chance, each in one of these ways. */
async function harmed(world: World, ways: (kind: RequestClass) => readonly Harm[]): Promise<void> {
  const { proxy, random, scans, namespace } = world;
  let harms = 0;
  const heal = proxy.harm((kind) => {
    const chosen = ways(kind);
    if (random() >= SHARE) return undefined;
    harms += 1;
    const harm = chosen[Math.floor(random() * chosen.length)];
    return kind === "watch" && harm?.breaks !== undefined ? undefined : harm;
  });
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const { metadata } of await scans.list(namespace)) await scans.request(namespace, metadata.name);
    await stir(world, round);
    await sleep(ROUND_MS);
    // The next ones may be refused as well.
    proxy.cutWatches();
  }
  heal();
  expect(harms).toBeGreaterThan(ROUNDS);
}

describe.concurrent("operators whose API server", { timeout: SCENARIO_MS }, () => {
  it("refuses for now or for a defect go on by themselves", async () => {
    await inWorld({}, (world) =>
      harmed(world, (kind) => (kind === "other" ? [...REFUSALS, TOMORROW] : REFUSALS)),
    );
  });

  it("answers late, by half or not at all go on by themselves, whatever it has done", async () => {
    await inWorld({}, (world) =>
      harmed(world, () => [
        { breaks: "half-way" },
        { breaks: "before-answer" },
        { after: sleep(700 * world.random()) },
      ]),
    );
  });

  it("cuts watches every second miss nothing", async () => {
    await inWorld({}, async ({ proxy, scans, namespace, observer }) => {
      const cut = setInterval(() => proxy.cutWatches(), 1_000);
      try {
        for (let round = 0; round < ROUNDS; round += 1) {
          await sleep(ROUND_MS);
          for (const { metadata } of await scans.list(namespace))
            await scans.request(namespace, metadata.name);
        }
        await sleep(ROUND_MS);
      } finally {
        clearInterval(cut);
      }
      expect(observer.broken).toEqual([]);
    });
  });
});
