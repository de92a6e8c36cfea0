/** What JSON must look like to be a fleet or a part of one; what it says is checked in fleet.ts. */
import type {
  AccessKeySpec,
  AccountSpec,
  AppSpec,
  DomainSpec,
  Fleet,
  NotebookSpec,
  OrganizationSpec,
  RegionSpec,
  RoleSpec,
  TrustSpec,
  UnitSpec,
} from "./fleet.ts";
import { permissionsShape, trustShape } from "./policy.ts";
import { type Check, type Fields, listOf, mapOf, number, object, oneOf, text, whole } from "./shape.ts";

const tags = mapOf((value, where) => (typeof value === "string" ? [] : [`${where} is not a text`]));
const texts = listOf(text());

const webIdentity = object<Pick<NonNullable<TrustSpec["webIdentity"]>, "subjects">>(
  { subjects: texts },
  { audience: text() },
);
const trust: Fields<TrustSpec> = { webIdentity, principals: texts, externalId: text(), policy: trustShape };

/** A role of an account. */
export const roleShape = object<Pick<RoleSpec, "name" | "trust">>(
  { name: text(), trust: object({}, trust) },
  {
    path: text(/^\/(.*\/)?$/, "a path from slash to slash"),
    maxSessionSeconds: number(),
    policies: listOf(permissionsShape),
  },
);

/** A key of an IAM user. */
export const accessKeyShape = object<Omit<AccessKeySpec, "service">>(
  { accessKeyId: text(), secretAccessKey: text(), user: text() },
  { service: text() },
);

const notebook: Fields<Omit<NotebookSpec, "name">> = {
  directInternetAccess: oneOf(["Enabled", "Disabled"], "access"),
  status: text(),
  failureReason: text(),
  creationTime: text(),
  lastModifiedTime: text(),
  instanceType: text(),
  subnetId: text(),
  securityGroups: texts,
  roleArn: text(),
  platformIdentifier: text(),
  volumeSizeInGB: whole(5),
  kmsKeyId: text(),
  lifecycleConfigName: text(),
  rootAccess: text(),
  minimumInstanceMetadataServiceVersion: text(),
  ipAddressType: text(),
  acceleratorTypes: texts,
  defaultCodeRepository: text(),
  additionalCodeRepositories: texts,
  tags,
};

const app = object<Pick<AppSpec, "name" | "type">>(
  { name: text(), type: text() },
  { user: text(), space: text(), status: text() },
);

const domain: Fields<Omit<DomainSpec, "id" | "name">> = {
  appNetworkAccessType: oneOf(["PublicInternetOnly", "VpcOnly"], "access"),
  status: text(),
  creationTime: text(),
  lastModifiedTime: text(),
  failureReason: text(),
  vpcId: (value, where) => (value === "" ? [] : text()(value, where)),
  subnetIds: texts,
  securityGroups: texts,
  executionRoleArn: text(),
  appSecurityGroupManagement: text(),
  rStudioExecutionRoleArn: text(),
  apps: listOf(app),
  tags,
};

/** What an edit says of a notebook instance. */
export const notebookChangesShape = object({}, notebook);
/** What an edit says of a domain. */
export const domainChangesShape = object({}, { name: text(), ...domain });

const region: Fields<RegionSpec> = {
  notebooks: listOf(object({ name: text() }, notebook)),
  domains: listOf(object({ id: text(), name: text() }, domain)),
};

const account: Fields<Omit<AccountSpec, "id" | "name">> = {
  email: text(),
  partition: text(),
  status: oneOf(["ACTIVE", "SUSPENDED", "PENDING_CLOSURE"], "status"),
  enabledRegions: texts,
  optInRegions: texts,
  accessKeys: listOf(accessKeyShape),
  roles: listOf(roleShape),
  tokenAudiences: texts,
  regions: mapOf(object({}, region)),
};

const unit: Check = (value, where) =>
  object<Pick<UnitSpec, "id" | "name">>(
    { id: text(), name: text() },
    { accounts: texts, units: listOf(unit) },
  )(value, where);

const organization = object<Omit<OrganizationSpec, "delegatedAdministrators">>(
  { id: text(), managementAccount: text(), root: unit },
  { delegatedAdministrators: texts },
);

/** A whole fleet. */
export const fleetShape = object<Pick<Fleet, "accounts">>(
  { accounts: listOf(object({ id: text(), name: text() }, account)) },
  { organization },
);
