/**
 * Generated from deploy/crds/awsaccountscans.awsaccountscan.dev.yaml by `npm run generate`; edit that file instead.
 * Times are RFC 3339. Fields with a default are optional: objects written before the default existed lack them.
 */

/**
 * AwsAccountScan names AWS accounts and regions, which the operator scans periodically for SageMaker notebook instances with direct internet access and SageMaker domains that are not VpcOnly (rule SageMaker-004). The outcome is in status, in Prometheus metrics and, complete, in AwsAccountScanReports.
 */
export interface AwsAccountScan {
  /**
   * The version of this API, awsaccountscan.dev/v1alpha1.
   */
  apiVersion?: string | undefined;
  /**
   * AwsAccountScan.
   */
  kind?: string | undefined;
  metadata: ObjectMeta;
  /**
   * What to scan, when, and by which credentials.
   */
  spec: AwsAccountScanSpec;
  /**
   * What the last scan found, and what is going on. Written by the operator alone.
   */
  status?: AwsAccountScanStatus | undefined;
}

/**
 * What to scan, when, and by which credentials.
 */
export interface AwsAccountScanSpec {
  /**
   * Time from the start of one scan to the start of the next, a Go duration such as 30m, 1h or 1h30m, from 1m to 8760h. Starts are jittered by 5 percent, so that many scans spread out. With neither interval nor schedule the operator's default holds (1h unless its --default-interval says otherwise).
   */
  interval?: string | undefined;
  /**
   * When to scan, instead of interval: a cron expression of five fields such as "0 2 * * *". A run that was missed is made up once. A new resource or a changed spec is scanned at once all the same.
   */
  schedule?: string | undefined;
  /**
   * The time zone of schedule, by its IANA name such as Europe/Berlin. UTC where omitted.
   */
  timeZone?: string | undefined;
  /**
   * How long a scan may take, a Go duration from 10s to 24h and at most interval. What was not reached by then is unknown, and what was read stays. 15m where omitted, or interval if that is shorter.
   */
  timeout?: string | undefined;
  /**
   * True stops scanning, and a scan that runs. The last result stays until it is too old to be believed. False scans at once and goes on.
   *
   * The API server fills it in when the object is written.
   */
  suspend?: boolean | undefined;
  /**
   * By which AWS identity to scan. Omitted: the operator's own, IRSA or EKS Pod Identity, which it lends only to the namespaces that its administrator lists.
   */
  credentials?:
    | {
        /**
         * A ServiceAccount of this namespace whose annotation eks.amazonaws.com/role-arn names the IAM role to assume, with a token that the operator mints. It must agree by the annotation awsaccountscan.dev/allow-scans set to "true".
         */
        serviceAccountName: string;
      }
    | undefined;
  /**
   * The AWS accounts to scan. Omitted, and no organization either: the account of the credentials.
   */
  accounts?: AccountSpec[] | undefined;
  /**
   * Accounts discovered in AWS Organizations by every scan: all active ones, or those of some organizational units. Accounts listed above keep their own entries.
   */
  organization?: OrganizationSpec | undefined;
  /**
   * Where to look. Omitted, every region that is enabled in the account.
   */
  regions?:
    | {
        /**
         * Names of regions such as us-east-1, and globs such as eu-*, which mean the account's enabled regions. Names need no look-up of enabled regions. Omitted, every region that is enabled in the account.
         */
        include?: string[] | undefined;
        /**
         * Names and globs of regions to leave out, whatever include says: those that a service control policy closes, for example.
         */
        exclude?: string[] | undefined;
      }
    | undefined;
  /**
   * Violations that their owners have accepted. They count as exempt, and do not hinder compliance.
   */
  exemptions?: Exemption[] | undefined;
  /**
   * By which rules to judge. Omitted, all that the operator has.
   */
  rules?:
    | {
        /**
         * Ids of rules, such as SageMaker-004.
         */
        include: string[];
      }
    | undefined;
  /**
   * What the scan's AwsAccountScanReport holds.
   */
  reports?:
    | {
        /**
         * Findings: everything that is not a pass. All: passes too.
         *
         * The API server fills it in when the object is written.
         */
        include?: ("Findings" | "All") | undefined;
      }
    | undefined;
  /**
   * What remediation plans for this scan's findings start from; see awsscan plan. The operator itself changes nothing in AWS.
   */
  remediation?:
    | {
        /**
         * Where replacements of notebook instances go, by account and region. An entry that names an account goes before one that names none.
         */
        networks?: RemediationNetwork[] | undefined;
      }
    | undefined;
}

/**
 * One AWS account, and how to get in.
 */
