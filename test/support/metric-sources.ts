/** Scans and what is known of them, as the metrics of the operator read them. */
import { Registry } from "prom-client";
import type { AwsAccountScan } from "../../src/api/generated/awsaccountscan.ts";
import type { Job } from "../../src/controller/job.ts";
import { Ledger, type LedgerEntry } from "../../src/controller/ledger.ts";
import { expose } from "../../src/metrics/exposition.ts";
import { type OperatorMetrics, registerOperatorMetrics } from "../../src/metrics/operator-metrics.ts";
import type { RecordedFinding, ScanRecord } from "../../src/report/record.ts";
import { NOTEBOOK_INSTANCE } from "../../src/rules/resource.ts";
import { parseSamples, type Sample } from "./exposition.ts";

export const ACCOUNT = "111111111111";
export const START = "2026-03-01T10:00:00Z";
export const END = "2026-03-01T10:05:00Z";

interface ScanFacts {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly deletionTimestamp?: string;
  readonly spec?: AwsAccountScan["spec"];
}

export function scanOf({
  name,
  namespace = "team",
  uid = `uid of ${namespace}/${name}`,
  deletionTimestamp,
  spec = {},
}: ScanFacts): AwsAccountScan {
  const creationTimestamp = "2026-01-01T00:00:00Z";
  const metadata = { name, namespace, uid, resourceVersion: "1", generation: 1, creationTimestamp };
  return { metadata: { ...metadata, deletionTimestamp }, spec };
}

export function violationOf(name: string, facts: Partial<RecordedFinding> = {}): RecordedFinding {
  return {
    rule: "SageMaker-004",
    verdict: "violation",
    arn: `arn:aws:sagemaker:us-east-1:${ACCOUNT}:notebook-instance/${name}`,
    type: NOTEBOOK_INSTANCE,
    account: ACCOUNT,
    region: "us-east-1",
    name,
    reason: "DirectInternetAccessEnabled",
    message: "",
    evidence: {},
    firstSeen: START,
    ...facts,
  };
}

export function recordOf(
  findings: readonly RecordedFinding[],
  facts: Partial<ScanRecord["scan"]> = {},
): ScanRecord {
  const count = (verdict: RecordedFinding["verdict"]) =>
    findings.filter((finding) => finding.verdict === verdict).length;
  return {
    scan: {
      id: "1",
      trigger: "Scheduled",
      generation: 1,
      scopeDigest: "",
      startTime: START,
      completionTime: END,
      outcome: "Complete",
      consecutiveFailures: 0,
      lastSuccessTime: END,
      ...facts,
    },
    cells: [
      {
        account: ACCOUNT,
        accountName: "payments",
        region: "us-east-1",
        type: NOTEBOOK_INSTANCE,
        rule: "SageMaker-004",
        compliant: 7,
        violations: count("violation"),
        exempt: count("exempt"),
        unknown: count("unknown"),
      },
    ],
    coverage: [{ account: ACCOUNT, accountName: "payments", region: "us-east-1", state: "covered" }],
    failures: [],
    findings,
  };
}

/** The operator's metrics over a cluster that is a map: what a test puts into it is what a scrape reads. */
export class MetricSources {
  readonly scans = new Map<string, AwsAccountScan>();
  readonly ledger = new Ledger();
  readonly jobs = new Map<string, Job>();
  readonly registry = new Registry();
  readonly metrics: OperatorMetrics;
  /** Scans that another replica works on. */
  readonly elsewhere: AwsAccountScan[] = [];
  restored = true;
  /** Milliseconds since the epoch. */
  now = 0;

  constructor() {
    this.metrics = registerOperatorMetrics(this.registry, {
      build: { version: "1.2.3", revision: "abc" },
      restored: () => this.restored,
      leader: () => true,
      known: () => [...this.scans.values(), ...this.elsewhere],
      scans: () => [...this.scans.values()],
      entryOf: (key) => this.ledger.get(key),
      jobOf: (key) => this.jobs.get(key),
      descriptions: () => ({ bytes: 1, hits: 2, misses: 3 }),
      watch: () => ({ lists: 0, listFailures: 0, watches: 0, watchFailures: 0, contactAgeMs: undefined }),
      now: () => this.now,
    });
  }

  /** The scan is in the cluster. Returns its key. */
  create(facts: ScanFacts): string {
    const scan = scanOf(facts);
    const key = `${scan.metadata.namespace}/${scan.metadata.name}`;
    this.scans.set(key, scan);
    return key;
  }

  /** The reconciler has looked into the scan, and this is what it knows. */
  know(key: string, entry: Partial<LedgerEntry>): void {
    const { namespace, name, uid } = this.scans.get(key)?.metadata ?? { namespace: "", name: "", uid: "" };
    const owner = { identity: "test", epoch: 1 };
    this.ledger.set(key, { namespace, name, uid, owner, record: "none", nextScanAt: undefined, ...entry });
  }

  /** The scan is gone from the cluster; the ledger is the reconciler's affair. */
  delete(key: string): void {
    this.scans.delete(key);
  }

  /** A whole scrape. */
  async text(accept?: string): Promise<string> {
    return (await Array.fromAsync(expose(this.registry, accept).body)).join("");
  }

  async samples(name: string): Promise<Sample[]> {
    return parseSamples(await this.text()).filter((sample) => sample.name === `awsaccountscan_${name}`);
  }

  /** The only value of a metric; throws where there is none or more than one. */
  async value(name: string): Promise<number> {
    const [only, ...others] = await this.samples(name);
    if (only === undefined || others.length > 0) throw new Error(`not one sample of ${name}`);
    return only.value;
  }
}
