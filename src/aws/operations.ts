import type { Service } from "./clients.ts";

/** Every operation that a scan may ask for, by service: none of them changes anything. */
export const SCAN_OPERATIONS: Readonly<Record<Service, readonly string[]>> = {
  sts: ["AssumeRole", "AssumeRoleWithWebIdentity", "GetCallerIdentity"],
  ec2: ["DescribeRegions"],
  organizations: ["ListAccounts", "ListAccountsForParent", "ListOrganizationalUnitsForParent"],
  sagemaker: [
    "ListNotebookInstances",
    "DescribeNotebookInstance",
    "ListDomains",
    "DescribeDomain",
    "ListTags",
  ],
};