export interface AccountSpec {
  /**
   * The account's id, 12 digits, in quotes. AWS must confirm that the credentials are of this account before anything is read.
   */
  id: string;
  /**
   * A name for people, shown in status, metrics and reports.
   */
  name?: string | undefined;
  /**
   * The IAM role to assume in this account with the credentials above, such as arn:aws:iam::123456789012:role/ComplianceScan. Omitted: the credentials are of this account already.
   */
  roleArn?: string | undefined;
  /**
   * The external id that the role's trust policy asks for.
   */
  externalId?: string | undefined;
  /**
   * A session policy, the JSON of an IAM policy: the role's sessions may do only what both it and the role allow. For a role that serves others too and allows more than a scan needs.
   */
  sessionPolicy?: string | undefined;
  /**
   * How long the role's sessions last, a Go duration from 15m to 1h, which is the most for a role that another role assumes. They are renewed while a scan goes on. 1h where omitted.
   */
  sessionDuration?: string | undefined;
}

/**
 * Accounts discovered in AWS Organizations by every scan: all active ones, or those of some organizational units. Accounts listed above keep their own entries.
 */
export interface OrganizationSpec {
  /**
   * The name, with its path if it has one, of the IAM role to assume in every discovered account.
   */
  roleName: string;
  /**
   * The external id that those roles' trust policies ask for.
   */
  externalId?: string | undefined;
  /**
   * A session policy, the JSON of an IAM policy: those roles' sessions may do only what both it and the role allow. For a role that serves others too and allows more than a scan needs.
   */
  sessionPolicy?: string | undefined;
  /**
   * How long those roles' sessions last, a Go duration from 15m to 1h, which is the most for a role that another role assumes. They are renewed while a scan goes on. 1h where omitted.
   */
  sessionDuration?: string | undefined;
  /**
   * The IAM role that may ask AWS Organizations, in the management account or a delegated administrator's. Omitted: the credentials above may.
   */
  managementRoleArn?: string | undefined;
  /**
   * Only accounts below these units or roots, at any depth, by id such as ou-ab12-cdef3456. All where omitted.
   */
  organizationalUnits?: string[] | undefined;
  /**
   * Ids of accounts to leave out.
   */
  excludeAccounts?: string[] | undefined;
}

/**
 * One accepted violation or kind of them.
 */
export interface Exemption {
  /**
   * A name for it, unique in this list; findings carry it.
   */
  name: string;
  /**
   * Why it is accepted and by whom, such as a ticket; findings carry it.
   */
  reason: string;
  /**
   * When it ends, such as "2027-01-31T00:00:00Z"; the violation counts again from then on. Never where omitted.
   */
  expiresAt?: string | undefined;
  /**
   * What it covers: a resource that matches one entry of every field given here. Globs: * stands for any text.
   */
  match: ExemptionMatch;
}

/**
 * What it covers: a resource that matches one entry of every field given here. Globs: * stands for any text.
 */
export interface ExemptionMatch {
  /**
   * Globs of ARNs.
   */
  arns?: string[] | undefined;
  /**
   * Globs of names of notebook instances and domains.
   */
  names?: string[] | undefined;
  /**
   * Ids of AWS accounts.
   */
  accounts?: string[] | undefined;
  /**
   * Globs of regions.
   */
  regions?: string[] | undefined;
  /**
   * Tags, of which the resource must have one with exactly this value. Tags that cannot be read exempt nothing.
   */
  tags?:
    | {
        [k: string]: string;
      }
    | undefined;
}

/**
 * A subnet and its security groups.
 */
export interface RemediationNetwork {
  /**
   * The id of the account, 12 digits in quotes; "*" for every account, as with a shared VPC.
   *
   * The API server fills it in when the object is written.
   */
  account?: string | undefined;
  /**
   * The name of the region, such as us-east-1.
   */
  region: string;
  /**
   * The id of a subnet that reaches what notebooks need without an internet gateway of its own.
   */
  subnetId: string;
  /**
   * Ids of one to five security groups of the subnet's VPC.
   */
  securityGroupIds: string[];
}

/**
 * What the last scan found, and what is going on. Written by the operator alone.
 */
export interface AwsAccountScanStatus {
  /**
   * The generation of the spec that this status speaks of.
   */
  observedGeneration?: number | undefined;
  /**
   * Ready: the last scan ran to its end. Reconciling and Stalled, only when True: a scan of this spec is awaited; somebody must change something first. Compliant: everything was read and nothing violates. Complete: everything was read.
   */
  conditions?: Condition[] | undefined;
  /**
   * The process that wrote this status. A process that takes a scan over counts the epoch up, so that the API server refuses what the one before it may still write.
   */
  owner?:
    | {
        /**
         * Its host, in a cluster the pod's name, and an id that no other process has.
         */
        identity: string;
        /**
         * How many processes have owned this scan, this one included.
         */
        epoch: number;
      }
    | undefined;
  /**
   * The last value of the annotation awsaccountscan.dev/requestedAt that a scan has answered, cut to 256 characters.
   */
  lastHandledReconcileAt?: string | undefined;
  /**
   * The scan that runs now; absent where none does. One that the clock has started is shown once it has run for a second.
   */
  currentScan?: CurrentScan | undefined;
  /**
   * The scan that ended last.
   */
  lastScan?: LastScan | undefined;
  /**
   * When the last scan that could read anything ended.
   */
  lastSuccessTime?: string | undefined;
  /**
   * When the next scan is due; absent where none is.
   */
  nextScanTime?: string | undefined;
  /**
   * Counts of resources, each once for every rule that judges it.
   */
  summary?: ScanSummary | undefined;
  /**
   * Counts by account, those that need attention first; truncated says how many are left out.
   */
  accounts?: AccountStatus[] | undefined;
  /**
   * Violations, oldest first; truncated says how many are left out. The report has all of them.
   */
  violations?: ViolationStatus[] | undefined;
  /**
   * What could not be read; truncated says how many rows are left out.
   */
  failures?: FailureStatus[] | undefined;
  /**
   * How many rows the lists above leave out.
   */
  truncated?: Truncated | undefined;
}

