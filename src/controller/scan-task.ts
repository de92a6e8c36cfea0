import { createHash } from "node:crypto";
import type { Logger } from "pino";
import { toTime } from "../api/conditions.ts";
import type { AwsAccountScan } from "../api/generated/awsaccountscan.ts";
import { abortable } from "../async/abortable.ts";
import { roleSessionName } from "../aws/credentials.ts";
import type { Session } from "../aws/session.ts";
import { assembleRecord } from "../report/assemble.ts";
import { ScanFold } from "../report/fold.ts";
import { findingKey, type ScanRecord } from "../report/record.ts";
import type { Scope } from "../report/scope.ts";
import { selectRules } from "../rules/registry.ts";
import { runScan } from "../scan/engine.ts";
import { deadlineFailure, ownFailure } from "../scan/failure.ts";
import { type CredentialsOptions, scanSession } from "./credentials.ts";
import type { ScanTask } from "./scan-runner.ts";
import { scanTimeoutMs } from "./schedule.ts";
import { StallError } from "./stall.ts";
import { targetsOf } from "./targets.ts";

export interface ScanTaskOptions extends CredentialsOptions {
  readonly log: Logger;
  readonly now: () => Date;
}

/** Failures of one scan that the log tells one by one. */
const MAX_LOGGED = 20;

/** The task that runs one scan of `scan` as its spec is now, on top of the last record. */
export function scanTask(
  options: ScanTaskOptions,
  scan: AwsAccountScan,
  previous: ScanRecord | undefined,
): ScanTask {
  return async (job, signal) => {
    const log = options.log.child({
      namespace: scan.metadata.namespace,
      scan: scan.metadata.name,
      scanId: job.id,
    });
    log.info({ trigger: job.trigger, generation: job.generation }, "scan started");
    const fold = new ScanFold(
      new Set(previous?.findings.map(findingKey)),
      scan.spec.reports?.include === "All",
    );
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(scanTimeoutMs(scan.spec))]);
    const stalled = await run(options, scan, job, fold, deadline);
    const record = assembleRecord(fold, previous, scopeOf(scan, fold), {
      id: job.id,
      trigger: job.trigger,
      generation: job.generation,
      scopeDigest: scopeDigest(scan),
      requestedAt: job.requestedAt,
      startTime: job.startTime,
      completionTime: toTime(options.now()),
      stalled,
    });
    for (const failure of record.failures.slice(0, MAX_LOGGED)) log.warn({ failure }, "could not be read");
    const more = record.failures.length - MAX_LOGGED;
    if (more > 0) log.warn({ more }, "more could not be read: see the report");
    return record;
  };
}

async function run(
  options: ScanTaskOptions,
  scan: AwsAccountScan,
  job: Parameters<ScanTask>[0],
  fold: ScanFold,
  signal: AbortSignal,
): Promise<ScanRecord["scan"]["stalled"]> {
  const sessionName = roleSessionName(scan.metadata.namespace, scan.metadata.name);
  const { rules } = selectRules(scan.spec.rules?.include);
  const request = {
    ...targetsOf(scan.spec),
    regions: scan.spec.regions ?? {},
    rules,
    exemptions: scan.spec.exemptions ?? [],
    startedAt: Date.parse(job.startTime),
  };
  let base: Session;
  try {
    base = await abortable(scanSession(options, scan, sessionName), signal);
  } catch (error) {
    const stall = error instanceof StallError ? error : undefined;
    const reason = stall?.reason ?? "CredentialsFailed";
    const message = error instanceof Error ? error.message : String(error);
    const failure = signal.aborted
      ? deadlineFailure("GetCredentials", "")
      : ownFailure({ account: "", operation: "GetCredentials", kind: "failed", reason, message });
    fold.sink({ kind: "failure", failure });
    return stall && { reason, message };
  }
  const { aws, region, allowRole } = options;
  const means = { aws, region, allowRole, base, sessionName };
  await runScan(request, means, fold.sink, signal);
  return undefined;
}

/** What the scan set out for; where it never came to know, what the spec says of it. */
function scopeOf({ spec }: AwsAccountScan, fold: ScanFold): Scope {
  const { rules } = selectRules(spec.rules?.include);
  const { accounts, complete } = fold.targets ?? {
    accounts: spec.accounts ?? (spec.organization === undefined ? [{}] : []),
    complete: spec.organization === undefined,
  };
  return { accounts, openEnded: !complete, regions: spec.regions ?? {}, rules: rules.map(({ id }) => id) };
}

/**
 * SHA-256 of all in the spec that changes what a scan looks at and how it judges. A verdict on another scope must
 * not pass for one on this; a new interval changes none.
 */
export function scopeDigest({ spec }: AwsAccountScan): string {
  const { credentials, accounts, organization, regions, rules, exemptions } = spec;
  const ids = selectRules(rules?.include).rules.map(({ id }) => id);
  const scope = JSON.stringify([credentials, accounts, organization, regions, ids, exemptions]);
  return createHash("sha256").update(scope).digest("hex");
}
