import { describe, expect, it } from "vitest";
import { coverageOf } from "./coverage.ts";
import { ScanFold } from "./fold.ts";

const place = { account: "111111111111", region: "us-east-1" };
const scope = { accounts: [{ id: place.account }], regions: {}, rules: ["SageMaker-004"] };

describe("a row of coverage", () => {
  it("tells the operation, code and request id of the failure that left the region unread", () => {
    const fold = new ScanFold();
    fold.sink({ kind: "account", account: place.account, regions: [place.region] });
    const answer = {
      operation: "ListNotebookInstances",
      code: "AccessDeniedException",
      message: "no",
      requestId: "r-1",
    };
    fold.sink({ kind: "failure", failure: { ...place, ...answer, kind: "denied", reason: "AccessDenied" } });
    expect(coverageOf(fold, undefined, scope)).toEqual([
      { ...place, accountName: undefined, ...answer, state: "denied" },
    ]);
  });
});
