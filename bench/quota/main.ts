/** What becomes of verdicts where AWS throttles or denies: the engine and others; see `usage`. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startSimulator } from "../../test/support/aws.ts";
import type { FaultRule } from "../../tools/aws-simulator/faults.ts";
import type { Contender, Ready } from "../contenders/contender.ts";
import { custodian } from "../contenders/custodian.ts";
import { boto3Loop, nodeLoop } from "../contenders/loops.ts";
import { ours } from "../contenders/ours.ts";
import { prowler } from "../contenders/prowler.ts";
import { prepared, runOnce } from "../contenders/run.ts";
import { fleetOf } from "../support/fleet.ts";
import { describeMachine } from "../support/machine.ts";
import { DENIED, describeDenied, listDenied, quotaOf, SHAPE } from "./faults.ts";
import { quotaTable, type RefusedRow, refusedTable } from "./rows.ts";

const usage = `usage: node bench/quota/main.ts [options]

300 notebook instances in one region, 30 of them violating, under quotas, and where describes or lists are denied.

  --latency <ms>     of every answer of the simulated AWS (30)
  --rates <list>     requests a second that each operation is allowed, by comma (20,5); empty: only denials
  --timeout <s>      a contender that takes longer is killed (600)
  --only <text>      contenders whose name has this in it
  --help`;

const { values } = parseArgs({
  options: {
    latency: { type: "string", default: "30" },
    rates: { type: "string", default: "20,5" },
    timeout: { type: "string", default: "600" },
    only: { type: "string", default: "" },
    help: { type: "boolean", default: false },
  },
});

const CONTENDERS: readonly Contender[] = [ours, nodeLoop, boto3Loop(10), prowler, custodian];

if (values.help) console.log(usage);
else await run();

async function run(): Promise<void> {
  const fleet = fleetOf(SHAPE);
  const timeoutMs = 1_000 * Number(values.timeout);
  const folder = await mkdtemp(join(tmpdir(), "bench-quota-"));
  const simulator = await startSimulator({ fleet });
  try {
    await simulator.client.setSettings({ latencyMs: Number(values.latency) });
    const asked = CONTENDERS.filter(({ name }) => name.toLowerCase().includes(values.only.toLowerCase()));
    const field: { name: string; ready: Ready | string }[] = [];
    for (const contender of asked)
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
    for (const rate of values.rates.split(",").filter(Boolean).map(Number))
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