/**
 * One aspect of the scan's state.
 */
export interface Condition {
  /**
   * Ready, Reconciling, Stalled, Compliant or Complete.
   */
  type: string;
  /**
   * Whether it is so.
   */
  status: "True" | "False" | "Unknown";
  /**
   * Why, in one word for machines.
   */
  reason: string;
  /**
   * Why, in a sentence for people.
   */
  message: string;
  /**
   * The generation of the spec that this condition speaks of.
   */
  observedGeneration?: number | undefined;
  /**
   * When status changed last.
   */
  lastTransitionTime: string;
}

/**
 * The scan that runs now; absent where none does. One that the clock has started is shown once it has run for a second.
 */
export interface CurrentScan {
  /**
   * As in the operator's log and in CloudTrail's session names.
   */
  id: string;
  /**
   * What started it.
   */
  trigger: Trigger;
  /**
   * When it began.
   */
  startTime: string;
}

/**
 * What started it.
 */
export type Trigger = "Initial" | "SpecChange" | "Requested" | "Scheduled" | "Retry" | "RecordLost";

/**
 * The scan that ended last.
 */
export interface LastScan {
  /**
   * As in the operator's log and in CloudTrail's session names.
   */
  id: string;
  /**
   * What started it.
   */
  trigger: Trigger;
  /**
   * When it began.
   */
  startTime: string;
  /**
   * When it ended.
   */
  completionTime: string;
  /**
   * Complete: everything was read. Incomplete: something was. Failed: nothing was.
   */
  outcome: Outcome;
}

/**
 * Complete: everything was read. Incomplete: something was. Failed: nothing was.
 */
export type Outcome = "Complete" | "Incomplete" | "Failed";

/**
 * Counts of resources, each once for every rule that judges it.
 */
export interface ScanSummary {
  /**
   * Accounts in scope.
   */
  accounts: number;
  /**
   * Distinct regions in scope.
   */
  regions: number;
  /**
   * All that are known, whatever their verdict.
   */
  resources: number;
  /**
   * Those that comply.
   */
  compliant: number;
  /**
   * Those that violate.
   */
  violations: number;
  /**
   * Those that violate and are exempt.
   */
  exempt: number;
  /**
   * Those that are known to exist and could not be judged.
   */
  unknown: number;
}

/**
 * Counts of one account.
 */
export interface AccountStatus {
  /**
   * The account's id.
   */
  id: string;
  /**
   * The name that the spec or the organization gives it.
   */
  name?: string | undefined;
  /**
   * All that are known, whatever their verdict.
   */
  resources: number;
  /**
   * Those that comply.
   */
  compliant: number;
  /**
   * Those that violate.
   */
  violations: number;
  /**
   * Those that violate and are exempt.
   */
  exempt: number;
  /**
   * Those that could not be judged.
   */
  unknown: number;
}

/**
 * One resource that violates a rule.
 */
export interface ViolationStatus {
  /**
   * The rule's id.
   */
  rule: string;
  /**
   * The resource's ARN.
   */
  arn: string;
  /**
   * Its type, as CloudFormation names it.
   */
  type: string;
  /**
   * The account's id.
   */
  account: string;
  /**
   * The region.
   */
  region: string;
  /**
   * The resource's name.
   */
  name: string;
  /**
   * What is wrong with it, in one word.
   */
  reason: string;
  /**
   * The start of the scan that saw it first.
   */
  firstSeen?: string | undefined;
  /**
   * Where the last scan could not read it, when it was last read as a violation.
   */
  lastVerified?: string | undefined;
}

/**
 * Failures of one kind at one place.
 */
export interface FailureStatus {
  /**
   * The account's id; empty where the scan's own credentials failed.
   */
  account: string;
  /**
   * The region; absent where a whole account is concerned.
   */
  region?: string | undefined;
  /**
   * The AWS operation that failed.
   */
  operation: string;
  /**
   * Why, in one word, such as AccessDenied, Throttled or AccountMismatch.
   */
  reason: string;
  /**
   * Why, in AWS's words.
   */
  message: string;
  /**
   * How often.
   */
  count: number;
}

/**
 * How many rows the lists above leave out.
 */
export interface Truncated {
  /**
   * Accounts left out.
   */
  accounts?: number | undefined;
  /**
   * Violations left out.
   */
  violations?: number | undefined;
  /**
   * Failures left out.
   */
  failures?: number | undefined;
}

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
