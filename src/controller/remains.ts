import type { AwsAccountScanStatus } from "../api/generated/awsaccountscan.ts";
import { ScanFold } from "../report/fold.ts";
import type { Cell, RecordedFinding, ScanRecord } from "../report/record.ts";
import { COLLECTED_TYPES } from "../rules/resource.ts";

/**
 * What a status remembers of a record that is lost: the violations that it lists, with their age. So the next scan
 * does not take them for new, or for resolved where it cannot read them. Undefined where there has been no scan.
 */
export function recordFromStatus(status: AwsAccountScanStatus | undefined): ScanRecord | undefined {
  const lastScan = status?.lastScan;
  if (status === undefined || lastScan === undefined) return undefined;
  const fold = new ScanFold();
  const findings: RecordedFinding[] = [];
  for (const violation of status.violations ?? []) {
    const type = COLLECTED_TYPES.find((known) => known === violation.type);
    if (type === undefined) continue;
    const finding = { ...violation, type, verdict: "violation" as const, message: "", evidence: {} };
    fold.sink({ kind: "finding", finding });
    findings.push(finding);
  }
  const names = new Map(status.accounts?.map(({ id, name }) => [id, name]));
  // Metrics carry the names: under another one, an alert would end and begin anew.
  const cells = [...fold.cells.values()].map(
    (cell): Cell => ({ ...cell, accountName: names.get(cell.account) }),
  );
  const facts = {
    ...lastScan,
    generation: status.observedGeneration ?? 0,
    scopeDigest: "",
    consecutiveFailures: 0,
    lastSuccessTime: status.lastSuccessTime,
  };
  return { scan: facts, cells, coverage: [], failures: [], findings };
}
