import { describe, expect, it } from "vitest";
import type { AwsAccountScanStatus } from "../api/generated/awsaccountscan.ts";
import type { ScanRecord } from "../report/record.ts";
import { isOutrun, type LedgerEntry } from "./ledger.ts";

const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();

function scanOf(id: string, minute: number) {
  const time = at(minute);
  return { id, trigger: "Scheduled", startTime: time, completionTime: time, outcome: "Complete" } as const;
}

function entryOf(changes: Partial<LedgerEntry>): LedgerEntry {
  return {
    namespace: "team",
    name: "scan",
    uid: "u",
    owner: { identity: "me", epoch: 2 },
    record: recordOf("1", 1),
    nextScanAt: undefined,
    ...changes,
  };
}

function recordOf(id: string, minute: number): ScanRecord {
  const scan = { ...scanOf(id, minute), generation: 1, scopeDigest: "", consecutiveFailures: 0 };
  return { scan, cells: [], coverage: [], failures: [], findings: [] };
}

const statusOf = (id: string, minute: number, identity = "before"): AwsAccountScanStatus => ({
  owner: { identity, epoch: identity === "me" ? 2 : 1 },
  lastScan: scanOf(id, minute),
});

describe("what was restored", () => {
  it("is outrun by another result of the owner before", () => {
    expect(isOutrun(entryOf({}), statusOf("2", 2))).toBe(true);
    expect(isOutrun(entryOf({ record: "none" }), statusOf("2", 2))).toBe(true);
  });

  it("is not by the result that it is, by an older one, or by what this process has said", () => {
    expect(isOutrun(entryOf({}), statusOf("1", 1))).toBe(false);
    expect(isOutrun(entryOf({}), statusOf("0", 0))).toBe(false);
    expect(isOutrun(entryOf({}), {})).toBe(false);
    expect(isOutrun(entryOf({}), statusOf("2", 2, "me"))).toBe(false);
  });

  it("is no more once this process has written: the owner before cannot", () => {
    const written = { cached: "1", version: "2" };
    expect(isOutrun(entryOf({ written }), statusOf("2", 2))).toBe(false);
  });
});
