import { AwsError } from "./errors.ts";
import { cutPage } from "./pages.ts";
import { arnOf, pageSize, regionOf } from "./sagemaker-place.ts";
import type { Call, Operation } from "./service.ts";
import type { Domain } from "./world.ts";

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
  vanished: (input) => notFound(input.requiredText("DomainId")),
  answer(call) {
    const id = call.input.requiredText("DomainId");
    const domain = regionOf(call).domains.get(id);
    if (!domain) throw notFound(id);
    return {
      ...summary(call, domain),
      AppNetworkAccessType: domain.appNetworkAccessType,
      AuthMode: "IAM",
      HomeEfsFileSystemId: `fs-${id.slice(2)}`,
      SubnetIds: ["subnet-0a1b2c3d"],
      VpcId: "vpc-0a1b2c3d",
    };
  },
};

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
