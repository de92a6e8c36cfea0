import { pino } from "pino";
import { toTime } from "../../api/conditions.ts";
import type { AwsAccountScan } from "../../api/generated/awsaccountscan.ts";
import { type Loaded, RecordStore } from "../../controller/record-store.ts";
import { recordFromStatus } from "../../controller/remains.ts";
import type { ScanRecord } from "../../report/record.ts";
import { type Cluster, getScan, keyOf } from "./cluster.ts";
import { type Doubt, doubtOf } from "./doubt.ts";

/**
 * The record of a scan's last run, as far as its status vouches for it: what is not there, was changed by hand, is of
 * another run, or is too old to be believed is told as a failure, which makes the outcome incomplete.
 */
export async function loadRecord(cluster: Cluster, given: AwsAccountScan): Promise<ScanRecord> {
  // Loading writes nothing, and has nothing to log.
  const store = new RecordStore(cluster.client, pino({ enabled: false }));
  let scan = given;
  let loaded = await store.load(scan);
  if (!isOfLastScan(loaded, scan)) {
    // The operator writes the report first, and the status after it.
    scan = await getScan({ ...cluster, namespace: scan.metadata.namespace }, scan.metadata.name);
    loaded = await store.load(scan);
  }
  const key = keyOf(scan);
  const doubt = doubtOf(scan, Date.now());
  if (loaded.kind === "found" && isOfLastScan(loaded, scan)) {
    return doubt === undefined ? loaded.record : doubted(loaded.record, doubt);
  }
  if (scan.status?.lastScan === undefined && loaded.kind === "none") {
    return doubted(nothing(), { reason: "NoResult", message: `${key} has no result yet` });
  }
  const remains = loaded.kind === "damaged" ? loaded.remains : recordFromStatus(scan.status);
  return doubted(remains ?? nothing(), {
    reason: "RecordLost",
    message: `the report of ${key} is missing, damaged or of another scan; its status is what is left`,
  });
}

function isOfLastScan(loaded: Loaded, { status }: AwsAccountScan): boolean {
  return loaded.kind === "found" && loaded.record.scan.id === status?.lastScan?.id;
}

function doubted(record: ScanRecord, { reason, message }: Doubt): ScanRecord {
  const operation = "GetAwsAccountScan";
  const place = { account: "", region: "", operation, code: reason, message };
  return {
    ...record,
    scan: { ...record.scan, outcome: record.scan.outcome === "Failed" ? "Failed" : "Incomplete" },
    coverage: [{ ...place, state: "failed" }, ...record.coverage],
    failures: [{ ...place, reason, count: 1 }, ...record.failures],
  };
}

/** What is known of a scan that has not ended yet, as of now. */
function nothing(): ScanRecord {
  const time = toTime(new Date());
  return {
    scan: {
      id: "none",
      trigger: "Initial",
      generation: 0,
      scopeDigest: "",
      startTime: time,
      completionTime: time,
      outcome: "Failed",
      consecutiveFailures: 0,
    },
    cells: [],
    coverage: [],
    failures: [],
    findings: [],
  };
}
