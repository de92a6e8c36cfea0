/**
 * Generated from deploy/crds/awsaccountscanreports.awsaccountscan.dev.yaml by `npm run generate`; edit that file instead.
 * Times are RFC 3339. Fields with a default are optional: objects written before the default existed lack them.
 */

/**
 * AwsAccountScanReport is the complete record of an AwsAccountScan's last scan. One object a scan, the index, stands for the record; what does not fit it lies in further objects, the shards, which the index names. Written by the operator alone, which restores metrics and the age of violations from it after a restart; an index that was changed by hand makes the operator scan again.
 */
export interface AwsAccountScanReport {
  /**
   * The version of this schema, awsaccountscan.dev/v1alpha1.
   */
  apiVersion?: string | undefined;
  /**
   * Always AwsAccountScanReport.
   */
  kind?: string | undefined;
  metadata: ObjectMeta;
  /**
   * What the record is about and where its contents are; absent on a shard.
   */
  index?: ReportIndex | undefined;
  /**
   * All that the scan found, or this shard's part of it; absent on an index that names shards. Rows are in no order that means anything.
   */
  contents?: ReportContents | undefined;
}

/**
 * What the record is about and where its contents are; absent on a shard.
 */
export interface ReportIndex {
  /**
   * The process that wrote this record, as in the scan's status: the API server refuses what a process writes whose scan another has taken over.
   */
  owner?:
    | {
        /**
         * Its host, in a cluster the pod's name, and an id that no other process has.
         */
        identity: string;
        /**
         * How many processes have owned the scan, this one included.
         */
        epoch: number;
      }
    | undefined;
  /**
   * The name of the AwsAccountScan.
   */
  scanName: string;
  /**
   * Its UID, since a scan of the same name may have been made anew.
   */
  scanUID: string;
  /**
   * The metadata.generation of the spec that was scanned.
   */
  generation: number;
  /**
   * SHA-256 of all in the spec that changes what the scan looks at and how it judges.
   */
  scopeDigest: string;
  /**
   * The scan that made this record.
   */
  scan: ReportScan;
  /**
   * When the last scan ended that could read anything.
   */
  lastSuccessTime?: string | undefined;
  /**
   * What the scan found, in numbers. A resource counts once for every rule that judges it.
   */
  summary: ScanSummary;
  /**
   * The reports that hold the contents; absent where they are in this object.
   */
  shards?: ReportShard[] | undefined;
  /**
   * SHA-256 of this index's facts and of all contents; where it does not fit, the operator scans again.
   */
  digest?: string | undefined;
}

/**
 * The scan that made this record.
 */
export interface ReportScan {
  /**
   * The scan's id, which is in all its log lines.
   */
  id: string;
  /**
   * What started it. Initial: the first one; SpecChange; Requested: the annotation; Scheduled: interval or schedule; Retry: after a failure; RecordLost: the record of the last scan cannot be read.
   */
  trigger: Trigger;
  /**
   * The value of the annotation awsaccountscan.dev/requestedAt that it answered, cut to 256 characters.
   */
  requestedAt?: string | undefined;
  /**
   * When it started.
   */
  startTime: string;
  /**
   * When it ended.
   */
  completionTime: string;
  /**
   * Complete: everything could be read. Incomplete: something could. Failed: nothing could.
   */
  outcome: Outcome;
  /**
   * Scans in a row, this one included, that Failed.
   */
  consecutiveFailures: number;
  /**
   * Why no AWS call was made, where somebody must change something first.
   */
  stalled?:
    | {
        /**
         * Why, in one CamelCase word.
         */
        reason: string;
        /**
         * What must be changed.
         */
        message: string;
      }
    | undefined;
}

/**
 * What started it. Initial: the first one; SpecChange; Requested: the annotation; Scheduled: interval or schedule; Retry: after a failure; RecordLost: the record of the last scan cannot be read.
 */
