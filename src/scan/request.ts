import type { Aws } from "../aws/aws.ts";
import type { Session } from "../aws/session.ts";
import type { Rule } from "../rules/rule.ts";
import type { Span } from "../tracing/span.ts";
import type { ScanSink } from "./events.ts";
import type { Exemption } from "./exemptions.ts";
import type { RegionSelection } from "./region-selection.ts";

/** How the sessions of an assumed role differ from what AWS gives unasked. */
interface SessionLimits {
  /** JSON of an IAM policy: a session may do what both it and the role allow. */
  readonly sessionPolicy?: string | undefined;
  /** 900 to 3600: AWS ends the session of a role that a role assumes after an hour. Undefined: that hour. */
  readonly sessionDurationSeconds?: number | undefined;
}

/** An account to scan, and how to get in. */
export interface AccountTarget extends SessionLimits {
  /** 12 digits that GetCallerIdentity must answer; undefined: whichever account the credentials are of. */
  readonly id?: string | undefined;
  readonly name?: string | undefined;
  /** Assumed with the scan's credentials; undefined: those are the account's already. */
  readonly roleArn?: string | undefined;
  readonly externalId?: string | undefined;
  /** Whether it is the management account of the organisation that it was found in. */
  readonly isManagement?: boolean | undefined;
}

/** The accounts of an AWS organisation, found anew by every scan. */
export interface OrganizationTarget extends SessionLimits {
  /** Assumed in every member account; may have a path. */
  readonly roleName: string;
  readonly externalId?: string | undefined;
  /** Who may ask AWS Organizations; undefined: the scan's own credentials. */
  readonly managementRoleArn?: string | undefined;
  /** Only accounts below these units, at any depth. */
  readonly organizationalUnits?: readonly string[] | undefined;
  readonly excludeAccounts?: readonly string[] | undefined;
}

/** What to scan. Plain data: the engine knows nothing of Kubernetes. */
export interface ScanRequest {
  /** Undefined, and no organization either: the account of the scan's own credentials. */
  readonly accounts: readonly AccountTarget[] | undefined;
  readonly organization: OrganizationTarget | undefined;
  readonly regions: RegionSelection;
  readonly rules: readonly Rule[];
  readonly exemptions: readonly Exemption[];
  /** When the scan began (ms). */
  readonly startedAt: number;
}

/** With what to scan. */
export interface ScanMeans {
  readonly aws: Aws;
  /** The scan's own credentials. */
  readonly base: Session;
  readonly sessionName: string;
  /** The region of STS and EC2 look-ups, where it lies in the account's partition. */
  readonly region: string | undefined;
  /** Of the scan; undefined where nobody traces it. */
  readonly span?: Span | undefined;
  /** Whether the administrator lets scans assume this role. */
  allowRole(roleArn: string): boolean;
}

/** All that the stages of one scan share. */
export interface ScanContext extends ScanMeans {
  readonly request: ScanRequest;
  readonly limitRegions: <T>(task: () => Promise<T>) => Promise<T>;
  readonly sink: ScanSink;
  readonly signal: AbortSignal;
}
