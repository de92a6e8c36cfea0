import { randomBytes } from "node:crypto";
import { toTime } from "../../api/conditions.ts";
import type { AwsAccountScanSpec } from "../../api/generated/awsaccountscan.ts";
import { requestOf, scopeDigest, scopeOf } from "../../controller/request.ts";
import { assembleRecord } from "../../report/assemble.ts";
import { ScanFold } from "../../report/fold.ts";
import { findingKey, type ScanRecord } from "../../report/record.ts";
import { endScanSpan } from "../../report/scan-span.ts";
import { runScan } from "../../scan/engine.ts";
import type { ScanEvent } from "../../scan/events.ts";
import type { Tracer } from "../../tracing/span.ts";
import type { CallerAws } from "../caller-aws.ts";

/** One scan to run from the command line. */
export interface ScanJob {
  readonly spec: AwsAccountScanSpec;
  readonly sessionName: string;
  readonly timeoutMs: number;
}

export interface RunOptions {
  readonly caller: CallerAws;
  /** The record to go on from. */
  readonly previous: ScanRecord | undefined;
  readonly keepPasses: boolean;
  /** Undefined where tracing is off. */
  readonly tracer: Tracer | undefined;
  /** Ends the scan before its time. */
  readonly interrupt: AbortSignal;
  onEvent(event: ScanEvent): void;
}

/** Scans as `job` says, with the caller's credentials. Never rejects for what AWS answers. */
export async function runJob(job: ScanJob, options: RunOptions): Promise<ScanRecord> {
  const { caller, previous, keepPasses, tracer, interrupt, onEvent } = options;
  const startedAt = Date.now();
  const fold = new ScanFold(new Set(previous?.findings.map(findingKey)), keepPasses);
  const { aws, base, region } = caller;
  const span = tracer?.begin("scan", {})?.span;
  await runScan(
    requestOf(job.spec, startedAt),
    // Whoever runs the command may assume what IAM lets them.
    { aws, base, region, sessionName: job.sessionName, span, allowRole: () => true },
    (event) => {
      fold.sink(event);
      onEvent(event);
    },
    AbortSignal.any([interrupt, AbortSignal.timeout(job.timeoutMs)]),
  );
  const record = assembleRecord(fold, previous, scopeOf(job.spec, fold), {
    id: randomBytes(8).toString("hex"),
    trigger: "Requested",
    generation: 0,
    scopeDigest: scopeDigest(job.spec),
    startTime: toTime(new Date(startedAt)),
    completionTime: toTime(new Date()),
  });
  if (span !== undefined) endScanSpan(span, record);
  return record;
}