export type Trigger = "Initial" | "SpecChange" | "Requested" | "Scheduled" | "Retry" | "RecordLost";

/**
 * Complete: everything could be read. Incomplete: something could. Failed: nothing could.
 */
export type Outcome = "Complete" | "Incomplete" | "Failed";

/**
 * What the scan found, in numbers. A resource counts once for every rule that judges it.
 */
export interface ScanSummary {
  /**
   * Accounts that were to be scanned.
   */
  accounts: number;
  /**
   * Regions that were to be scanned, each name counted once.
   */
  regions: number;
  /**
   * The sum of compliant, violations, exempt and unknown.
   */
  resources: number;
  /**
   * Resources that comply.
   */
  compliant: number;
  /**
   * Resources that violate the rule, without the exempt ones.
   */
  violations: number;
  /**
   * Resources that violate the rule and are covered by an exemption.
   */
  exempt: number;
  /**
   * Resources that could not be judged.
   */
  unknown: number;
}

/**
 * A report that holds a part of the contents.
 */
export interface ReportShard {
  /**
   * The name of the AwsAccountScanReport, in the same namespace.
   */
  name: string;
  /**
   * SHA-256 of its contents.
   */
  digest: string;
}

/**
 * All that the scan found, or this shard's part of it; absent on an index that names shards. Rows are in no order that means anything.
 */
export interface ReportContents {
  /**
   * Counts by account, region, type and rule, only where resources are known to be.
   *
   * Items: How the resources of one type in one region fare under one rule.
   */
  cells: ReportCell[];
  /**
   * What could be read, a row for every account and region that was to be.
   *
   * Items: Whether one region of one account could be read.
   */
  coverage: ReportCoverage[];
  /**
   * What could not be read, the same failure at one place told once.
   *
   * Items: Something that could not be read.
   */
  failures: ReportFailure[];
  /**
   * Everything that is not a pass, and the passes too where spec.reports.include is All.
   *
   * Items: A rule's verdict on one resource, and what it rests on.
   */
  findings: ReportFinding[];
}

/**
 * How the resources of one type in one region fare under one rule.
 */
export interface ReportCell {
  /**
   * The id of the account.
   */
  account: string;
  /**
   * What spec.accounts or the organization calls it.
   */
  accountName?: string | undefined;
  /**
   * The name of the region.
   */
  region: string;
  /**
   * The resources' CloudFormation type, such as AWS::SageMaker::NotebookInstance.
   */
  type: string;
  /**
   * The id of the rule, such as SageMaker-004.
   */
  rule: string;
  /**
   * Resources that comply.
   */
  compliant: number;
  /**
   * Resources that violate the rule, without the exempt ones.
   */
  violations: number;
  /**
   * Resources that violate the rule and are covered by an exemption.
   */
  exempt: number;
  /**
   * Resources that could not be judged.
   */
  unknown: number;
}

/**
 * Whether one region of one account could be read.
 */
export interface ReportCoverage {
  /**
   * The id of the account; empty where the scan did not get as far as an account.
   */
  account: string;
  /**
   * What spec.accounts or the organization calls it.
   */
  accountName?: string | undefined;
  /**
   * The name of the region; empty for the account as a whole.
   */
  region: string;
  /**
   * covered: every list was read to its end, and everything listed was described. unsupported: the region has no such service. Everything else tells why it could not be read.
   */
  state: CoverageState;
  /**
   * The AWS API operation that failed.
   */
  operation?: string | undefined;
  /**
   * AWS's error code, or the operator's own.
   */
  code?: string | undefined;
  /**
   * AWS's id of the failed request.
   */
  requestId?: string | undefined;
  /**
   * What AWS answered.
   */
  message?: string | undefined;
}

/**
 * covered: every list was read to its end, and everything listed was described. unsupported: the region has no such service. Everything else tells why it could not be read.
 */
