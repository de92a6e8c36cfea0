import { hash } from "node:crypto";
import { parseDuration } from "../api/duration.ts";
import type { AwsAccountScanSpec } from "../api/generated/awsaccountscan.ts";
import { safeText } from "../api/safe-text.ts";
import type { ScanFold } from "../report/fold.ts";
import type { Scope } from "../report/scope.ts";
import { selectRules } from "../rules/registry.ts";
import type { ScanRequest } from "../scan/request.ts";

/** What a spec asks to scan, in the engine's words; `startedAt`: when the scan began (ms). */
export function requestOf(spec: AwsAccountScanSpec, startedAt: number): ScanRequest {
  return {
    ...targetsOf(spec),
    regions: spec.regions ?? {},
    rules: selectRules(spec.rules?.include).rules,
    exemptions: spec.exemptions ?? [],
    startedAt,
  };
}

/** What a scan of `spec` set out for; where it never came to know, what the spec says of it. */
export function scopeOf(spec: AwsAccountScanSpec, fold: ScanFold): Scope {
  const { rules } = selectRules(spec.rules?.include);
  const { accounts, complete } = fold.targets ?? {
    accounts: spec.accounts ?? (spec.organization === undefined ? [{}] : []),
    complete: spec.organization === undefined,
  };
  return { accounts, openEnded: !complete, regions: spec.regions ?? {}, rules: rules.map(({ id }) => id) };
}

/**
 * SHA-256 of all in the spec that changes what a scan looks at and how it judges. A verdict on another scope must
 * not pass for one on this; a new interval changes none.
 */
export function scopeDigest(spec: AwsAccountScanSpec): string {
  const { credentials, accounts, organization, regions, rules, exemptions } = spec;
  const selected = selectRules(rules?.include);
  const ids = selected.rules.map(({ id }) => id);
  const known = [credentials, accounts, organization, regions, ids, exemptions];
  // Where there is none, nothing is added: the digests of stored records stay what they are.
  const scope = JSON.stringify(selected.unknown.length === 0 ? known : [...known, selected.unknown]);
  return hash("sha256", scope, "hex");
}

/** The accounts that a spec means. */
export function targetsOf({
  accounts,
  organization,
}: Pick<AwsAccountScanSpec, "accounts" | "organization">): Pick<ScanRequest, "accounts" | "organization"> {
  return {
    accounts: accounts?.map(withSeconds).map(withSafeName),
    organization: organization && withSeconds(organization),
  };
}

/** A name is whatever a tenant likes, and ends in statuses, labels, reports and terminals. */
function withSafeName<T extends { readonly name?: string | undefined }>(target: T): T {
  return target.name === undefined ? target : { ...target, name: safeText(target.name, 128) };
}

/** AWS counts a session's duration in whole seconds. */
function withSeconds<T extends { readonly sessionDuration?: string | undefined }>({
  sessionDuration,
  ...target
}: T): Omit<T, "sessionDuration"> & { readonly sessionDurationSeconds?: number | undefined } {
  if (sessionDuration === undefined) return target;
  return { ...target, sessionDurationSeconds: Math.floor(parseDuration(sessionDuration) / 1_000) };
}
