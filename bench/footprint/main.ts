/** What the bundled operator takes: to start, while it waits, and of the CPU for a scan. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import type { Profiler } from "node:inspector/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { Command } from "commander";
import { count } from "../../src/config/values.ts";
import { eventually } from "../../test/support/cluster-eventually.ts";
import { type OperatorProcess, startOperator } from "../../test/support/operator.ts";
import { buildBundle } from "../../tools/build/bundle.ts";
import { bundle } from "../support/bundle.ts";
import { describeMachine } from "../support/machine.ts";
import { figure, median, table } from "../support/table.ts";
import { attribute, PARTS } from "./attribute.ts";
import type { CallsJob } from "./calls.ts";
import { sampleProcess } from "./process.ts";
import { startWorld, type World } from "./world.ts";

const values = new Command("bench/footprint")
  .description(
    "Start, resident memory and CPU time a scan of the operator, on a real API server and a simulated AWS.",
  )
  .option("--scans <count>", "of the largest row, each of an account of its own", count(1, 10_000), 1_000)
  .option("--notebooks <count>", "of each scan", count(1, 10_000), 100)
  .option("--starts <count>", "of which the median is shown", count(1, 100), 5)
  .option(
    "--idle <seconds>",
    "in which nothing is due, between both looks at the memory",
    count(1, 3_600),
    60,
  )
  .option("--busy-scans <count>", "that come every minute while the CPU is measured", count(1, 1_000), 300)
  .allowExcessArguments(false)
  .parse()
  .opts<Record<"scans" | "notebooks" | "starts" | "idle" | "busyScans", number>>();

/**
 * After the last scan of a wave: what it wrote is acknowledged, what it held is collected, ten seconds later, and V8 has given the
 * pages back, some eight seconds after that.
 */
const SETTLE_MS = 30_000;
/** In which every busy scan comes once; it is also the longest profile that is to be had. */
const MINUTE_S = 60;
/** For a thousand cold scans on a machine with other work to do. */
const PATIENCE_MS = 20 * 60_000;

const folder = await mkdtemp(join(tmpdir(), "bench-footprint-"));
try {
  await run();
} finally {
  await rm(folder, { recursive: true });
}

async function run(): Promise<void> {
  const { scans, notebooks } = values;
  await buildBundle({ outdir: folder, revision: "bench", sourceMaps: true });
  const world = await startWorld({ scans, notebooks });
  try {
    console.log(`${describeMachine()}; ${notebooks} notebooks a scan\n`);
    console.log(await startTable(world));
    console.log(`\n${await memoryTable(world)}`);
    console.log(`\n${await cpuTables(world)}`);
  } finally {
    await world.stop();
  }
}

async function startTable(world: World): Promise<string> {
  const starts: { readonly readyMs: number; readonly cpuMs: number }[] = [];
  for (let at = 0; at < values.starts; at++) {
    const { operator, readyMs } = await startReady(world);
    starts.push({ readyMs, cpuMs: (await sampleProcess(operator.pid)).cpuMs });
    await operator.stop();
  }
  const middle = (of: (start: (typeof starts)[number]) => number) => figure(median(starts.map(of)));
  const best = Math.min(...starts.map(({ readyMs }) => readyMs));
  return table(
    ["start, API server up", "ms to ready", "best", "CPU ms"],
    [["no scans", middle(({ readyMs }) => readyMs), figure(best), middle(({ cpuMs }) => cpuMs)]],
  );
}

async function memoryTable(world: World): Promise<string> {
  const rows: string[][] = [];
  let scanned = 0;
  for (const wanted of [0, 1, values.scans]) {
    process.stderr.write(`${wanted} scans…\n`);
    await world.applyScans(wanted, "24h");
    const { operator } = await startReady(world);
    await untilScanned(operator, wanted - scanned);
    scanned = wanted;
    await sleep(SETTLE_MS);
    const settled = await sampleProcess(operator.pid);
    await sleep(values.idle * 1_000);
    const idle = await sampleProcess(operator.pid);
    await operator.stop();
    const cells = [settled, idle].flatMap(({ residentMiB, anonymousMiB }) => [residentMiB, anonymousMiB]);
    rows.push([String(wanted), ...[...cells, idle.peakMiB].map(figure)]);
  }
  return table(
    ["scans", "MiB settled", "anonymous", `MiB after ${values.idle} s idle`, "anonymous", "peak"],
    rows,
  );
}

