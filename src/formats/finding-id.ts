import { createHash } from "node:crypto";
import { findingKey } from "../report/record.ts";
import type { ReportedFinding } from "../report/result.ts";

/** The same for a resource under a rule in every scan, so that an importer updates what it has: 64 hexadecimal digits. */
export function findingDigest(finding: Pick<ReportedFinding, "rule" | "arn">): string {
  return createHash("sha256").update(findingKey(finding)).digest("hex");
}
