import { describe, expect, it } from "vitest";
import type { AwsAccountScan } from "../../api/generated/awsaccountscan.ts";
import { REQUESTED_AT } from "../../api/names.ts";
import { answerOf } from "./answer.ts";

const REQUEST = "2026-01-01T00:00:00.000Z";

function scan(status: object, spec: object = {}): AwsAccountScan {
  return {
    apiVersion: "awsaccountscan.dev/v1alpha1",
    kind: "AwsAccountScan",
    metadata: { name: "s", namespace: "n", generation: 2 },
    spec,
    status,
  } as AwsAccountScan;
}

function stalled(reason: string, observedGeneration = 2): object {
  return { conditions: [{ type: "Stalled", status: "True", reason, message: "m", observedGeneration }] };
}

const currentScan = { id: "a", trigger: "Request", startTime: "2026-01-01T00:00:05Z" };

describe("answerOf", () => {
  it("takes the answer to who has asked later for an answer", () => {
    const asked = scan({ lastHandledReconcileAt: "later" });
    const annotated = { ...asked, metadata: { ...asked.metadata, annotations: { [REQUESTED_AT]: "later" } } };
    expect(answerOf(annotated, REQUEST)).toEqual({ kind: "ended" });
  });

  it.each([
    ["no status at all", undefined, "waiting for the operator"],
    ["another request's answer", { lastHandledReconcileAt: "x" }, "waiting for the operator"],
    ["a scan under way", { currentScan }, "scanning since 2026-01-01T00:00:05Z"],
    ["a later scan under way", { lastHandledReconcileAt: REQUEST, currentScan }, "scanning since"],
    ["a stall of the spec before", stalled("UnknownRule", 1), "waiting for the operator"],
    ["a stall that a request may end", stalled("ServiceAccountNotFound"), "waiting for the operator"],
  ])("waits with %s", (_what, status, state) => {
    expect(answerOf(scan(status as object), REQUEST)).toEqual({
      kind: "waiting",
      state: expect.stringContaining(state),
    });
  });

  it("has ended where the request is handled and nothing runs, stalled or not", () => {
    const handled = { lastHandledReconcileAt: REQUEST };
    expect(answerOf(scan(handled), REQUEST)).toEqual({ kind: "ended" });
    expect(answerOf(scan({ ...handled, ...stalled("RoleNotAllowed") }), REQUEST)).toEqual({ kind: "ended" });
  });

  it("is refused at once where no request helps, with what does", () => {
    expect(answerOf(scan(stalled("UnknownRule")), REQUEST)).toEqual({
      kind: "refused",
      why: "is stalled: UnknownRule: m",
    });
    expect(answerOf(scan({}, { suspend: true }), REQUEST)).toMatchObject({ kind: "refused" });
  });
});
