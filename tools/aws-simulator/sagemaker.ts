/** SageMaker, as far as it is read, and domains updated. https://docs.aws.amazon.com/sagemaker/latest/APIReference/ */
import { problem } from "./errors.ts";
import { describeDomain, listApps, listDomains, updateDomain } from "./sagemaker-domains.ts";
import { describeNotebookInstance, listNotebookInstances } from "./sagemaker-notebooks.ts";
import { listTags } from "./sagemaker-tags.ts";
import type { Service } from "./service.ts";
import { awsJson } from "./wire.ts";

/** A region that the account has not enabled does not know its sessions. */
export const sagemaker: Service = {
  name: "sagemaker",
  protocol: awsJson,
  operations: {
    DescribeDomain: describeDomain,
    DescribeNotebookInstance: describeNotebookInstance,
    ListApps: listApps,
    ListDomains: listDomains,
    ListNotebookInstances: listNotebookInstances,
    ListTags: listTags,
    UpdateDomain: updateDomain,
  },
  assertRegion(world, accountId, region) {
    if (!world.region(accountId, region)) throw problem("sagemaker", "unknown-key");
  },
};
