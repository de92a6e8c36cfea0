import { describe, expect, it } from "vitest";
import { compliantResult, interruptedResult, scanResult } from "../../test/support/scan-result.ts";
import { placeReports } from "./place-report.ts";
import { harmlessFailures, isWhole, unreadOf } from "./unread.ts";

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
    expect(rows.map(({ account, message }) => [account, message.split(" ")[0]])).toEqual([
      [ACCOUNT, "7"],
      ["", "3"],
    ]);
  });

  it("tells of an interruption even where every row is covered", () => {
    const result = { ...compliantResult, scan: { ...compliantResult.scan, interrupted: true } };
    expect(unreadOf(result).map(({ state }) => state)).toEqual(["interrupted"]);
    expect(isWhole(result)).toBe(false);
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

describe("isWhole", () => {
  it("is true of a scan that read and judged everything", () => expect(isWhole(compliantResult)).toBe(true));

  it("is false with a hole, an unknown or a violation that was not read now", () => {
    expect(isWhole(scanResult)).toBe(false);
    expect(isWhole({ ...compliantResult, summary: { ...compliantResult.summary, unknown: 1 } })).toBe(false);
    const unverified = scanResult.findings.filter(({ lastVerified }) => lastVerified !== undefined);
    expect(isWhole({ ...compliantResult, findings: unverified })).toBe(false);
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

describe("placeReports", () => {
  it("speaks of every account and region, read or not", () => {
    const places = placeReports(scanResult).map(({ account, region, holes }) => [
      account,
      region,
      holes.length,
    ]);
    expect(places).toEqual([
      [ACCOUNT, "", 0],
      [ACCOUNT, "eu-central-1", 0],
      [ACCOUNT, "us-east-1", 1],
      [ACCOUNT, "me-south-1", 0],
      ["444455556666", "", 0],
      ["444455556666", "eu-west-1", 1],
      ["444455556666", "us-west-2", 1],
      ["777788889999", "", 1],
    ]);
  });

  it("tells each account of what the scan as a whole lacks", () => {
    const [account] = placeReports(interruptedResult);
    expect(account).toMatchObject({ account: ACCOUNT, region: "", holes: [{ state: "interrupted" }] });
  });

  it("speaks of the scan where no account is known", () => {
    const result = { ...compliantResult, coverage: [], accounts: [] };
    expect(placeReports(result)).toMatchObject([
      { account: "", region: "", holes: [{ state: "nothing-in-scope" }] },
    ]);
  });
});
