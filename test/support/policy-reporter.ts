/**
 * By what Policy Reporter 3 tells one result and one resource from another: the rules of its `pkg/report/result/
 * id_generator.go` and `pkg/database/model.go` as of 2026, in our words. Its Go module is on no module proxy.
 */
import type { ObjectReference, ReportBody, ReportResult } from "../../src/openreports/types.ts";

/** A result's identity: what the report says it is, else a hash of the scope, or the resource, and its words. */
export function resultIdentity(
  report: { readonly scope?: Partial<ObjectReference> },
  result: Partial<ReportResult>,
): string {
  const given = result.properties?.["resultID"];
  if (given !== undefined) return given;
  const about: Partial<ObjectReference> | undefined = report.scope ?? result.resources?.[0];
  const { policy = "", rule = "", result: status = "", category = "", message = "" } = result;
  return fnv1a64([about?.name ?? "", about?.uid ?? "", policy, rule, status, category, message]);
}

/** A resource's identity, in lists of resources and in the labels of the metric: the uid is none of it. */
export function resourceIdentity({ namespace = "", name, kind, apiVersion }: ObjectReference): string {
  return fnv1a64([namespace, name, kind, apiVersion]);
}

/** `results` as a Policy Reporter that knows nothing of `resultID` would tell them apart. */
export function plainIdentities({ scope, results }: Pick<ReportBody, "scope" | "results">): string[] {
  return results.map(({ properties: _, ...result }) => resultIdentity({ scope }, result));
}

/** http://www.isthe.com/chongo/tech/comp/fnv/ */
function fnv1a64(texts: readonly string[]): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(texts.join("")))
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return String(hash);
}
