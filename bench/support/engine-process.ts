/** The engine's process, one scan at a time. */
import { createInterface } from "node:readline";
import type { SimulatorAdmin } from "../../test/support/aws.ts";
import type { Counters } from "../../tools/aws-simulator/counters.ts";
import type { EngineJob, EngineScan } from "../engine/job.ts";
import { startMeasured, type Usage } from "./measure.ts";

/** A scan, and the calls of it that came to the simulator. */
export interface CountedScan extends EngineScan {
  /** Until its line was printed: from the start of the process, or from the word to go on. */
  readonly outsideMs: number;
  readonly counters: Counters;
}

/** Runs a job in the bundle at `script`, and counts each of its scans at the simulator. `variables`: of its environment. */
export async function runEngine(
  script: string,
  job: Omit<EngineJob, "stepwise">,
  simulator: { readonly url: string; readonly client: SimulatorAdmin },
  variables: Readonly<Record<string, string>> = {},
): Promise<{ readonly scans: readonly CountedScan[]; readonly usage: Usage }> {
  const { url, client } = simulator;
  await client.clearRequests();
  const argument = JSON.stringify({ ...job, stepwise: true } satisfies EngineJob);
  const env = { ...process.env, AWS_ENDPOINT_URL: url, ...variables };
  let startedMs = performance.now();
  const { child, usage } = await startMeasured({ argv: [process.execPath, script, argument], env });
  child.stderr.pipe(process.stderr);
  const scans: CountedScan[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    const outsideMs = performance.now() - startedMs;
    scans.push({ ...(JSON.parse(line) as EngineScan), outsideMs, counters: await client.counters() });
    await client.clearRequests();
    startedMs = performance.now();
    if (scans.length < job.scans) child.stdin.write("\n");
    else child.stdin.end();
  }
  const used = await usage;
  if (used.code !== 0) throw new Error(`the engine's process ended with code ${used.code}`);
  return { scans, usage: used };
}
