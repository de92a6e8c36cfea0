/**
 * The fleet: all that exists in the simulated AWS, as its JSON file says it. Times are RFC 3339; where one is
 * omitted, resources of the file are as old as {@link DEFAULT_TIME}, and those made through the admin API are new.
 */

import { fleetShape } from "./fleet-shape.ts";
import type { PolicyDocument } from "./policy.ts";
import { assertNone } from "./shape.ts";

/** The creation time of what a fleet file gives none. */
export const DEFAULT_TIME = "2026-01-01T00:00:00.000Z";

export type Tags = Readonly<Record<string, string>>;

/** The root of a fleet file. */
export interface Fleet {
  readonly accounts: readonly AccountSpec[];
  readonly organization?: OrganizationSpec;
}

export interface AccountSpec {
  /** Twelve digits. */
  readonly id: string;
  readonly name: string;
  readonly email?: string;
  /** `aws` where omitted; `aws-us-gov` and `aws-cn` have their own regions. */
  readonly partition?: string;
  /** What Organizations says of the account; `ACTIVE` where omitted. */
  readonly status?: "ACTIVE" | "SUSPENDED" | "PENDING_CLOSURE";
  /** Exactly these regions are enabled. Omitted: those that are enabled in every account of the partition. */
  readonly enabledRegions?: readonly string[];
  /** Enabled besides, by opting in. */
  readonly optInRegions?: readonly string[];
  /** Long-lived keys of IAM users, for credentials that come from the environment. */
  readonly accessKeys?: readonly AccessKeySpec[];
  readonly roles?: readonly RoleSpec[];
  /** What its OIDC provider accepts besides `sts.amazonaws.com` and what trusts of the short form ask for. */
  readonly tokenAudiences?: readonly string[];
  /** By region. A region with resources must be an enabled one. */
  readonly regions?: Readonly<Record<string, RegionSpec>>;
}

export interface AccessKeySpec {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** The IAM user's name. */
  readonly user: string;
  /** The key is not a user's but a service's that asks by itself: `pods.eks.amazonaws.com`. */
  readonly service?: string;
}

export interface RoleSpec {
  readonly name: string;
  /** `/` where omitted; begins and ends with a slash. */
  readonly path?: string;
  readonly trust: TrustSpec;
  /** What it may do. Omitted: everything; none: nothing. */
  readonly policies?: readonly PolicyDocument[];
  /** The longest session, 3600 where omitted. */
  readonly maxSessionSeconds?: number;
}

/** Who may assume a role. An empty trust trusts nobody. */
export interface TrustSpec {
  readonly webIdentity?: {
    /** `system:serviceaccount:<namespace>:<name>`; `*` stands for any characters, as in StringLike. */
    readonly subjects: readonly string[];
    /** `sts.amazonaws.com` where omitted. */
    readonly audience?: string;
  };
  /** For AssumeRole: account ids, ARNs of roles, users or account roots, or `*`. */
  readonly principals?: readonly string[];
  /** Whoever assumes the role by AssumeRole must give it. */
  readonly externalId?: string;
  /** A trust policy as IAM has it, instead of all above. */
  readonly policy?: PolicyDocument;
}

export interface RegionSpec {
  readonly notebooks?: readonly NotebookSpec[];
  readonly domains?: readonly DomainSpec[];
}

export interface NotebookSpec {
  readonly name: string;
  /** Omitted: DescribeNotebookInstance leaves the field out. */
  readonly directInternetAccess?: "Enabled" | "Disabled";
  /** `InService` where omitted. */
  readonly status?: string;
  readonly failureReason?: string;
  readonly creationTime?: string;
  readonly lastModifiedTime?: string;
  readonly instanceType?: string;
  readonly subnetId?: string;
  readonly securityGroups?: readonly string[];
  readonly roleArn?: string;
  /** `notebook-al2-v3` where omitted. */
  readonly platformIdentifier?: string;
  /** 5 where omitted. */
  readonly volumeSizeInGB?: number;
  readonly kmsKeyId?: string;
  readonly lifecycleConfigName?: string;
  /** `Enabled` where omitted. */
  readonly rootAccess?: string;
  /** `2` where omitted. */
  readonly minimumInstanceMetadataServiceVersion?: string;
  /** `ipv4` where omitted. */
  readonly ipAddressType?: string;
  readonly acceleratorTypes?: readonly string[];
  readonly defaultCodeRepository?: string;
  readonly additionalCodeRepositories?: readonly string[];
  readonly tags?: Tags;
}

