import { FAULT_KINDS, type FaultRule } from "./faults.ts";
import { assertNone, type Check, type Fields, listOf, number, object, oneOf, text, whole } from "./shape.ts";

const anyNumber = number(Number.NEGATIVE_INFINITY);

const OPTIONAL: Fields<Omit<FaultRule, "kind">> = {
  service: oneOf(["sts", "ec2", "sagemaker", "organizations"], "service"),
  operation: text(),
  account: text(/^\d{12}$/, "twelve digits"),
  region: text(),
  name: text(),
  after: whole(),
  times: whole(),
  probability: number(0, 1),
  latencyMs: number(),
  pageSize: whole(),
  ratePerSecond: number(),
  burst: number(1),
  retryAfterSeconds: number(),
  skewMs: anyNumber,
  pieces: whole(1),
  code: text(),
  message: text(),
  status: whole(200),
};

/** A list of fault rules. */
export const faultsShape: Check = listOf(object({ kind: oneOf(FAULT_KINDS, "fault") }, OPTIONAL));

/** Throws with all that is wrong with the rules. */
export function checkFaults(rules: unknown): void {
  assertNone("the faults are", faultsShape(rules, "faults"));
}
