import type { Guidance } from "../rule.ts";

/** What `awsscan explain SageMaker-004` and reports tell people; after the rule's own text. */
export const guidance: Guidance = {
  rationale:
    "A notebook instance with direct internet access, and a domain that is not VpcOnly, reach the internet through a " +
    "network that SageMaker runs: no security group, flow log, firewall or VPC endpoint policy of yours sees the traffic, " +
    "so that data can leave and code can come in unnoticed. In a VPC all of it passes what you control.",
  audit: [
    "List the notebook instances of every enabled region: aws sagemaker list-notebook-instances --region REGION",
    "Describe each: aws sagemaker describe-notebook-instance --region REGION --notebook-instance-name NAME " +
      "--query DirectInternetAccess. Enabled is a violation.",
    "List the domains: aws sagemaker list-domains --region REGION",
    "Describe each: aws sagemaker describe-domain --region REGION --domain-id ID --query AppNetworkAccessType. " +
      "Anything but VpcOnly is a violation.",
  ],
  remediation: {
    "AWS::SageMaker::NotebookInstance": [
      "DirectInternetAccess cannot be changed: create a replacement with the same settings in a subnet and security " +
        "groups of your VPC, with DirectInternetAccess Disabled.",
      "Give the subnet a route to what the notebooks need: a NAT gateway, or VPC endpoints for SageMaker, S3 and STS.",
      "Move the data (all that is below /home/ec2-user/SageMaker) to the replacement.",
      "Stop the old instance, delete it, and scan again.",
    ],
    "AWS::SageMaker::Domain": [
      "Delete the domain's apps that are InService or Pending: the access type can only change without them.",
      "Give its subnets VPC endpoints (SageMaker API and Runtime, S3, STS) or a NAT gateway.",
      "aws sagemaker update-domain --region REGION --domain-id ID --app-network-access-type VpcOnly",
      "Open the apps again, and scan again. A domain with RStudio cannot be changed and must be created anew.",
    ],
  },
  references: [
    "https://docs.aws.amazon.com/sagemaker/latest/dg/appendix-notebook-and-internet-access.html",
    "https://docs.aws.amazon.com/sagemaker/latest/dg/studio-notebooks-and-internet-access.html",
    "https://www.trendmicro.com/cloudoneconformity/knowledge-base/aws/SageMaker/notebook-direct-internet-access.html",
  ],
};
