import { readFile } from "node:fs/promises";
import type { ScanOptions } from "../../config/scan-options.ts";
import { FORMATS } from "../../formats/registry.ts";
import {
  type Baseline,
  compareWith,
  InvalidBaselineError,
  parseBaseline,
  recordOf,
} from "../../report/baseline.ts";
import { mergeRecords } from "../../report/merge.ts";
import { resultOf, type ScanResult } from "../../report/result.ts";
import { selectRules } from "../../rules/registry.ts";
import { openTracing } from "../../tracing/open.ts";
import type { Tracer } from "../../tracing/span.ts";
import { BUILD } from "../build-info.ts";
import { openCallerAws } from "../caller-aws.ts";
import { onInterrupt } from "../interrupt.ts";
import { note } from "../note.ts";
import { outputOptions, write } from "../output.ts";
import { UsageError } from "../usage-error.ts";
import { exitCodeOf } from "./exit-code.ts";
import { jobsOf } from "./jobs.ts";
import { Progress } from "./progress.ts";
import { showProgress } from "./progress-display.ts";
import { runJob, type ScanJob } from "./run.ts";

/** `awsscan scan`: scans once, prints the result, and says by the exit code what it came to. */
export async function scanCommand(options: ScanOptions): Promise<void> {
  const baseline = options.baseline === undefined ? undefined : await readBaseline(options.baseline);
  const tracing = await openTracing({
    env: process.env,
    serviceName: "awsscan",
    version: BUILD.version,
    inherit: true,
    tell: note,
  });
  const result = await scan(options, baseline, tracing);
  await write(FORMATS[options.output](result, outputOptions(options.color)));
  process.exitCode = exitCodeOf(result, options.failOn);
  const isSent = (await tracing?.close()) ?? true;
  // Whoever broke off does not wait for a credential process or a connection that still hangs, nor does anybody for a
  // collector.
  if (result.scan.interrupted || !isSent) process.exit();
}

async function scan(
  options: ScanOptions,
  baseline: Baseline | undefined,
  tracer: Tracer | undefined,
): Promise<ScanResult> {
  const caller = openCallerAws(options.profile);
  const jobs = await jobsOf(options, caller.sessionName);
  const progress = new Progress(Date.now());
  const interrupt = onInterrupt("Stopping; once more ends at once. What is known so far:");
  const hide = options.progress && process.stderr.isTTY ? showProgress(progress, process.stderr) : undefined;
  try {
    const records = await Promise.all(
      jobs.map((job) =>
        runJob(job, {
          caller,
          previous: baseline && recordOf(baseline),
          keepPasses: options.include === "all" || job.spec.reports?.include === "All",
          tracer,
          interrupt,
          onEvent: progress.sink,
        }),
      ),
    );
    const facts = { version: BUILD.version, interrupted: interrupt.aborted };
    const result = resultOf(mergeRecords(records), facts);
    return baseline === undefined ? result : compareWith(result, baseline, rulesOfAll(jobs));
  } finally {
    hide?.();
    caller.aws.close();
  }
}

/** Ids of the rules that every job judges by. */
function rulesOfAll(jobs: readonly ScanJob[]): ReadonlySet<string> {
  const sets = jobs.map(({ spec }) => new Set(selectRules(spec.rules?.include).rules.map(({ id }) => id)));
  return sets.reduce((common, rules) => common.intersection(rules));
}

async function readBaseline(path: string): Promise<Baseline> {
  try {
    return parseBaseline(await readFile(path, "utf8"));
  } catch (error) {
    if (error instanceof InvalidBaselineError) {
      throw new UsageError(`error: the baseline ${path} cannot be used: ${error.message}.`);
    }
    throw new UsageError(
      `error: the baseline cannot be read: ${error instanceof Error ? error.message : error}`,
    );
  }
}
