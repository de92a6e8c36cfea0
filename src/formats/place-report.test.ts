import { describe, expect, it } from "vitest";
import { compliantResult, interruptedResult, scanResult } from "../../test/support/scan-result.ts";
import { placeReports } from "./place-report.ts";

const ACCOUNT = "111122223333";

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
