/**
 * The engine as a process of its own, to be measured from outside: takes an {@link EngineJob} as JSON, scans with
 * static keys, prints an {@link EngineScan} a scan. Benchmarks run it bundled, as the product is: see bundle.ts.
 * The only file of the benchmarks that touches the engine; footprint/calls.ts touches its AWS calls.
 */
import { once } from "node:events";
import { createInterface } from "node:readline";
import { Aws } from "../../src/aws/aws.ts";
import { Session } from "../../src/aws/session.ts";
import { keepHeapSmall } from "../../src/cli/heap.ts";
import { DEFAULT_CACHE_BYTES } from "../../src/config/defaults.ts";
import { assembleRecord } from "../../src/report/assemble.ts";
import { ScanFold } from "../../src/report/fold.ts";
import { findingKey, type ScanRecord } from "../../src/report/record.ts";
import { summarize } from "../../src/report/summary.ts";
import { RULES } from "../../src/rules/registry.ts";
import { runScan } from "../../src/scan/engine.ts";
import { openTracing } from "../../src/tracing/open.ts";
import type { EngineJob, EngineScan } from "./job.ts";

keepHeapSmall();
const job = JSON.parse(process.argv[2] ?? "{}") as EngineJob;
const { accessKeyId, secretAccessKey, limits } = job;
const aws = new Aws({ userAgent: "bench", limits, maxCacheBytes: DEFAULT_CACHE_BYTES });
const base = new Session("bench", async () => ({ accessKeyId, secretAccessKey }));
const steps = job.stepwise ? createInterface({ input: process.stdin }) : undefined;
const tracing = await openTracing({
  env: process.env,
  serviceName: "bench",
  version: "0",
  inherit: false,
  tell: (line) => process.stderr.write(`${line}\n`),
});

let previous: ScanRecord | undefined;
for (let scan = 0; scan < job.scans; scan++) {
  if (scan > 0 && steps !== undefined) await once(steps, "line");
  previous = await measured(scan === 0, previous);
}
steps?.close();
aws.close();
await tracing?.close();

/** Scans once and prints what it took; resolves to the record, from which the next scan goes on. */
async function measured(isFirst: boolean, last: ScanRecord | undefined): Promise<ScanRecord> {
  const cpuBefore = isFirst ? undefined : process.cpuUsage();
  const startedMs = performance.now();
  const record = await scanOnce(last);
  const wallMs = performance.now() - startedMs;
  const { user, system } = process.cpuUsage(cpuBefore);
  const { compliant, violations, exempt, unknown } = summarize(record);
  const told: EngineScan = {
    wallMs,
    cpuMs: (user + system) / 1_000,
    peakMiB: process.resourceUsage().maxRSS / 1_024,
    compliant,
    violations,
    exempt,
    unknown,
    outcome: record.scan.outcome,
    failures: record.failures.map(
      ({ operation, reason, count }) => `${operation}: ${reason}, ${count} times`,
    ),
  };
  process.stdout.write(`${JSON.stringify(told)}\n`);
  return record;
}

async function scanOnce(last: ScanRecord | undefined): Promise<ScanRecord> {
  const { accounts } = job;
  const regions = { include: job.regions };
  const startedAt = Date.now();
  const fold = new ScanFold(new Set(last?.findings.map(findingKey)));
  const span = tracing?.begin("scan", {}).span;
  await runScan(
    { accounts, organization: undefined, regions, rules: RULES, exemptions: [], startedAt },
    {
      aws,
      base,
      sessionName: "bench",
      region: "us-east-1",
      span,
      allowRole: () => true,
    },
    fold.sink,
    new AbortController().signal,
  );
  span?.end();
  const rules = RULES.map(({ id }) => id);
  const scope = { accounts: fold.targets?.accounts ?? [], openEnded: false, regions, rules };
  return assembleRecord(fold, last, scope, {
    id: String(startedAt),
    trigger: "Scheduled",
    generation: 1,
    scopeDigest: "",
    startTime: new Date(startedAt).toISOString(),
    completionTime: new Date().toISOString(),
  });
}
