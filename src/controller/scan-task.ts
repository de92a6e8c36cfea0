import type { Logger } from "pino";
import { toTime } from "../api/conditions.ts";
import type { AwsAccountScan } from "../api/generated/awsaccountscan.ts";
import { abortable } from "../async/abortable.ts";
import { Deadline } from "../async/deadline.ts";
import { roleSessionName } from "../aws/credentials.ts";
import type { Session } from "../aws/session.ts";
import { assembleRecord } from "../report/assemble.ts";
import { diffRecords } from "../report/diff.ts";
import { ScanFold } from "../report/fold.ts";
import { findingKey, type ScanRecord } from "../report/record.ts";
import { endScanSpan } from "../report/scan-span.ts";
import { runScan } from "../scan/engine.ts";
import { cutOffFailure, ownFailure } from "../scan/failure.ts";
import type { Span, Trace, Tracer } from "../tracing/span.ts";
import { type CredentialsOptions, scanSession } from "./credentials.ts";
import type { JobResult } from "./job.ts";
import { requestOf, scopeDigest, scopeOf } from "./request.ts";
import type { ScanTask } from "./scan-runner.ts";
import { StallError } from "./stall.ts";
import { logUnread } from "./unread-log.ts";

export interface ScanTaskOptions extends CredentialsOptions {
  readonly log: Logger;
  readonly now: () => Date;
  /** Undefined where tracing is off. */
  readonly tracer?: Tracer | undefined;
}

/** The task that runs one scan of `scan` as its spec is now, on top of the last record. */
export function scanTask(
  options: ScanTaskOptions,
  scan: AwsAccountScan,
  previous: ScanRecord | undefined,
): ScanTask {
  return async (job, signal) => {
    const { namespace, name } = scan.metadata;
    const trace = options.tracer?.begin("scan", {
      "k8s.namespace.name": namespace,
      "awsscan.scan.name": name,
    });
    try {
      const result = await scanTraced(options, scan, previous, job, signal, trace);
      if (trace?.span !== undefined) endScanSpan(trace.span, result.record);
      return result;
    } catch (error) {
      // A defect, which the runner logs: a span that never ends is never sent.
      trace?.span?.fail("defect");
      trace?.span?.end();
      throw error;
    }
  };
}

async function scanTraced(
  options: ScanTaskOptions,
  scan: AwsAccountScan,
  previous: ScanRecord | undefined,
  job: Parameters<ScanTask>[0],
  signal: AbortSignal,
  trace: Trace | undefined,
): Promise<JobResult> {
  const { namespace, name } = scan.metadata;
  const log = options.log.child({ namespace, scan: name, scanId: job.id, ...trace?.ids });
  log.info({ trigger: job.trigger, generation: job.generation }, "scan started");
  const fold = new ScanFold(
    new Set(previous?.findings.map(findingKey)),
    scan.spec.reports?.include === "All",
  );
  // A scan may take a quarter of an hour; what it has read must not be kept for as long when it has taken a second.
  using deadline = new Deadline(job.timeoutMs, signal);
  const stalled = await run(options, scan, job, fold, deadline.signal, trace?.span);
  const scope = scopeOf(scan.spec, fold);
  const record = assembleRecord(fold, previous, scope, {
    id: job.id,
    trigger: job.trigger,
    generation: job.generation,
    scopeDigest: scopeDigest(scan.spec),
    requestedAt: job.requestedAt,
    startTime: job.startTime,
    completionTime: toTime(options.now()),
    stalled,
  });
  logUnread(log, previous, record);
  return { record, changes: diffRecords(previous, record, fold, scope), trace: trace?.ids };
}

async function run(
  options: ScanTaskOptions,
  scan: AwsAccountScan,
  job: Parameters<ScanTask>[0],
  fold: ScanFold,
  signal: AbortSignal,
  span: Span | undefined,
): Promise<ScanRecord["scan"]["stalled"]> {
  const sessionName = roleSessionName(scan.metadata.namespace, scan.metadata.name);
  let base: Session;
  try {
    base = await abortable(scanSession(options, scan, sessionName), signal);
  } catch (error) {
    const stall = error instanceof StallError ? error : undefined;
    const reason = stall?.reason ?? "CredentialsFailed";
    const message = error instanceof Error ? error.message : String(error);
    const failure = signal.aborted
      ? cutOffFailure(signal, "GetCredentials", "")
      : ownFailure({ account: "", operation: "GetCredentials", kind: "failed", reason, message });
    fold.sink({ kind: "failure", failure });
    return stall && { reason: stall.reason, message };
  }
  const { aws, region, allowRole } = options;
  const means = { aws, region, allowRole, base, sessionName, span };
  await runScan(requestOf(scan.spec, Date.parse(job.startTime)), means, fold.sink, signal);
  return undefined;
}
