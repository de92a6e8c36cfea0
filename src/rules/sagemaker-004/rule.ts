import type { FrameworkMapping } from "../framework.ts";
import { DOMAIN, type Domain, NOTEBOOK_INSTANCE, type NotebookInstance } from "../resource.ts";
import type { Judgement, Rule } from "../rule.ts";
import mapping from "./frameworks.json" with { type: "json" };
import { guidance } from "./guidance.ts";

/**
 * SageMaker-004, «Disable Direct Internet Access for Notebook Instances»: no notebook instance with direct
 * internet access, and every SageMaker domain in `VpcOnly` mode.
 */
export const sagemaker004: Rule = {
  id: "SageMaker-004",
  title: "Disable Direct Internet Access for Notebook Instances",
  severity: "medium",
  resourceTypes: [NOTEBOOK_INSTANCE, DOMAIN],
  guidance,
  frameworks: mapping as FrameworkMapping,
  evaluate: (resource) =>
    resource.type === NOTEBOOK_INSTANCE ? judgeNotebook(resource) : judgeDomain(resource),
};

function judgeNotebook({ directInternetAccess }: NotebookInstance): Judgement {
  const evidence = { DirectInternetAccess: directInternetAccess ?? null };
  switch (directInternetAccess) {
    case "Enabled":
      return {
        verdict: "violation",
        reason: "DirectInternetAccessEnabled",
        message: "The notebook instance has direct internet access.",
        evidence,
      };
    case "Disabled":
      return {
        verdict: "compliant",
        reason: "DirectInternetAccessDisabled",
        message: "The notebook instance reaches the internet only through its VPC.",
        evidence,
      };
    default:
      return {
        verdict: "unknown",
        reason: "UnrecognizedDirectInternetAccess",
        message: "DescribeNotebookInstance answered neither Enabled nor Disabled.",
        evidence,
      };
  }
}

/**
 * An absent value is a violation: the API's default is PublicInternetOnly.
 * https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateDomain.html
 */
function judgeDomain({ appNetworkAccessType }: Domain): Judgement {
  const evidence = { AppNetworkAccessType: appNetworkAccessType ?? null };
  switch (appNetworkAccessType) {
    case "VpcOnly":
      return {
        verdict: "compliant",
        reason: "VpcOnly",
        message: "The domain's traffic stays in its VPC.",
        evidence,
      };
    case "PublicInternetOnly":
    case undefined:
      return {
        verdict: "violation",
        reason: "NotVpcOnly",
        message: "The domain's apps reach the internet outside its VPC.",
        evidence,
      };
    default:
      return {
        verdict: "unknown",
        reason: "UnrecognizedAppNetworkAccessType",
        message: "DescribeDomain answered neither VpcOnly nor PublicInternetOnly.",
        evidence,
      };
  }
}
