/**
 * Runs the chaos suite `CHAOS_RUNS` times (1 by default), the first with the seed `CHAOS_SEED` (the clock's by default), each
 * later one with the next, and says how often each scenario passed. Exits with 1 unless all did every time.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type RunReport, scoreLines, tally } from "./tally.ts";

const VITEST = fileURLToPath(new URL("../../node_modules/vitest/vitest.mjs", import.meta.url));

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function numberFrom(variable: string, otherwise: number): number {
  const text = process.env[variable] ?? String(otherwise);
  if (!/^\d+$/.test(text) || Number(text) < 1)
    throw new Error(`${variable} must be a number above 0, not ${text}`);
  return Number(text);
}

/** One run of the suite; its failures are on stdout. */
async function run(seed: number, folder: string): Promise<RunReport | undefined> {
  const path = join(folder, `${seed}.json`);
  const args = ["run", "test/chaos", "--reporter=default", "--reporter=json", `--outputFile.json=${path}`];
  const env = { ...process.env, CHAOS_SEED: String(seed) };
  const child = spawn(process.execPath, [VITEST, ...args], { env, stdio: ["ignore", "inherit", "inherit"] });
  await once(child, "exit");
  return await readFile(path, "utf8").then(
    (text) => JSON.parse(text) as RunReport,
    () => undefined,
  );
}

const runs = numberFrom("CHAOS_RUNS", 1);
const firstSeed = numberFrom("CHAOS_SEED", (Date.now() % 1_000_000) + 1);
const folder = await mkdtemp(join(tmpdir(), "chaos-"));
try {
  const reports: (RunReport | undefined)[] = [];
  for (let at = 0; at < runs; at += 1) {
    say(`chaos: run ${at + 1} of ${runs}, CHAOS_SEED=${firstSeed + at}`);
    reports.push(await run(firstSeed + at, folder));
  }
  const scores = tally(reports);
  for (const line of scoreLines(scores)) say(line);
  const isGood = scores.length > 0 && scores.every((score) => score.passed === score.runs);
  process.exitCode = isGood ? 0 : 1;
} finally {
  await rm(folder, { recursive: true });
}
