/** What becomes of verdicts where AWS throttles or denies: the engine and others. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { count } from "../../src/config/values.ts";
import { startSimulator } from "../../test/support/aws.ts";
import type { FaultRule } from "../../tools/aws-simulator/faults.ts";
import { type Contender, namedLike, type Ready } from "../contenders/contender.ts";
import { custodian } from "../contenders/custodian.ts";
import { boto3Loop, nodeLoop } from "../contenders/loops.ts";
import { ours } from "../contenders/ours.ts";
import { prowler } from "../contenders/prowler.ts";
import { prepared, runOnce } from "../contenders/run.ts";
import { fleetOf } from "../support/fleet.ts";
import { describeMachine } from "../support/machine.ts";
import { DENIED, describeDenied, listDenied, quotaOf, SHAPE } from "./faults.ts";
import { quotaTable, type RefusedRow, refusedTable } from "./rows.ts";

const CONTENDERS: readonly Contender[] = [ours, nodeLoop, boto3Loop(10), prowler, custodian];

const values = new Command("bench/quota")
  .description(
    "300 notebook instances in one region, 30 of them violating, under quotas, and where describes or lists are denied.",
  )
  .option("--latency <ms>", "of every answer of the simulated AWS", count(0, 60_000), 30)
  .option(
    "--rates <list>",
    "requests a second that each operation is allowed, by comma; empty: denials alone",
    rates,
    [20, 5],
  )
  .option("--timeout <s>", "a contender that takes longer is killed", count(1, 86_400), 600)
  .option("--only <text>", "contenders whose name has this in it", namedLike(CONTENDERS))
  .allowExcessArguments(false)
  .parse()
  .opts<{ latency: number; rates: readonly number[]; timeout: number; only?: readonly Contender[] }>();

await run();

function rates(text: string): number[] {
  return text.split(",").filter(Boolean).map(count(1, 10_000));
}

async function run(): Promise<void> {
  const fleet = fleetOf(SHAPE);
  const timeoutMs = 1_000 * values.timeout;
  const folder = await mkdtemp(join(tmpdir(), "bench-quota-"));
  const simulator = await startSimulator({ fleet });
  try {
    await simulator.client.setSettings({ latencyMs: values.latency });
    const field: { name: string; ready: Ready | string }[] = [];
    for (const contender of values.only ?? CONTENDERS)
      field.push({ name: contender.name, ready: await prepared(contender, folder) });
    const runUnder = async (what: string, faults: readonly FaultRule[]): Promise<RefusedRow[]> => {
      const rows: RefusedRow[] = [];
      for (const { name, ready } of field) {
        process.stderr.write(`${what}: ${name}…\n`);
        await simulator.client.setFaults(...faults);
        const result = typeof ready === "string" ? ready : await runOnce(ready, simulator, timeoutMs);
        rows.push({ name, what, result });
      }
      return rows;
    };
    console.log(`${describeMachine()}; ${values.latency} ms an answer\n`);
    for (const rate of values.rates)
      console.log(`${quotaTable(await runUnder(`${rate}/s`, quotaOf(rate)), rate)}\n`);
    console.log(
      refusedTable([
        ...(await runUnder(`describe denied for ${DENIED}`, describeDenied(fleet))),
        ...(await runUnder("list denied", listDenied)),
      ]),
    );
  } finally {
    await simulator.stop();
    await rm(folder, { recursive: true });
  }
}
