/** What tracing costs where it is off, and where it is on: in pairs, against the same code without spans. */
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { DEFAULT_LIMITS } from "../../src/config/defaults.ts";
import { count } from "../../src/config/values.ts";
import { type RunningSimulator, startSimulator } from "../../test/support/aws.ts";
import { bundleInPieces } from "../support/bundle.ts";
import { runEngine } from "../support/engine-process.ts";
import { entryOf, fleetOf, type Shape } from "../support/fleet.ts";
import { describeMachine } from "../support/machine.ts";
import { figure, median, table } from "../support/table.ts";
import { withoutSpans } from "./without-spans.ts";

const values = new Command("bench/tracing")
  .description(
    "What tracing costs, off and on, against the same engine without spans; each run beside its pair.",
  )
  .option("--notebooks <count>", "in one region", count(1, 100_000), 5_000)
  .option("--latency <ms>", "of every answer of the simulated AWS", count(0, 60_000), 30)
  .option("--repeat <n>", "runs of each, of which the median ratio is shown", count(1, 100), 7)
  .allowExcessArguments(false)
  .parse()
  .opts<{ notebooks: number; latency: number; repeat: number }>();

/** What a run took: one cold scan, the start of the process and, traced, the sending of the last spans included. */
interface Run {
  readonly cpuMs: number;
  readonly wallMs: number;
  readonly peakMiB: number;
  readonly calls: number;
}

const VARIANTS = ["without spans", "off", "on"] as const;
type Variant = (typeof VARIANTS)[number];

await main();

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "bench-tracing-"));
  const shape: Shape = {
    notebooks: values.notebooks,
    violating: Math.ceil(values.notebooks / 10),
    domainsPerRegion: 1,
    accounts: 1,
    regions: 1,
  };
  const simulator = await startSimulator({ fleet: fleetOf(shape) });
  const collector = await startCollector();
  try {
    await simulator.client.setSettings({ latencyMs: values.latency });
    const engine = new URL("../engine/main.ts", import.meta.url);
    await bundleInPieces(engine, join(folder, "with"));
    await bundleInPieces(engine, join(folder, "without"), [withoutSpans]);
    const run = (variant: Variant) => runVariant(variant, folder, shape, simulator, collector.url);
    const rounds: Record<Variant, Run>[] = [];
    for (let at = 0; at < values.repeat; at++) {
      process.stderr.write(`round ${at + 1} of ${values.repeat}…\n`);
      // Each comes first as often as last, so that a machine that warms up or slows down favours none.
      const order = at % 2 === 0 ? VARIANTS : VARIANTS.toReversed();
      const runs: Partial<Record<Variant, Run>> = {};
      for (const variant of order) runs[variant] = await run(variant);
      rounds.push(runs as Record<Variant, Run>);
    }
    console.log(`${describeMachine()}; ${values.notebooks} notebooks, ${values.latency} ms an answer\n`);
    console.log(tableOf(rounds));
    console.log(`\n${figure(collector.bytes() / 1_024 / values.repeat)} KiB of spans a traced run.`);
  } finally {
    collector.stop();
    await simulator.stop();
    await rm(folder, { recursive: true });
  }
}

async function runVariant(
  variant: Variant,
  folder: string,
  shape: Shape,
  simulator: RunningSimulator,
  collectorUrl: string,
): Promise<Run> {
  const script = join(folder, variant === "without spans" ? "without" : "with", "main.mjs");
  const job = { ...entryOf(shape, fleetOf(shape)), scans: 1, limits: DEFAULT_LIMITS };
  const variables: Record<string, string> =
    variant === "on" ? { OTEL_EXPORTER_OTLP_ENDPOINT: collectorUrl } : {};
  const { scans, usage } = await runEngine(script, job, simulator, variables);
  const [scan] = scans;
  if (scan?.violations !== shape.violating)
    throw new Error(`${variant}: ${scan?.violations} violations found`);
  const { cpuMs, wallMs, peakMiB } = usage;
  return { cpuMs, wallMs, peakMiB, calls: scan.counters.total };
}

function tableOf(rounds: readonly Record<Variant, Run>[]): string {
  const rows = VARIANTS.map((variant) => {
    const ratio = (key: keyof Run) =>
      figure(median(rounds.map((runs) => runs[variant][key] / runs["without spans"][key])));
    const middle = (of: (run: Run) => number) => figure(median(rounds.map((runs) => of(runs[variant]))));
    return [
      variant,
      ratio("cpuMs"),
      ratio("wallMs"),
      ratio("peakMiB"),
      middle(({ cpuMs, calls }) => cpuMs / calls),
      middle(({ calls }) => calls),
    ];
  });
  return table(["tracing", "CPU ratio", "wall ratio", "memory ratio", "CPU ms / call", "calls"], rows);
}

/** Takes everything, and keeps nothing but its size. */
async function startCollector() {
  let bytes = 0;
  const server = createServer((request, response) => {
    request.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
    });
    request.on("end", () => response.writeHead(200, { "content-type": "application/x-protobuf" }).end());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bytes: () => bytes,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
