import { type PolicyDocument, policyDocument, type Statement } from "./document.ts";

export interface ScanPolicyOptions {
  readonly partition: string;
  /** The account of the role; `*` makes a policy that fits in every account, since a role reaches no other anyway. */
  readonly account: string;
  /** Whether exemptions go by tags. Without, those exempt nothing, and the scan says why. */
  readonly tags: boolean;
  /** Whether scans ask which regions are enabled. Without, every scan must name its regions. */
  readonly regions: boolean;
}

/**
 * What the role of a scanned account may do: read notebook instances and domains, and nothing else. Resources are as
 * narrow as the service allows: lists know none.
 *
 * - https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemakerai.html
 * - https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
 */
export function scanPolicy({ partition, account, tags, regions }: ScanPolicyOptions): PolicyDocument {
  const notebooks = `arn:${partition}:sagemaker:*:${account}:notebook-instance/*`;
  const domains = `arn:${partition}:sagemaker:*:${account}:domain/*`;
  return policyDocument(
    allow("ListNotebooksAndDomains", ["sagemaker:ListNotebookInstances", "sagemaker:ListDomains"], ["*"]),
    allow("DescribeNotebooks", ["sagemaker:DescribeNotebookInstance"], [notebooks]),
    allow("DescribeDomains", ["sagemaker:DescribeDomain"], [domains]),
    ...(tags ? [allow("ReadTagsForExemptions", ["sagemaker:ListTags"], [notebooks, domains])] : []),
    ...(regions ? [allow("FindEnabledRegions", ["ec2:DescribeRegions"], ["*"])] : []),
  );
}

function allow(Sid: string, Action: readonly string[], Resource: readonly string[]): Statement {
  return { Sid, Effect: "Allow", Action, Resource };
}
