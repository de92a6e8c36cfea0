import type { ScanRecord } from "../../src/report/record.ts";
import { NOTEBOOK_INSTANCE } from "../../src/rules/resource.ts";

const TIME = "2026-01-05T00:00:00Z";

/** The record of a complete scan; some thousand findings need more than one object. */
export function recordOf(id: string, findings = 0): ScanRecord {
  return {
    scan: {
      id,
      trigger: "Scheduled",
      generation: 1,
      scopeDigest: "d",
      startTime: TIME,
      completionTime: TIME,
      outcome: "Complete",
      consecutiveFailures: 0,
      lastSuccessTime: TIME,
    },
    cells: [],
    coverage: [],
    failures: [],
    findings: Array.from({ length: findings }, (_, n) => ({
      rule: "SageMaker-004",
      verdict: "violation",
      arn: `arn:aws:sagemaker:us-east-1:111111111111:notebook-instance/${id}-${n}`,
      type: NOTEBOOK_INSTANCE,
      account: "111111111111",
      region: "us-east-1",
      name: `n-${n}`,
      reason: "DirectInternetAccessEnabled",
      message: "m".repeat(200),
      evidence: {},
      firstSeen: TIME,
    })),
  };
}
