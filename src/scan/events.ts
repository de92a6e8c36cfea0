import type { FailureReason } from "../api/reasons.ts";
import type { FailureKind } from "../aws/errors.ts";
import type { ResourceType } from "../rules/resource.ts";
import type { Judgement, Verdict } from "../rules/rule.ts";

/** A rule's verdict on one resource, or that there is none. */
export interface Finding {
  readonly rule: string;
  /** `exempt`: a violation that an exemption covers. */
  readonly verdict: Verdict | "exempt";
  readonly arn: string;
  readonly type: ResourceType;
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly reason: string;
  readonly message: string;
  readonly evidence: Judgement["evidence"];
  /** When the fields in `evidence` were read from AWS (RFC 3339); absent where nothing was read. */
  readonly observedTime?: string | undefined;
  /** The ARN of the identity that asked AWS for them: who can repeat the observation, and find it in CloudTrail. */
  readonly observedBy?: string | undefined;
  /** The name of the exemption, where `exempt`. */
  readonly exemption?: string;
}

/** Something that could not be read. */
export interface Failure {
  /** Empty where no account is known yet: the scan's own credentials failed. */
  readonly account: string;
  /** Empty where the whole account could not be read. */
  readonly region: string;
  readonly operation: string;
  readonly kind: FailureKind;
  readonly reason: FailureReason;
  /** AWS's error code, or ours. */
  readonly code: string;
  readonly message: string;
  readonly requestId?: string | undefined;
}

/**
 * What a scan tells while it goes on. Whatever was not `listed` was not covered: silence is never a pass, so a
 * fold over these events is right wherever the scan stopped.
 */
export type ScanEvent =
  /** The accounts to scan; an id is undefined where it is that of the credentials. Incomplete: there may be more. */
  | {
      readonly kind: "scope";
      readonly accounts: readonly { readonly id?: string | undefined; readonly name?: string | undefined }[];
      readonly complete: boolean;
    }
  /** The account is who it was taken for, and these are the regions to look at. */
  | {
      readonly kind: "account";
      readonly account: string;
      readonly regions: readonly string[];
    }
  /** Every page of this type's list was read; `supported` is false where the region has no such service. */
  | {
      readonly kind: "listed";
      readonly account: string;
      readonly region: string;
      readonly type: ResourceType;
      readonly supported: boolean;
    }
  | { readonly kind: "finding"; readonly finding: Finding }
  /** Known to exist, and not judged before the scan's deadline. */
  | {
      readonly kind: "unjudged";
      readonly resource: Pick<Finding, "rule" | "arn" | "type" | "account" | "region">;
    }
  /** Listed, but gone when it was to be described. */
  | { readonly kind: "gone"; readonly arn: string }
  | { readonly kind: "failure"; readonly failure: Failure };

export type ScanSink = (event: ScanEvent) => void;
