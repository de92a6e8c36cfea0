/** Cold and warm scans of fleets of several sizes, against what latency and concurrency allow. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command, Option } from "commander";
import { DEFAULT_LIMITS } from "../../src/config/defaults.ts";
import { count } from "../../src/config/values.ts";
import { startSimulator } from "../../test/support/aws.ts";
import { bundle } from "../support/bundle.ts";
import { type CountedScan, runEngine } from "../support/engine-process.ts";
import { entryOf, fleetOf, type Shape } from "../support/fleet.ts";
import { describeMachine } from "../support/machine.ts";
import { figure, median } from "../support/table.ts";
import { memoryRatio, type Row, tableOf } from "./rows.ts";
import { SIZES, selectShapes } from "./shapes.ts";

const values = new Command("bench/scale")
  .description("Cold and warm scans of fleets of several sizes, against what latency and concurrency allow.")
  .option(
    "--full",
    "every combination of 1k, 10k and 100k notebooks, 1 and 17 regions, 1 and 100 accounts",
    false,
  )
  .addOption(
    new Option("--notebooks <count>", "only the rows of this many").choices(
      SIZES.map((size) => String(size)),
    ),
  )
  .option("--latency <ms>", "of every answer of the simulated AWS", count(0, 60_000), 30)
  .option("--repeat <n>", "runs of each row, of which the median is shown", count(1, 100), 1)
  .allowExcessArguments(false)
  .parse()
  .opts<{ full: boolean; notebooks?: string; latency: number; repeat: number }>();

await run();

async function run(): Promise<void> {
  const { latency: latencyMs } = values;
  const folder = await mkdtemp(join(tmpdir(), "bench-scale-"));
  try {
    const script = join(folder, "engine.mjs");
    await bundle(new URL("../engine/main.ts", import.meta.url), script);
    console.log(
      `${describeMachine()}; ${latencyMs} ms an answer; requests at once: ${Object.values(DEFAULT_LIMITS).join(", ")} (process, account, region)\n`,
    );
    const rows: Row[] = [];
    for (const shape of selectShapes(values.full, values.notebooks)) {
      process.stderr.write(
        `${shape.notebooks} notebooks, ${shape.regions} regions, ${shape.accounts} accounts…\n`,
      );
      const runs: (readonly CountedScan[])[] = [];
      for (let at = 0; at < values.repeat; at++) runs.push(await scanTwice(script, shape, latencyMs));
      for (const [index, isWarm] of [false, true].entries()) {
        const scans = runs.flatMap((scansOfRun) => scansOfRun[index] ?? []);
        rows.push({ shape, isWarm, latencyMs, scan: middleOf(scans) });
      }
    }
    console.log(tableOf(rows));
    console.log(`\n${memoryRatio(rows) ?? "Memory ratio: needs rows of 10k and of 100k notebooks."}`);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function scanTwice(script: string, shape: Shape, latencyMs: number) {
  const fleet = fleetOf(shape);
  const simulator = await startSimulator({ fleet });
  try {
    await simulator.client.setSettings({ latencyMs });
    const job = { ...entryOf(shape, fleet), scans: 2, limits: DEFAULT_LIMITS };
    return (await runEngine(script, job, simulator)).scans;
  } finally {
    await simulator.stop();
  }
}

/** The run of median wall time: one that happened, rather than a mixture. */
function middleOf(scans: readonly CountedScan[]): CountedScan {
  const middle = median(scans.map(({ outsideMs }) => outsideMs));
  const found = scans.find(({ outsideMs }) => outsideMs === middle);
  if (found === undefined) throw new Error(`no scan took ${figure(middle)} ms`);
  return found;
}
