/** The engine beside what others use for the same question, on one simulator; see `usage`. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startSimulator } from "../../test/support/aws.ts";
import { awsCli } from "../contenders/aws-cli.ts";
import type { Contender, Ready } from "../contenders/contender.ts";
import { custodian } from "../contenders/custodian.ts";
import { boto3Loop, bundledNodeLoop, nodeLoop } from "../contenders/loops.ts";
import { ours } from "../contenders/ours.ts";
import { prowler } from "../contenders/prowler.ts";
import { prepared, type Result, runOnce } from "../contenders/run.ts";
import { fleetOf, type Shape } from "../support/fleet.ts";
import { describeMachine } from "../support/machine.ts";
import { type PeerRow, peersTable } from "./rows.ts";

const usage = `usage: node bench/peers/main.ts [options]

1,000 notebook instances in one region, 100 of them violating; the AWS CLI has 100 and 10, and one run.

  --latency <ms>   of every answer of the simulated AWS (30)
  --repeat <n>     runs of each, in turn, of which the median is shown (3)
  --only <text>    ours, and contenders whose name has this in it
  --help`;

const { values } = parseArgs({
  options: {
    latency: { type: "string", default: "30" },
    repeat: { type: "string", default: "3" },
    only: { type: "string", default: "" },
    help: { type: "boolean", default: false },
  },
});

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

if (values.help) console.log(usage);
else await run();

async function run(): Promise<void> {
  const latencyMs = Number(values.latency);
  const folder = await mkdtemp(join(tmpdir(), "bench-peers-"));
  const simulator = await startSimulator({ fleet: fleetOf(SHAPE) });
  try {
    await simulator.client.setSettings({ latencyMs });
    const field: { contender: Contender; ready: Ready | string; results: (Result | string)[] }[] = [];
    for (const contender of CONTENDERS.filter(isAsked))
      field.push({ contender, ready: await prepared(contender, folder), results: [] });
    for (let round = 1; round <= Number(values.repeat); round++) {
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
    console.log(`${describeMachine()}; ${latencyMs} ms an answer, ${values.repeat} runs each\n`);
    console.log(peersTable(rows));
  } finally {
    await simulator.stop();
    await rm(folder, { recursive: true });
  }
}

function isAsked(contender: Contender): boolean {
  return contender === ours || contender.name.toLowerCase().includes(values.only.toLowerCase());
}

function shapeFor(contender: Contender): Shape {
  return contender === awsCli ? SMALL : SHAPE;
}
