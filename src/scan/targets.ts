import { homeRegion, homeRegionOf } from "../api/arn.ts";
import { getCallerIdentity } from "../aws/account.ts";
import { assumedRoleSession } from "../aws/credentials.ts";
import { listMemberAccounts } from "../aws/organization.ts";
import { cutOffFailure, failureOf, ownFailure, roleNotAllowed } from "./failure.ts";
import type { AccountTarget, OrganizationTarget, ScanContext } from "./request.ts";

/**
 * The accounts that a request means: those it lists, and those of its organisation that it does not list already
 * or leave out. Tells the sink which they are; an organisation that cannot be read becomes a failure, and the
 * listed accounts are scanned all the same.
 */
export async function resolveTargets(context: ScanContext): Promise<readonly AccountTarget[]> {
  const { request, sink, signal } = context;
  const { accounts, organization } = request;
  if (organization === undefined) {
    const targets = accounts ?? [{}];
    sink({ kind: "scope", accounts: targets, complete: true });
    return targets;
  }
  const listed = accounts ?? [];
  try {
    const targets = [...listed, ...(await discover(context, organization, listed))];
    if (targets.length === 0) sink({ kind: "failure", failure: NO_ACCOUNTS });
    sink({ kind: "scope", accounts: targets, complete: true });
    return targets;
  } catch (error) {
    const failure = signal.aborted
      ? cutOffFailure(signal, "ListAccounts", "")
      : failureOf(error, "ListAccounts", "");
    sink({ kind: "failure", failure });
    sink({ kind: "scope", accounts: listed, complete: false });
    return listed;
  }
}

/** A scan of nothing must not pass for one that found nothing. */
const NO_ACCOUNTS = ownFailure({
  account: "",
  operation: "ListAccounts",
  kind: "failed",
  reason: "NoAccounts",
  message:
    "The organization has no active account in scope; check organizationalUnits and excludeAccounts, or list accounts.",
});

async function discover(
  context: ScanContext,
  organization: OrganizationTarget,
  listed: readonly AccountTarget[],
): Promise<AccountTarget[]> {
  const { aws, base, sessionName, signal, region, span } = context;
  const {
    managementRoleArn: roleArn,
    roleName,
    externalId,
    sessionPolicy,
    sessionDurationSeconds,
    organizationalUnits,
    excludeAccounts,
  } = organization;
  if (roleArn !== undefined && !context.allowRole(roleArn)) throw roleNotAllowed(roleArn);
  const session =
    roleArn === undefined ? base : assumedRoleSession({ aws, base, sessionName, region, roleArn });
  const home = homeRegionOf(roleArn, region);
  const asked = { aws, session, account: session.key, signal, span };
  const { partition, account } = await getCallerIdentity({ ...asked, region: home });
  const organizations = aws.endpoint("organizations", {
    account,
    region: homeRegion(partition, region),
    session,
    signal,
    span,
    subject: account,
  });
  const members = await listMemberAccounts(organizations, organizationalUnits);
  const known = new Set([...listed.map(({ id }) => id), ...(excludeAccounts ?? [])]);
  return members
    .filter(({ id }) => !known.has(id))
    .map(({ id, name, isManagement }) => ({
      id,
      name,
      isManagement,
      roleArn: `arn:${partition}:iam::${id}:role/${roleName}`,
      externalId,
      sessionPolicy,
      sessionDurationSeconds,
    }));
}