async function cpuTables(world: World): Promise<string> {
  const busy = Math.min(values.busyScans, values.scans);
  process.stderr.write(`${busy} scans a minute…\n`);
  const { operator } = await startReady(world, ["--profiling-port=0"]);
  let whole: CpuPerScan;
  let shares: Awaited<ReturnType<typeof attribute>>;
  try {
    // All at once is how nobody's scans come that have been there for a day.
    await world.applyScans(busy, "1m", MINUTE_S * 1_000);
    // The first wave compiles, and learns what the second need not ask.
    await untilScanned(operator, 3 * busy);
    whole = await cpuPerScan(operator.pid, () => ended(operator));
    shares = await attribute(await cpuProfile(operator));
  } finally {
    await operator.stop();
  }
  process.stderr.write("their AWS calls alone…\n");
  const calls = await callsAlone(world, busy);
  const totals = table(
    ["CPU a scan", "scans", "ms"],
    [
      ["operator", String(whole.scans), figure(whole.ms)],
      ["AWS calls alone", String(calls.scans), figure(calls.ms)],
      ["operator outside of AWS calls", "", figure(whole.ms - calls.ms)],
    ],
  );
  const parts = table(
    ["operator, by a profile", "share"],
    PARTS.map((part) => [part, figure(shares[part])]),
  );
  return `${totals}\n\n${parts}`;
}

interface CpuPerScan {
  readonly scans: number;
  readonly ms: number;
}

/** Of a process over a minute. `scanned`: how many it has ended by now. */
async function cpuPerScan(pid: number, scanned: () => Promise<number>): Promise<CpuPerScan> {
  const before = { scans: await scanned(), ...(await sampleProcess(pid)) };
  await sleep(MINUTE_S * 1_000);
  const after = { scans: await scanned(), ...(await sampleProcess(pid)) };
  const scans = after.scans - before.scans;
  return { scans, ms: (after.cpuMs - before.cpuMs) / scans };
}

/** What the AWS calls of as many scans take where nothing else is done: the garbage that they leave is in it too. */
async function callsAlone(world: World, busy: number): Promise<CpuPerScan> {
  const script = join(folder, "calls.mjs");
  await bundle(new URL("./calls.ts", import.meta.url), script);
  const job: CallsJob = { ...world.callsOf(busy), periodMs: MINUTE_S * 1_000 };
  const env = { PATH: process.env["PATH"], ...world.setup.env };
  const child = spawn(process.execPath, [script, JSON.stringify(job)], {
    env,
    stdio: ["pipe", "pipe", "inherit"],
  });
  try {
    const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const made = async () => {
      child.stdin.write("\n");
      return Number((await answers.next()).value);
    };
    // As long as the operator has had.
    for (let rounds = 0; rounds < 2 * busy; rounds = await made()) await sleep(1_000);
    return await cpuPerScan(child.pid ?? 0, made);
  } finally {
    child.kill();
    await once(child, "close");
  }
}

/** Resolves when the operator is ready, and to the time from the start of its process until then. */
async function startReady(world: World, args: readonly string[] = []) {
  const startedMs = performance.now();
  const operator = await startOperator({
    ...world.setup,
    bundle: join(folder, "awsscan.js"),
    args: [...(world.setup.args ?? []), ...args],
  });
  for (;;) {
    const answer = await fetch(`${operator.healthUrl}/readyz`);
    await answer.text();
    if (answer.ok) return { operator, readyMs: performance.now() - startedMs };
    if (performance.now() - startedMs > PATIENCE_MS) throw new Error(operator.lines.slice(-5).join("\n"));
    await sleep(10);
  }
}

async function untilScanned(operator: OperatorProcess, scans: number): Promise<void> {
  const look = async () => {
    const done = await ended(operator);
    if (done < scans) throw new Error(`${done} of ${scans} scans have ended`);
  };
  await eventually(look, { describe: "the scans end", timeoutMs: PATIENCE_MS, pollMs: 1_000 });
}

async function ended(operator: OperatorProcess): Promise<number> {
  const samples = await operator.scrape("awsaccountscan_scans_total");
  const other = samples.find(({ labels, value }) => labels["outcome"] !== "Complete" && value > 0);
  if (other !== undefined) throw new Error(`${other.value} scans ended as ${other.labels["outcome"]}`);
  return samples.reduce((sum, { value }) => sum + value, 0);
}

async function cpuProfile(operator: OperatorProcess): Promise<Profiler.Profile> {
  const line = operator.lines.find((text) => text.includes('"server":"profiling"')) ?? "{}";
  const { port } = JSON.parse(line) as { port?: number };
  const answer = await fetch(`http://127.0.0.1:${port}/debug/pprof/profile?seconds=${MINUTE_S}`);
  if (!answer.ok) throw new Error(`no profile: ${await answer.text()}`);
  return (await answer.json()) as Profiler.Profile;
}
