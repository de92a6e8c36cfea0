import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const HEAP = new URL("./heap.ts", import.meta.url).href;

/** What a young generation comes to, in MiB, of which much survives: before and after it may grow. */
const CHURN = `
  import { setTimeout as sleep } from "node:timers/promises";
  const { growYoungGeneration, keepHeapSmall, youngBytes } = await import(process.argv[1]);
  keepHeapSmall();
  const kept = [];
  const churn = async () => {
    for (let round = 0; round < 200; round++) {
      await sleep(1);
      for (let at = 0; at < 2_000; at++) kept[(round * 2_000 + at) % 40_000] = { at, pair: [at, at] };
    }
    return youngBytes() / 2 ** 20;
  };
  const small = await churn();
  growYoungGeneration();
  console.log(JSON.stringify([small, await churn(), await churn()]));
`;

it("a young generation grows where it may, and no further than it should", async () => {
  const args = ["--input-type=module", "--eval", CHURN, HEAP];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const [small, grown, later] = JSON.parse(stdout) as number[];
  expect(small).toBeLessThanOrEqual(1);
  expect(grown).toBeGreaterThan(2);
  expect(grown).toBeLessThanOrEqual(4);
  expect(later).toBe(grown);
});
