import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { AwsAccountScan } from "../../src/api/generated/awsaccountscan.ts";
import { remake } from "./harness/change.ts";
import { HOME, OPEN, SCANS } from "./harness/fleet.ts";
import { answered, requestAll } from "./harness/requests.ts";
import { inWorld } from "./harness/world.ts";

/** The least that the CRD allows. */
const BOUNDED = { timeout: "10s" };
const ROUNDS = 5;
const ROUND_MS = 1_000;

const conditionOf = ({ status }: AwsAccountScan, type: string) =>
  status?.conditions?.find((condition) => condition.type === type)?.status;

describe.concurrent("operators whose AWS", { timeout: 300_000 }, () => {
  it("is gone say so and carry what they knew, and find what has changed when it is back", async () => {
    await inWorld({}, async (world) => {
      const { truth, simulator } = world;
      truth.setReadable(false, Date.now());
      await simulator.vanish();
      await requestAll(world);
      for (const scan of await answered(world)) {
        expect([scan.metadata.name, conditionOf(scan, "Complete")]).toEqual([scan.metadata.name, "False"]);
        expect(conditionOf(scan, "Compliant")).not.toBe("True");
      }
      truth.setReadable(true, Date.now());
      await simulator.comeBack();
      await remake(world, { account: OPEN, region: HOME, name: "shut-0" }, "Enabled");
      // Nobody asks: what has failed is tried again.
      await world.converge();
    });
  });

  it("hangs end their scans in time, and go on by themselves when it answers", async () => {
    await inWorld({}, async (world) => {
      const { scans, namespace, truth, simulator } = world;
      for (const [name, spec] of Object.entries(SCANS))
        await scans.create(namespace, `${name}-bounded`, { ...spec, ...BOUNDED });
      await world.converge();
      for (const name of Object.keys(SCANS)) await scans.delete(namespace, name);
      truth.setReadable(false, Date.now());
      simulator.freeze();
      await requestAll(world);
      for (const scan of await answered(world)) {
        expect(scan.status?.lastScan?.outcome).not.toBe("Complete");
        expect(conditionOf(scan, "Compliant")).not.toBe("True");
      }
      truth.setReadable(true, Date.now());
      simulator.thaw();
      await world.converge();
    });
  });

  it("comes and goes every second come to the truth between", async () => {
    await inWorld({}, async (world) => {
      const { simulator, random } = world;
      for (let round = 0; round < ROUNDS; round += 1) {
        await requestAll(world);
        await sleep(ROUND_MS * random());
        const hangs = round % 2 === 0;
        if (hangs) simulator.freeze();
        else await simulator.vanish();
        await sleep(ROUND_MS);
        if (hangs) simulator.thaw();
        else await simulator.comeBack();
        const open = round % 2 === 0 ? "Enabled" : "Disabled";
        await remake(world, { account: OPEN, region: HOME, name: "shut-0" }, open);
      }
    });
  });
});
