import { expect, it } from "vitest";
import type { KubeClient } from "../kube/client.ts";
import type { ScanRecord } from "../report/record.ts";
import { NOTEBOOK_INSTANCE } from "../rules/resource.ts";
import { exportReports } from "./open-reports.ts";

const ACCOUNT = "111111111111";
const FINDINGS = 5_000;
const time = "2026-01-05T00:00:00Z";

const record: ScanRecord = {
  scan: {
    id: "1",
    trigger: "Scheduled",
    generation: 1,
    scopeDigest: "",
    startTime: time,
    completionTime: time,
    outcome: "Complete",
    consecutiveFailures: 0,
  },
  cells: [],
  coverage: [],
  failures: [],
  findings: Array.from({ length: FINDINGS }, (_, index) => ({
    rule: "SageMaker-004",
    verdict: "violation",
    arn: `arn:aws:sagemaker:us-east-1:${ACCOUNT}:notebook-instance/n${index}`,
    type: NOTEBOOK_INSTANCE,
    account: ACCOUNT,
    region: "us-east-1",
    name: `n${index}`,
    reason: "DirectInternetAccessEnabled",
    message: "The notebook instance has direct internet access.",
    evidence: {},
    firstSeen: time,
  })),
};
const scan = {
  apiVersion: "awsaccountscan.dev/v1alpha1",
  kind: "AwsAccountScan",
  metadata: {
    namespace: "team",
    name: "ml",
    uid: "u",
    resourceVersion: "1",
    generation: 1,
    creationTimestamp: time,
  },
  spec: {},
} as const;

/** Keeps what is applied, and answers without ever leaving the process: whoever has a turn was given it by us. */
function memoryClient() {
  const items: unknown[] = [];
  const client = {
    list: () => Promise.resolve({ items, metadata: {} }),
    apply: (_kind: unknown, _place: unknown, body: { metadata: object }) => {
      items.push({ ...body, metadata: { ...body.metadata, uid: String(items.length) } });
      return Promise.resolve();
    },
  };
  return { client: client as unknown as KubeClient, items };
}

it("gives probes and scrapes their turns while it exports a large fleet, anew or unchanged", async () => {
  const { client, items } = memoryClient();
  let turns = 0;
  const count = () => {
    turns += 1;
    next = setImmediate(count);
  };
  let next = setImmediate(count);
  for (const written of [true, false]) {
    turns = 0;
    const exported = await exportReports(client, scan, { record, doubt: undefined });
    expect(exported).toMatchObject({ kind: "done", written: written ? items.length : 0 });
    // One for every thousand results, and one for every report.
    expect(items.length).toBeGreaterThan(2);
    expect(turns).toBeGreaterThanOrEqual(FINDINGS / 1_000 + items.length);
  }
  clearImmediate(next);
});
