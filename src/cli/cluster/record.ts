import { pino } from "pino";
import type { AwsAccountScan } from "../../api/generated/awsaccountscan.ts";
import { RecordStore } from "../../controller/record-store.ts";
import { scanTimeoutMs } from "../../controller/schedule.ts";
import type { FailureCount, ScanRecord } from "../../report/record.ts";
import { type Cluster, keyOf } from "./cluster.ts";

/**
 * The record of a scan's last run, as far as its status vouches for it: what is not there, was changed by hand, or is
 * too old to be believed is told as a failure, which makes the outcome incomplete.
 */
export async function loadRecord({ client }: Cluster, scan: AwsAccountScan): Promise<ScanRecord> {
  // Loading writes nothing, and has nothing to log.
  const loaded = await new RecordStore(client, pino({ enabled: false })).load(scan);
  if (loaded.kind === "none") return doubted(EMPTY, "NoResult", `${keyOf(scan)} has no result yet`);
  if (loaded.kind === "damaged") {
    return doubted(
      loaded.remains,
      "RecordLost",
      `The report of ${keyOf(scan)} is damaged; the operator scans again`,
    );
  }
  const doubt = doubtOf(scan, Date.now());
  return doubt === undefined ? loaded.record : doubted(loaded.record, doubt.reason, doubt.message);
}

/** An operator that runs starts a scan on time; this much later (ms), and its timeout, nobody has. */
const PATIENCE_MS = 5 * 60_000;

/** Why the last result cannot be taken for the state of now (ms); the status of an operator that is gone stands still. */
function doubtOf(
  scan: AwsAccountScan,
  now: number,
): { readonly reason: string; readonly message: string } | undefined {
  const { conditions = [], observedGeneration, nextScanTime } = scan.status ?? {};
  const key = keyOf(scan);
  if (observedGeneration !== scan.metadata.generation) {
    return { reason: "SpecChanged", message: `${key} was changed after its last scan` };
  }
  const ready = conditions.find(({ type }) => type === "Ready");
  const complete = conditions.find(({ type }) => type === "Complete");
  const doubt = ready?.status !== "True" ? ready : complete?.status === "Unknown" ? complete : undefined;
  if (doubt !== undefined) return { reason: doubt.reason, message: `${key}: ${doubt.message}` };
  if (ready === undefined) return { reason: "NotReady", message: `the operator says nothing of ${key}` };
  const due = Date.parse(nextScanTime ?? "");
  if (now > due + scanTimeoutMs(scan.spec) + PATIENCE_MS) {
    const message = `${key}: the scan that was due at ${nextScanTime} has not come; does the operator run?`;
    return { reason: "Stale", message };
  }
  return undefined;
}

function doubted(record: ScanRecord, reason: string, message: string): ScanRecord {
  const failure: FailureCount = {
    account: "",
    region: "",
    operation: "GetAwsAccountScan",
    reason,
    code: reason,
    message,
    count: 1,
  };
  const outcome = record.scan.outcome === "Failed" ? "Failed" : "Incomplete";
  const hole = {
    account: "",
    region: "",
    state: "failed",
    operation: failure.operation,
    code: reason,
    message,
  } as const;
  return {
    ...record,
    scan: { ...record.scan, outcome },
    coverage: [hole, ...record.coverage],
    failures: [failure, ...record.failures],
  };
}

const EPOCH = new Date(0).toISOString();

const EMPTY: ScanRecord = {
  scan: {
    id: "none",
    trigger: "Initial",
    generation: 0,
    scopeDigest: "",
    startTime: EPOCH,
    completionTime: EPOCH,
    outcome: "Failed",
    consecutiveFailures: 0,
  },
  cells: [],
  coverage: [],
  failures: [],
  findings: [],
};
