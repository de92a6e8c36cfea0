import type { ReportedFinding } from "../report/result.ts";

/** A finding with its keys in the order of the contract, for formats whose readers see it. */
export function findingObject({
  verdict,
  arn,
  type,
  account,
  region,
  name,
  reason,
  evidence,
  frameworks,
  ...rest
}: ReportedFinding): ReportedFinding {
  return { verdict, arn, type, account, region, name, reason, evidence, frameworks, ...rest };
}