export type CoverageState =
  | "covered"
  | "denied"
  | "denied-by-scp"
  | "throttled"
  | "timed-out"
  | "unreachable"
  | "not-enabled"
  | "unsupported"
  | "failed";

/**
 * Something that could not be read.
 */
export interface ReportFailure {
  /**
   * The id of the account; empty where the scan did not get as far as an account.
   */
  account: string;
  /**
   * The name of the region; empty where the account as a whole could not be read.
   */
  region: string;
  /**
   * The AWS API operation, such as ListNotebookInstances.
   */
  operation: string;
  /**
   * Why, in one CamelCase word, such as AccessDenied or AccountMismatch.
   */
  reason: string;
  /**
   * AWS's error code, or the operator's own.
   */
  code: string;
  /**
   * What AWS answered, or what must be changed.
   */
  message: string;
  /**
   * AWS's id of the failed request.
   */
  requestId?: string | undefined;
  /**
   * How often this happened in the scan.
   */
  count: number;
}

/**
 * A rule's verdict on one resource, and what it rests on.
 */
export interface ReportFinding {
  /**
   * violation; exempt: a violation that an exemption covers; unknown: it could not be judged; compliant.
   */
  verdict: FindingVerdict;
  /**
   * The id of the rule, such as SageMaker-004.
   */
  rule: string;
  /**
   * The ARN of the resource.
   */
  arn: string;
  /**
   * Its CloudFormation type, such as AWS::SageMaker::NotebookInstance.
   */
  type: string;
  /**
   * The id of its account.
   */
  account: string;
  /**
   * The name of its region.
   */
  region: string;
  /**
   * The name of the resource.
   */
  name: string;
  /**
   * Why, in one CamelCase word, such as DirectInternetAccessEnabled.
   */
  reason: string;
  /**
   * Why, in a sentence for people.
   */
  message: string;
  /**
   * The fields that the verdict rests on, by the AWS API's names; null for an absent one.
   */
  evidence: {
    /**
     * What AWS answered.
     */
    [k: string]: string | null;
  };
  /**
   * When an earlier scan read the fields in evidence from AWS. Absent where this scan read them itself, no earlier than its startTime, and where nothing was read and evidence is empty.
   */
  observedTime?: string | undefined;
  /**
   * The ARN of the identity that asked AWS for them.
   */
  observedBy?: string | undefined;
  /**
   * The name of the exemption that covers it.
   */
  exemption?: string | undefined;
  /**
   * When the first scan that found this violation started.
   */
  firstSeen?: string | undefined;
  /**
   * When the violation was last read as one; present only where the scan could not read the resource.
   */
  lastVerified?: string | undefined;
}

/**
 * violation; exempt: a violation that an exemption covers; unknown: it could not be judged; compliant.
 */
export type FindingVerdict = "violation" | "exempt" | "unknown" | "compliant";

/**
 * The fields of metav1.ObjectMeta that we use, as the API server returns them.
 */
export interface ObjectMeta {
  name: string;
  namespace: string;
  /**
   * Differs from that of an object of the same name which existed before.
   */
  uid: string;
  /**
   * Opaque: to be compared for equality only.
   */
  resourceVersion: string;
  /**
   * Counts the changes of spec.
   */
  generation: number;
  /**
   * RFC 3339.
   */
  creationTimestamp: string;
  /**
   * RFC 3339; absent unless the object is being deleted.
   */
  deletionTimestamp?: string | undefined;
  /**
   * For selecting objects.
   */
  labels?:
    | {
        [k: string]: string;
      }
    | undefined;
  /**
   * For everything else.
   */
  annotations?:
    | {
        [k: string]: string;
      }
    | undefined;
  /**
   * The objects with which this one is deleted.
   */
  ownerReferences?:
    | {
        apiVersion: string;
        kind: string;
        name: string;
        uid: string;
        controller?: boolean | undefined;
        blockOwnerDeletion?: boolean | undefined;
      }[]
    | undefined;
}
