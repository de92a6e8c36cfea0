import { parseArn } from "../../api/arn.ts";
import type { AccountSpec, AwsAccountScanSpec } from "../../api/generated/awsaccountscan.ts";
import type { TargetOptions } from "../../config/target-options.ts";
import { UsageError } from "../usage-error.ts";

/** Flags that a manifest says itself, by their names. */
const TARGET_FLAGS = {
  account: "--account",
  roleArn: "--role-arn",
  externalId: "--external-id",
  organizationRole: "--organization-role",
  managementRoleArn: "--management-role-arn",
  organizationalUnits: "--organizational-units",
  excludeAccounts: "--exclude-accounts",
  regions: "--regions",
  excludeRegions: "--exclude-regions",
} as const satisfies Partial<Record<keyof TargetOptions, string>>;

/**
 * What flags ask for, in a manifest's words, so that both are scanned alike.
 * @throws {UsageError} for flags that contradict each other.
 */
export function specFromFlags(options: TargetOptions): AwsAccountScanSpec {
  const { organizationRole, regions, excludeRegions } = options;
  if (organizationRole === undefined) refuseOrganizationFlags(options);
  const accounts = accountsOf(options);
  return {
    ...(accounts && { accounts }),
    ...(organizationRole !== undefined && { organization: organizationOf(options, organizationRole) }),
    ...((regions ?? excludeRegions) && {
      regions: {
        ...(regions && { include: [...regions] }),
        ...(excludeRegions && { exclude: [...excludeRegions] }),
      },
    }),
  };
}

/** @throws {UsageError} where flags say what the manifests say. */
export function refuseTargetFlags(options: TargetOptions): void {
  const given = Object.entries(TARGET_FLAGS).filter(
    ([key]) => options[key as keyof TargetOptions] !== undefined,
  );
  if (given.length === 0) return;
  const flags = given.map(([, flag]) => flag).join(", ");
  throw new UsageError(
    `error: ${flags} cannot be combined with --filename: the manifest says it. Leave one of them out.`,
  );
}

/** Without the role the organization would be left out without a word. */
function refuseOrganizationFlags(options: TargetOptions): void {
  const needing = ["managementRoleArn", "organizationalUnits", "excludeAccounts"] as const;
  const given = needing.filter((key) => options[key] !== undefined).map((key) => TARGET_FLAGS[key]);
  if (given.length === 0) return;
  throw new UsageError(`error: ${given.join(", ")} is for an organization; give --organization-role too.`);
}

function accountsOf({ account: ids, roleArn: roles, externalId, organizationRole }: TargetOptions) {
  if (externalId !== undefined && roles === undefined && organizationRole === undefined) {
    throw new UsageError("error: --external-id is for roles; give --role-arn or --organization-role too.");
  }
  if (roles === undefined) {
    const [id, ...more] = ids ?? [];
    if (id === undefined) return undefined;
    if (more.length > 0) {
      throw new UsageError(
        "error: one set of credentials is of one account; give a --role-arn for each --account, or only one --account.",
      );
    }
    return [{ id }];
  }
  const accounts = roles.map(
    (roleArn): AccountSpec => ({
      id: parseArn(roleArn)?.account ?? "",
      roleArn,
      ...(externalId !== undefined && { externalId }),
    }),
  );
  const twice = accounts.find(({ id }, at) => accounts.findIndex((other) => other.id === id) !== at);
  if (twice !== undefined)
    throw new UsageError(`error: two of --role-arn are of account ${twice.id}; give one.`);
  const odd = ids?.find((id) => !accounts.some((account) => account.id === id));
  if (odd !== undefined)
    throw new UsageError(`error: no --role-arn is of --account ${odd}; give one, or leave it out.`);
  const extra = ids && accounts.find(({ id }) => !ids.includes(id));
  if (extra) {
    throw new UsageError(
      `error: --role-arn ${extra.roleArn} is of account ${extra.id}, which --account does not name.`,
    );
  }
  return accounts;
}

function organizationOf(options: TargetOptions, roleName: string) {
  const { externalId, managementRoleArn, organizationalUnits, excludeAccounts } = options;
  return {
    roleName,
    ...(externalId !== undefined && { externalId }),
    ...(managementRoleArn !== undefined && { managementRoleArn }),
    ...(organizationalUnits && { organizationalUnits: [...organizationalUnits] }),
    ...(excludeAccounts && { excludeAccounts: [...excludeAccounts] }),
  };
}
