import { describe, expect, it } from "vitest";
import { compliantResult, scanResult } from "../../test/support/scan-result.ts";
import { NOTEBOOK_INSTANCE } from "../rules/resource.ts";
import type { Cell } from "./record.ts";
import { harmlessFailures, unreadOf, unreadPlaces } from "./unread.ts";

const ACCOUNT = "111122223333";
const failure = (region: string, account = ACCOUNT) => ({
  account,
  region,
  operation: "ListTags",
  reason: "AccessDenied",
  code: "AccessDeniedException",
  message: "no",
  count: 1,
});

describe("unreadOf", () => {
  it("tells each place that is not covered once, and nothing where all is", () => {
    expect(unreadOf(scanResult).map(({ account, region, state }) => [account, region, state])).toEqual([
      [ACCOUNT, "us-east-1", "timed-out"],
      ["444455556666", "eu-west-1", "denied"],
      ["444455556666", "us-west-2", "denied-by-scp"],
      ["777788889999", "", "denied"],
    ]);
    expect(unreadOf(compliantResult)).toEqual([]);
  });

  it("tells of unknowns that are counted and not listed", () => {
    const accounts = scanResult.accounts.map((row) => (row.id === ACCOUNT ? { ...row, unknown: 7 } : row));
    const more = { ...scanResult, accounts, summary: { ...scanResult.summary, unknown: 12 } };
    const rows = unreadOf(more).filter(({ state }) => state === "not-listed");
    // 2 are listed in the other account; 3 are in none.
    expect(rows.map(({ account, notListed }) => [account, notListed])).toEqual([
      [ACCOUNT, 7],
      ["", 3],
    ]);
  });

  it("tells of an interruption even where every row is covered", () => {
    const result = { ...compliantResult, scan: { ...compliantResult.scan, interrupted: true } };
    expect(unreadOf(result).map(({ state }) => state)).toEqual(["interrupted"]);
  });

  it("loses no failure whose place has no row", () => {
    const result = { ...compliantResult, failures: [failure("ap-south-1")] };
    expect(unreadOf(result)).toMatchObject([{ region: "ap-south-1", state: "failed" }]);
  });

  it("takes no scan for complete that says it is not, or that looked at nothing", () => {
    const failed = { ...compliantResult, scan: { ...compliantResult.scan, outcome: "Incomplete" as const } };
    expect(unreadOf(failed).map(({ state }) => state)).toEqual(["incomplete"]);
    expect(unreadOf({ ...compliantResult, coverage: [] }).map(({ state }) => state)).toEqual([
      "nothing-in-scope",
    ]);
  });
});

describe("unreadPlaces", () => {
  const cell: Cell = {
    account: ACCOUNT,
    region: "eu-central-1",
    type: NOTEBOOK_INSTANCE,
    rule: "SageMaker-004",
    compliant: 0,
    violations: 0,
    exempt: 0,
    unknown: 500,
  };
  const record = { ...compliantResult, cells: [cell, { ...cell, region: "us-east-1", unknown: 2 }] };

  it("tells a place once, whatever is missing there", () => {
    const row = { account: ACCOUNT, region: "eu-central-1", state: "timed-out" } as const;
    const rows = unreadPlaces({ ...record, coverage: [row], failures: [failure("eu-central-1")] });
    expect(rows.map(({ region, state, notListed }) => [region, state, notListed])).toEqual([
      ["eu-central-1", "timed-out", 500],
      ["us-east-1", "not-listed", 2],
    ]);
    expect(rows[0]?.failures).toEqual([failure("eu-central-1")]);
  });

  it("counts no unknown that a finding tells of", () => {
    const [listed] = scanResult.findings.filter(({ verdict }) => verdict === "unknown");
    const findings = [1, 2].flatMap(() =>
      listed === undefined ? [] : [{ ...listed, account: ACCOUNT, region: "us-east-1" }],
    );
    expect(unreadPlaces({ ...record, findings }).map(({ region }) => region)).toEqual(["eu-central-1"]);
  });
});

describe("harmlessFailures", () => {
  it("has those of places that are covered", () => {
    const result = { ...compliantResult, failures: [failure("eu-central-1")] };
    expect(harmlessFailures(result)).toHaveLength(1);
    expect(unreadOf(result)).toEqual([]);
    expect(harmlessFailures(scanResult)).toEqual([]);
  });
});
