import { homeRegionOf, parseArn } from "../../api/arn.ts";
import type { AwsAccountScanSpec } from "../../api/generated/awsaccountscan.ts";
import { getCallerIdentity } from "../../aws/account.ts";
import { assumedRoleSession } from "../../aws/credentials.ts";
import { ACCOUNT_MISMATCH, AwsCallError } from "../../aws/errors.ts";
import type { Session } from "../../aws/session.ts";
import { requestOf } from "../../controller/request.ts";
import type { PlanChoices } from "../../remediation/plan.ts";
import type { CallerAws } from "../caller-aws.ts";

/**
 * A session in the account of `arn`, by the role that one of `specs` names for it, else by the caller's credentials.
 * @throws {AwsCallError} where it cannot be had, or is of another account.
 */
export async function enterAccount(
  caller: CallerAws,
  specs: readonly AwsAccountScanSpec[],
  arn: string,
  signal: AbortSignal,
): Promise<Session> {
  const { aws, region } = caller;
  const { account = "", partition = "aws" } = parseArn(arn) ?? {};
  const role = roleFor(specs, account, partition);
  const session =
    role === undefined
      ? caller.base
      : assumedRoleSession({ ...role, aws, base: caller.base, region, sessionName: caller.sessionName });
  const asked = { aws, session, account, region: homeRegionOf(role?.roleArn, region), signal };
  const identity = await getCallerIdentity(asked);
  if (identity.account === account) return session;
  const message = `the credentials are of account ${identity.account}; give --role-arn for a role of ${account}`;
  throw new AwsCallError({ kind: "failed", operation: "GetCallerIdentity", code: ACCOUNT_MISMATCH, message });
}

interface Role {
  readonly roleArn: string;
  readonly externalId?: string | undefined;
  readonly sessionPolicy?: string | undefined;
  readonly sessionDurationSeconds?: number | undefined;
}

/** An entry for the account goes before an organization's role, as in a scan. */
function roleFor(specs: readonly AwsAccountScanSpec[], account: string, partition: string): Role | undefined {
  const requests = specs.map((spec) => requestOf(spec, 0));
  const listed = requests.flatMap(({ accounts }) => accounts ?? []).find(({ id }) => id === account);
  if (listed !== undefined) {
    const { roleArn, externalId, sessionPolicy, sessionDurationSeconds } = listed;
    return roleArn === undefined ? undefined : { roleArn, externalId, sessionPolicy, sessionDurationSeconds };
  }
  const organization = requests.find((request) => request.organization !== undefined)?.organization;
  if (organization === undefined) return undefined;
  const { roleName, externalId, sessionPolicy, sessionDurationSeconds } = organization;
  const roleArn = `arn:${partition}:iam::${account}:role/${roleName}`;
  return { roleArn, externalId, sessionPolicy, sessionDurationSeconds };
}

/** The network that one of `specs` names for replacements there; an entry for the account before one for all. */
export function networkFor(
  specs: readonly AwsAccountScanSpec[],
  { account, region }: { readonly account: string; readonly region: string },
): PlanChoices {
  const networks = specs
    .flatMap(({ remediation }) => remediation?.networks ?? [])
    .filter((network) => network.region === region);
  const found =
    networks.find((network) => network.account === account) ??
    networks.find((network) => network.account === undefined || network.account === "*");
  return found === undefined ? {} : { subnetId: found.subnetId, securityGroupIds: found.securityGroupIds };
}