export interface DomainSpec {
  /** `d-…` */
  readonly id: string;
  readonly name: string;
  /** Omitted: DescribeDomain leaves the field out. */
  readonly appNetworkAccessType?: "PublicInternetOnly" | "VpcOnly";
  /** `InService` where omitted. */
  readonly status?: string;
  readonly creationTime?: string;
  readonly lastModifiedTime?: string;
  readonly failureReason?: string;
  /** `vpc-0a1b2c3d` where omitted; empty: the domain was made without a VPC. */
  readonly vpcId?: string;
  /** `subnet-0a1b2c3d` where omitted. */
  readonly subnetIds?: readonly string[];
  /** Of the default user settings. */
  readonly securityGroups?: readonly string[];
  readonly executionRoleArn?: string;
  readonly appSecurityGroupManagement?: string;
  /** Set: RStudio is set up in the domain. */
  readonly rStudioExecutionRoleArn?: string;
  readonly apps?: readonly AppSpec[];
  readonly tags?: Tags;
}

/** What runs in a domain, in a space where one is named, else of a user. */
export interface AppSpec {
  readonly name: string;
  readonly type: string;
  readonly user?: string;
  readonly space?: string;
  /** `InService` where omitted. */
  readonly status?: string;
}

export interface OrganizationSpec {
  /** `o-…` */
  readonly id: string;
  readonly managementAccount: string;
  /** Accounts that may ask Organizations besides the management account. */
  readonly delegatedAdministrators?: readonly string[];
  /** The root, `r-…`. Accounts of the fleet that stand nowhere in the tree are not members. */
  readonly root: UnitSpec;
}

/** The root or an organizational unit, `ou-…`. */
export interface UnitSpec {
  readonly id: string;
  readonly name: string;
  /** Ids of the accounts directly within. */
  readonly accounts?: readonly string[];
  readonly units?: readonly UnitSpec[];
}

/** Throws with every fault of the fleet in its message: what, where, and what to write instead. */
export function checkFleet(fleet: Fleet): void {
  assertNone("the fleet is", fleetShape(fleet, "fleet"));
  const faults: string[] = [];
  const ids = new Set<string>();
  for (const [index, account] of fleet.accounts.entries()) {
    const where = `accounts[${index}]`;
    if (!/^\d{12}$/.test(account.id)) faults.push(`${where}.id "${account.id}" is not twelve digits`);
    if (ids.has(account.id)) faults.push(`${where}.id ${account.id} comes twice`);
    ids.add(account.id);
    for (const { name, trust } of account.roles ?? []) {
      if (trust.policy && Object.keys(trust).length > 1)
        faults.push(`${where}: the trust of role ${name} has a policy and more; leave one of them out`);
    }
    for (const [region, { notebooks = [], domains = [] }] of Object.entries(account.regions ?? {})) {
      const twice = firstTwice(notebooks.map(({ name }) => name));
      if (twice !== undefined) faults.push(`${where}.regions.${region} has two notebooks "${twice}"`);
      const bad = domains.find(({ id }) => !/^d-[a-z0-9-]+$/.test(id));
      if (bad) faults.push(`${where}.regions.${region} has a domain with the id "${bad.id}", not d-…`);
    }
  }
  const { organization } = fleet;
  if (organization) {
    const members = unitsOf(organization.root).flatMap(({ accounts = [] }) => accounts);
    for (const id of [organization.managementAccount, ...members]) {
      if (!ids.has(id)) faults.push(`organization names the account ${id}, which accounts lacks`);
    }
  }
  assertNone("the fleet is", faults);
}

function firstTwice(names: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return names.find((name) => seen.size === seen.add(name).size);
}

/** `unit` and all units beneath it, parents first. */
export function unitsOf(unit: UnitSpec): UnitSpec[] {
  return [unit, ...(unit.units ?? []).flatMap(unitsOf)];
}
