import type { FailureKind } from "../aws/errors.ts";
import type { ResourceType } from "../rules/resource.ts";
import type { Finding } from "../scan/events.ts";

/** The complete outcome of a scan: what the next scan, the next process, status and metrics are made from. */
export interface ScanRecord {
  readonly scan: ScanFacts;
  /** Counts by account, region, type and rule; only places where resources are known to be. */
  readonly cells: readonly Cell[];
  readonly coverage: readonly Coverage[];
  readonly failures: readonly FailureCount[];
  /** Everything that is not a pass, and the passes too where `spec.reports.include` asks for them. */
  readonly findings: readonly RecordedFinding[];
}

/** What started a scan. */
export type Trigger = "Initial" | "SpecChange" | "Requested" | "Scheduled" | "Retry" | "RecordLost";

/**
 * - `Complete`: everything could be read
 * - `Incomplete`: something could
 * - `Failed`: nothing could
 */
export type Outcome = "Complete" | "Incomplete" | "Failed";

/** Times are RFC 3339. */
export interface ScanFacts {
  readonly id: string;
  readonly trigger: Trigger;
  /** The spec's generation that was scanned. */
  readonly generation: number;
  /** SHA-256 of what the spec says of the scan's scope; see `scopeDigest`. */
  readonly scopeDigest: string;
  /** The `requestedAt` annotation that this scan answered. */
  readonly requestedAt?: string | undefined;
  readonly startTime: string;
  readonly completionTime: string;
  readonly outcome: Outcome;
  /** Scans in a row, this one included, with outcome `Failed`. */
  readonly consecutiveFailures: number;
  /** Completion of the last scan that did not fail, this one included. */
  readonly lastSuccessTime?: string | undefined;
  /** Why no AWS call was made, where a human must change something first. */
  readonly stalled?: { readonly reason: string; readonly message: string } | undefined;
}

export interface VerdictCounts {
  readonly compliant: number;
  readonly violations: number;
  readonly exempt: number;
  readonly unknown: number;
}

export interface Cell extends VerdictCounts {
  readonly account: string;
  readonly accountName?: string | undefined;
  readonly region: string;
  readonly type: ResourceType;
  readonly rule: string;
}

export type CoverageState = "covered" | FailureKind;

export interface Coverage {
  readonly account: string;
  readonly accountName?: string | undefined;
  /** Empty: the account as a whole. */
  readonly region: string;
  readonly state: CoverageState;
  /** The failure behind a state that tells of one: the AWS API operation, AWS's code, its message and request id. */
  readonly operation?: string | undefined;
  readonly code?: string | undefined;
  readonly message?: string | undefined;
  readonly requestId?: string | undefined;
}

/** Failures of one kind at one place, told once. */
export interface FailureCount {
  readonly account: string;
  readonly region: string;
  readonly operation: string;
  readonly reason: string;
  readonly code: string;
  readonly message: string;
  readonly requestId?: string | undefined;
  readonly count: number;
}

export interface RecordedFinding extends Finding {
  /** When this violation, exempt or not, was first seen; it outlives scans that could not read it. */
  readonly firstSeen?: string | undefined;
  /** On a violation that this scan could not read: when it was last read as one. */
  readonly lastVerified?: string | undefined;
}

/** An account, or a region of one: what makes two rows be about the same place. */
export function placeKey({ account, region }: Pick<Coverage, "account" | "region">): string {
  return `${account} ${region}`;
}

/** A resource under a rule: what makes two findings the same one. */
export function findingKey({ rule, arn }: Pick<Finding, "rule" | "arn">): string {
  return `${rule} ${arn}`;
}
