import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SimulatorAdmin } from "../../test/support/aws.ts";
import type { Counters } from "../../tools/aws-simulator/counters.ts";
import { type Measured, measure } from "../support/measure.ts";
import { type Contender, type Reading, type Ready, shortened } from "./contender.ts";

/** What one run took, what it found, and what it asked. */
export interface Result {
  readonly measured: Measured;
  readonly reading: Reading;
  readonly counters: Counters;
}

/** Installs a contender; where that fails, why. */
export async function prepared(contender: Contender, folder: string): Promise<Ready | string> {
  try {
    return await contender.prepare(folder);
  } catch (error) {
    return `not installed: ${shortened(error instanceof Error ? error.message : String(error))}`;
  }
}

/** Runs a contender once against a simulator; where it does not end in time, that as a sentence. */
export async function runOnce(
  ready: Ready,
  { url, client }: { readonly url: string; readonly client: SimulatorAdmin },
  timeoutMs: number,
): Promise<Result | string> {
  const folder = await mkdtemp(join(tmpdir(), "bench-run-"));
  const run = { url, folder };
  try {
    await client.clearRequests();
    const measured = await measure({ ...ready.command(run), cwd: folder, timeoutMs }).catch(
      (error: unknown) => shortened(String(error)),
    );
    if (typeof measured === "string") return measured;
    return { measured, reading: await ready.read(measured, run), counters: await client.counters() };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
