import { AwsError } from "./errors.ts";
import { cutPage } from "./pages.ts";
import { arnOf, pageSize, regionOf } from "./sagemaker-place.ts";
import type { Call, Operation } from "./service.ts";
import { type Domain, dated } from "./world.ts";

/** https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ListDomains.html */
export const listDomains: Operation = {
  answer(call) {
    const { items, nextToken } = cutPage(regionOf(call).domains.all(), {
      token: call.input.text("NextToken"),
      size: pageSize(call),
      overlap: call.pageOverlap,
      list: `domains ${call.caller.accountId} ${call.region}`,
      key: ({ id }) => id,
    });
    return { Domains: items.map((item) => summary(call, item)), NextToken: nextToken };
  },
};

/** https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeDomain.html */
export const describeDomain: Operation = {
  resource: (input) => input.text("DomainId"),
  arn: (place) => arnOf(place, `domain/${place.input.text("DomainId") ?? ""}`),
  vanished: (input) => notFound(input.requiredText("DomainId")),
  answer(call) {
    const id = call.input.requiredText("DomainId");
    const domain = regionOf(call).domains.get(id);
    if (!domain) throw notFound(id);
    return {
      ...summary(call, domain),
      AppNetworkAccessType: domain.appNetworkAccessType,
      AuthMode: "IAM",
      FailureReason: domain.failureReason,
      HomeEfsFileSystemId: `fs-${id.slice(2)}`,
      SubnetIds: subnetIdsOf(domain),
      VpcId: vpcIdOf(domain),
      AppSecurityGroupManagement: domain.appSecurityGroupManagement,
      DefaultUserSettings: {
        ExecutionRole: domain.executionRoleArn,
        SecurityGroups: domain.securityGroups,
      },
      DomainSettings:
        domain.rStudioExecutionRoleArn === undefined
          ? undefined
          : {
              RStudioServerProDomainSettings: { DomainExecutionRoleArn: domain.rStudioExecutionRoleArn },
            },
    };
  },
};

/** https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ListApps.html */
export const listApps: Operation = {
  resource: (input) => input.text("DomainIdEquals"),
  answer(call) {
    const asked = call.input.text("DomainIdEquals");
    const domains = regionOf(call)
      .domains.all()
      .filter(({ id }) => asked === undefined || id === asked);
    const apps = domains.flatMap(({ id, apps: own = [] }) => own.map((app) => ({ id, app })));
    const { items, nextToken } = cutPage(apps, {
      token: call.input.text("NextToken"),
      size: pageSize(call),
      overlap: call.pageOverlap,
      list: `apps ${call.caller.accountId} ${call.region} ${asked ?? ""}`,
      key: ({ id, app }) => [id, app.user, app.space, app.type, app.name].join(" "),
    });
    return {
      Apps: items.map(({ id, app }) => ({
        DomainId: id,
        UserProfileName: app.space === undefined ? (app.user ?? "default") : undefined,
        SpaceName: app.space,
        AppType: app.type,
        AppName: app.name,
        Status: app.status ?? "InService",
      })),
      NextToken: nextToken,
    };
  },
};

/** Apps in these states hold the network access type fast. */
const HOLDING: readonly string[] = ["InService", "Pending", "Deleting"];

/**
 * The only operation that changes something, as far as the network access type goes; the update is done at once. Its
 * preconditions: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_UpdateDomain.html, and, of the VPC, what
 * the service answers by https://github.com/hashicorp/terraform-provider-aws/issues/45528.
 */
export const updateDomain: Operation = {
  resource: (input) => input.text("DomainId"),
  arn: (place) => arnOf(place, `domain/${place.input.text("DomainId") ?? ""}`),
  vanished: (input) => notFound(input.requiredText("DomainId")),
  answer(call) {
    const { input } = call;
    const id = input.requiredText("DomainId");
    const { domains } = regionOf(call);
    const domain = domains.get(id);
    if (!domain) throw notFound(id);
    const access = input.oneOf("AppNetworkAccessType", ["PublicInternetOnly", "VpcOnly"]);
    const vpcId = input.text("VpcId");
    const subnetIds = input.texts("SubnetIds");
    const securityGroups = input.nested("DefaultUserSettings")?.texts("SecurityGroups");
    if (access !== undefined && access !== domain.appNetworkAccessType) assertOpen(domain);
    if (access === "VpcOnly" && (vpcId === undefined || subnetIds === undefined))
      throw invalid("VpcId and Subnet IDs are required for updating domains to VpcOnly mode.");
    const time = new Date(call.now()).toISOString();
    const changes = {
      ...(access !== undefined && { appNetworkAccessType: access }),
      ...(vpcId !== undefined && { vpcId }),
      ...(subnetIds !== undefined && { subnetIds }),
      ...(securityGroups !== undefined && { securityGroups }),
    };
    domains.put(id, dated({ ...domain, ...changes, status: "InService", lastModifiedTime: time }, time));
    return { DomainArn: arnOf(call, `domain/${id}`) };
  },
};

function assertOpen({ apps = [], rStudioExecutionRoleArn, status = "InService" }: Domain): void {
  if (status !== "InService" && status !== "Update_Failed")
    throw new AwsError("ResourceInUse", `The domain is ${status}.`);
  if (rStudioExecutionRoleArn !== undefined)
    throw invalid("AppNetworkAccessType cannot be updated when DomainExecutionRoleArn is set.");
  if (apps.some((app) => HOLDING.includes(app.status ?? "InService")))
    throw invalid(`AppNetworkAccessType cannot be updated while apps are in ${HOLDING.join(", ")} state.`);
}

function invalid(message: string): AwsError {
  return new AwsError("ValidationException", message);
}

/** Undefined where the domain was made without a VPC. */
function vpcIdOf({ vpcId = "vpc-0a1b2c3d" }: Domain): string | undefined {
  return vpcId === "" ? undefined : vpcId;
}

function subnetIdsOf(domain: Domain): readonly string[] {
  return domain.subnetIds ?? (vpcIdOf(domain) === undefined ? [] : ["subnet-0a1b2c3d"]);
}

function summary(call: Call, domain: Domain) {
  const { id, name, status = "InService" } = domain;
  return {
    DomainArn: arnOf(call, `domain/${id}`),
    DomainId: id,
    DomainName: name,
    Status: status,
    CreationTime: domain.creationSeconds,
    LastModifiedTime: domain.lastModifiedSeconds,
    Url: `https://${id}.studio.${call.region}.sagemaker.aws`,
  };
}

function notFound(id: string): AwsError {
  return new AwsError("ResourceNotFound", `Domain [${id}] does not exist.`);
}
