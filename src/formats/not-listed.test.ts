import { describe, expect, it } from "vitest";
import { compliantResult } from "../../test/support/scan-result.ts";
import { FORMATS } from "./registry.ts";

const [account] = compliantResult.accounts;
/** 500 of them could not be judged, and no finding tells of one; beside them, a failure whose place has no row. */
const result = {
  ...compliantResult,
  scan: { ...compliantResult.scan, outcome: "Incomplete" as const },
  summary: { ...compliantResult.summary, unknown: 500 },
  accounts: account === undefined ? [] : [{ ...account, unknown: 500 }],
  failures: [
    {
      account: "999988887777",
      region: "ap-south-1",
      operation: "ListDomains",
      reason: "AccessDenied",
      code: "AccessDeniedException",
      message: "no",
      count: 1,
    },
  ],
};

describe.each(Object.entries(FORMATS))("%s", (_name, format) => {
  const text = [...format(result, { color: false })].join("");

  it("tells how many unknowns are not listed, and which call failed where nobody read", () => {
    expect(text).toContain("500");
    expect(text).toContain("ap-south-1");
    expect(text).toContain("AccessDenied");
  });

  it("calls nothing compliant, nor without unknowns", () => {
    expect(text).not.toMatch(/Compliant: |No violation, exemption or unknown/);
  });
});

describe.each(["table", "markdown", "csv", "ndjson", "html"] as const)("%s", (name) => {
  it("has a row for the unknowns of an account", () => {
    const text = [...FORMATS[name](result, { color: false })].join("").replaceAll(/<[^>]+>|`/g, " ");
    const row = text.split("\n").filter((line) => /not-listed/.test(line));
    expect(row.length).toBe(1);
    expect(text).toMatch(/111122223333[^#]{0,200}not-listed/);
  });
});
