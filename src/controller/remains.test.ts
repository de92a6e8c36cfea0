import { describe, expect, it } from "vitest";
import { assembleRecord } from "../report/assemble.ts";
import { ScanFold } from "../report/fold.ts";
import { recordFromStatus } from "./remains.ts";

const violation = {
  rule: "SageMaker-004",
  arn: "arn:aws:sagemaker:r1:111111111111:notebook-instance/n",
  type: "AWS::SageMaker::NotebookInstance",
  account: "111111111111",
  region: "r1",
  name: "n",
  reason: "DirectInternetAccessEnabled",
  firstSeen: "2026-01-01T00:00:00Z",
};
const lastScan = {
  id: "1",
  trigger: "Scheduled" as const,
  startTime: "2026-02-01T00:00:00Z",
  completionTime: "2026-02-01T00:01:00Z",
  outcome: "Complete" as const,
};

describe("recordFromStatus", () => {
  it("remembers nothing of a scan that never ran", () => {
    expect(recordFromStatus(undefined)).toBeUndefined();
    expect(recordFromStatus({ observedGeneration: 1 })).toBeUndefined();
  });

  it("keeps the names of accounts", () => {
    const counts = { resources: 1, compliant: 0, violations: 1, exempt: 0, unknown: 0 };
    const accounts = [{ id: "111111111111", name: "payments", ...counts }];
    const remains = recordFromStatus({ lastScan, accounts, violations: [violation] });
    expect(remains?.cells).toMatchObject([{ accountName: "payments", violations: 1 }]);
  });

  it("keeps violations and their age through a scan that cannot read them", () => {
    const remains = recordFromStatus({ lastScan, violations: [violation] });
    const scope = { accounts: [{ id: "111111111111" }], regions: {}, rules: ["SageMaker-004"] };
    const run = { ...lastScan, id: "2", generation: 1, scopeDigest: "" };
    const next = assembleRecord(new ScanFold(), remains, scope, run);
    expect(next.findings).toMatchObject([
      { firstSeen: violation.firstSeen, lastVerified: lastScan.completionTime },
    ]);
    expect(next.cells).toMatchObject([{ violations: 1, unknown: 0 }]);
  });
});
