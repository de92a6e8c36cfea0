/** Organizations, as far as it is read. https://docs.aws.amazon.com/organizations/latest/APIReference/ */
import { AwsError } from "./errors.ts";
import { type OrganizationSpec, type UnitSpec, unitsOf } from "./fleet.ts";
import { cutPage } from "./pages.ts";
import type { Call, Operation, Place, Service } from "./service.ts";
import { awsJson, type Output } from "./wire.ts";
import type { Account, World } from "./world.ts";

const JOINED_AT_SECONDS = Date.parse("2025-01-01T00:00:00Z") / 1000;
const MOST_IN_A_PAGE = 20;

const describeOrganization: Operation = {
  answer(call) {
    const { id, managementAccount } = organizationOfCaller(call);
    const prefix = arnPrefix(call);
    return {
      Organization: {
        Id: id,
        Arn: `${prefix}organization/${id}`,
        FeatureSet: "ALL",
        MasterAccountId: managementAccount,
        MasterAccountArn: `${prefix}account/${id}/${managementAccount}`,
        MasterAccountEmail: email(call.world.account(managementAccount)),
        AvailablePolicyTypes: [{ Type: "SERVICE_CONTROL_POLICY", Status: "ENABLED" }],
      },
    };
  },
};

const listAccounts: Operation = {
  answer(call) {
    const { id, managementAccount, root } = administered(call);
    const members = unitsOf(root).flatMap(({ accounts = [] }) => accounts);
    return pageOfAccounts(call, [...new Set([managementAccount, ...members])], `accounts ${id}`);
  },
};

const listAccountsForParent: Operation = {
  resource: (input) => input.text("ParentId"),
  arn: parentArn,
  answer(call) {
    const { id, accounts = [] } = parentOf(call);
    return pageOfAccounts(call, accounts, `accounts of ${id}`);
  },
};

const listOrganizationalUnitsForParent: Operation = {
  resource: (input) => input.text("ParentId"),
  arn: parentArn,
  answer(call) {
    const { id: organization } = administered(call);
    const { id, units = [] } = parentOf(call);
    const { items, nextToken } = cutPage(units, {
      ...pageOptions(call),
      list: `units of ${id}`,
      key: (unit) => unit.id,
    });
    const prefix = arnPrefix(call);
    return {
      OrganizationalUnits: items.map((unit) => ({
        Id: unit.id,
        Arn: `${prefix}ou/${organization}/${unit.id}`,
        Name: unit.name,
      })),
      NextToken: nextToken,
    };
  },
};

/** A global service: it answers whichever region the signature is for. */
export const organizations: Service = {
  name: "organizations",
  protocol: awsJson,
  operations: {
    DescribeOrganization: describeOrganization,
    ListAccounts: listAccounts,
    ListAccountsForParent: listAccountsForParent,
    ListOrganizationalUnitsForParent: listOrganizationalUnitsForParent,
  },
  assertRegion() {},
};

/** The organization that an account is a member of. */
export function organizationOf(world: World, account: string): OrganizationSpec | undefined {
  const { organization } = world;
  const members = organization ? unitsOf(organization.root).flatMap(({ accounts = [] }) => accounts) : [];
  return organization && [organization.managementAccount, ...members].includes(account)
    ? organization
    : undefined;
}

function organizationOfCaller({ world, caller }: Pick<Place, "world" | "caller">): OrganizationSpec {
  const organization = organizationOf(world, caller.accountId);
  if (organization) return organization;
  throw new AwsError("AWSOrganizationsNotInUseException", "Your account is not a member of an organization.");
}

/** Of the root or the unit that is asked about, whether there is one or not. */
function parentArn(place: Place): string {
  const organization = organizationOf(place.world, place.caller.accountId);
  const parent = place.input.text("ParentId") ?? "";
  const type = parent.startsWith("r-") ? "root" : "ou";
  return organization ? `${arnPrefix(place)}${type}/${organization.id}/${parent}` : "*";
}

/** The same, and the caller may ask for its accounts. */
function administered(call: Call): OrganizationSpec {
  const organization = organizationOfCaller(call);
  const { managementAccount, delegatedAdministrators = [] } = organization;
  if ([managementAccount, ...delegatedAdministrators].includes(call.caller.accountId)) return organization;
  throw new AwsError("AccessDeniedException", "You don't have permissions to access this resource.");
}

function parentOf(call: Call): UnitSpec {
  const id = call.input.requiredText("ParentId");
  const unit = unitsOf(administered(call).root).find((candidate) => candidate.id === id);
  if (unit) return unit;
  throw new AwsError("ParentNotFoundException", `You specified a parent that doesn't exist: ${id}`);
}

function pageOfAccounts(call: Call, ids: readonly string[], list: string): Output {
  const accounts = ids.map((id) => call.world.account(id)).filter((account) => account !== undefined);
  const { items, nextToken } = cutPage(accounts, {
    ...pageOptions(call),
    list,
    key: ({ spec }) => spec.id,
  });
  const prefix = arnPrefix(call);
  const organization = organizationOfCaller(call).id;
  return {
    Accounts: items.map((account) => ({
      Id: account.spec.id,
      Arn: `${prefix}account/${organization}/${account.spec.id}`,
      Email: email(account),
      Name: account.spec.name,
      Status: account.spec.status === "PENDING_CLOSURE" ? "SUSPENDED" : (account.spec.status ?? "ACTIVE"),
      State: account.spec.status ?? "ACTIVE",
      JoinedMethod: "CREATED",
      JoinedTimestamp: JOINED_AT_SECONDS,
    })),
    NextToken: nextToken,
  };
}

function pageOptions({ input, pageLimit, pageOverlap }: Call) {
  const asked = input.integer("MaxResults", 1, MOST_IN_A_PAGE) ?? MOST_IN_A_PAGE;
  return { token: input.text("NextToken"), size: Math.min(asked, pageLimit ?? asked), overlap: pageOverlap };
}

/** Organizations' ARNs carry the management account. */
function arnPrefix(call: Pick<Place, "world" | "caller">): string {
  const { managementAccount } = organizationOfCaller(call);
  const { partition = "aws" } = call.world.account(managementAccount) ?? {};
  return `arn:${partition}:organizations::${managementAccount}:`;
}

function email(account: Account | undefined): string {
  return account?.spec.email ?? `aws+${account?.spec.id ?? "unknown"}@example.com`;
}
