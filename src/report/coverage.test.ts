import { describe, expect, it } from "vitest";
import { COLLECTED_TYPES } from "../rules/resource.ts";
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

  it("is not covered where everything was listed and something could not be described", () => {
    const fold = new ScanFold();
    fold.sink({ kind: "account", account: place.account, regions: [place.region] });
    for (const type of COLLECTED_TYPES) fold.sink({ kind: "listed", ...place, type, supported: true });
    expect(coverageOf(fold, undefined, scope)).toMatchObject([{ state: "covered" }]);
    const answer = { code: "ThrottlingException", message: "slow down", requestId: "r-2" };
    const tags = {
      ...place,
      ...answer,
      operation: "ListTags",
      kind: "throttled",
      reason: "Throttled",
    } as const;
    fold.sink({ kind: "failure", failure: tags });
    expect(coverageOf(fold, undefined, scope)).toMatchObject([{ state: "covered" }]);
    fold.sink({ kind: "failure", failure: { ...tags, operation: "DescribeDomain" } });
    expect(coverageOf(fold, undefined, scope)).toMatchObject([
      { state: "throttled", operation: "DescribeDomain", code: "ThrottlingException", requestId: "r-2" },
    ]);
  });

  it("is not covered where a session could not be renewed for what was to be described", () => {
    const fold = new ScanFold();
    fold.sink({ kind: "account", account: place.account, regions: [place.region] });
    for (const type of COLLECTED_TYPES) fold.sink({ kind: "listed", ...place, type, supported: true });
    const failure = {
      operation: "AssumeRole",
      code: "AccessDenied",
      message: "no",
      reason: "AccessDenied",
    } as const;
    fold.sink({ kind: "failure", failure: { ...place, ...failure, kind: "denied" } });
    expect(coverageOf(fold, undefined, scope)).toMatchObject([{ state: "denied", operation: "AssumeRole" }]);
  });
});
