/** The engine beside what others use for the same question, on one simulator. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { count } from "../../src/config/values.ts";
import { startSimulator } from "../../test/support/aws.ts";
import { awsCli } from "../contenders/aws-cli.ts";
import { type Contender, namedLike, type Ready } from "../contenders/contender.ts";
import { custodian } from "../contenders/custodian.ts";
import { boto3Loop, bundledNodeLoop, nodeLoop } from "../contenders/loops.ts";
import { ours } from "../contenders/ours.ts";
import { prowler } from "../contenders/prowler.ts";
import { prepared, type Result, runOnce } from "../contenders/run.ts";
import { fleetOf, type Shape } from "../support/fleet.ts";
import { describeMachine } from "../support/machine.ts";
import { type PeerRow, peersTable } from "./rows.ts";

const SHAPE: Shape = { notebooks: 1_000, violating: 100, domainsPerRegion: 0, accounts: 1, regions: 1 };
const SMALL: Shape = { ...SHAPE, notebooks: 100, violating: 10 };
const TIMEOUT_MS = 300_000;
const CONTENDERS: readonly Contender[] = [
  ours,
  bundledNodeLoop,
  nodeLoop,
  boto3Loop(50),
  boto3Loop(10),
  boto3Loop(1),
  prowler,
  custodian,
  awsCli,
];

const values = new Command("bench/peers")
  .description(
    "1,000 notebook instances in one region, 100 of them violating; the AWS CLI has 100 and 10, and one run.",
  )
  .option("--latency <ms>", "of every answer of the simulated AWS", count(0, 60_000), 30)
  .option("--repeat <n>", "runs of each, in turn, of which the median is shown", count(1, 100), 3)
  .option("--only <text>", "ours, and contenders whose name has this in it", namedLike(CONTENDERS))
  .allowExcessArguments(false)
  .parse()
  .opts<{ latency: number; repeat: number; only?: readonly Contender[] }>();

await run();

async function run(): Promise<void> {
  const { latency: latencyMs, repeat, only = CONTENDERS } = values;
  const folder = await mkdtemp(join(tmpdir(), "bench-peers-"));
  const simulator = await startSimulator({ fleet: fleetOf(SHAPE) });
  try {
    await simulator.client.setSettings({ latencyMs });
    const field: { contender: Contender; ready: Ready | string; results: (Result | string)[] }[] = [];
    for (const contender of CONTENDERS.filter((one) => one === ours || only.includes(one)))
      field.push({ contender, ready: await prepared(contender, folder), results: [] });
    for (let round = 1; round <= repeat; round++) {
      for (const { contender, ready, results } of field) {
        if (typeof ready === "string" || (contender === awsCli && round > 1)) continue;
        process.stderr.write(`round ${round}: ${contender.name}…\n`);
        await simulator.client.setFleet(fleetOf(shapeFor(contender)));
        results.push(await runOnce(ready, simulator, TIMEOUT_MS));
      }
    }
    const rows = field.map(({ contender, ready, results }): PeerRow => {
      const name = contender === awsCli ? `${contender.name}, ${SMALL.notebooks} instances` : contender.name;
      return { name, shape: shapeFor(contender), problem: typeof ready === "string" ? ready : "", results };
    });
    console.log(`${describeMachine()}; ${latencyMs} ms an answer, ${repeat} runs each\n`);
    console.log(peersTable(rows));
  } finally {
    await simulator.stop();
    await rm(folder, { recursive: true });
  }
}

function shapeFor(contender: Contender): Shape {
  return contender === awsCli ? SMALL : SHAPE;
}
