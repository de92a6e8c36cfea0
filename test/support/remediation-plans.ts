/** Remediation plans by hand: one that is plain, one with every setting, domains, and names that must do no harm. */
import type {
  DomainPlan,
  DomainSource,
  NotebookPlan,
  NotebookSource,
  Place,
  Replacement,
} from "../../src/remediation/plan.ts";
import { DOMAIN, NOTEBOOK_INSTANCE } from "../../src/rules/resource.ts";

export const PLACE: Place = { partition: "aws", account: "111122223333", region: "eu-central-1" };

const ROLE = "arn:aws:iam::111122223333:role/NotebookExecution";
const arnOf = (kind: string, id: string) => `arn:aws:sagemaker:eu-central-1:111122223333:${kind}/${id}`;

const SUBNET_ID = { name: "SubnetId", description: "A private subnet in the VPC of the notebooks." } as const;
const SECURITY_GROUP_IDS = {
  name: "SecurityGroupIds",
  description: "Security groups of that VPC.",
} as const;

/** What anybody may know of any instance. */
const PLAIN: Replacement = {
  name: "data-science-vpc",
  instanceType: "ml.t3.medium",
  roleArn: ROLE,
  acceleratorTypes: [],
  additionalCodeRepositories: [],
  tags: [],
  subnetId: undefined,
  securityGroupIds: undefined,
};

export function notebookPlan(
  replacement: Partial<Replacement> = {},
  rest: Partial<Omit<NotebookPlan, "replacement">> = {},
): NotebookPlan {
  const whole = { ...PLAIN, ...replacement };
  return {
    kind: "ReplaceNotebookInstance",
    source: sourceOf(whole),
    replacement: whole,
    parameters: [SUBNET_ID, SECURITY_GROUP_IDS],
    notices: [
      {
        kind: "network",
        text: "The subnet needs a NAT gateway, or VPC endpoints for SageMaker, S3 and STS.",
      },
      { kind: "cost", text: "Both instances are charged for while they coexist." },
    ],
    ...rest,
  };
}

/** Every setting that an instance can have. */
export const FULL: NotebookPlan = notebookPlan({
  name: "Fraud-Models-vpc",
  instanceType: "ml.m5.xlarge",
  platformIdentifier: "notebook-al2023-v1",
  volumeSizeInGB: 200,
  kmsKeyId: "arn:aws:kms:eu-central-1:111122223333:key/0a1b2c3d-1111-2222-3333-444455556666",
  lifecycleConfigName: "install-drivers",
  rootAccess: "Disabled",
  minimumInstanceMetadataServiceVersion: "2",
  ipAddressType: "dualstack",
  defaultCodeRepository: "https://git.example.com/fraud/models.git",
  additionalCodeRepositories: ["shared-library", "https://git.example.com/fraud/data.git"],
  tags: [
    { key: "team", value: "fraud" },
    { key: "cost-center", value: "0123" },
    { key: "confirmed", value: "yes" },
    { key: "Besitzerin", value: "Jörg @ Zoë" },
  ],
  subnetId: "subnet-0a1b2c3d4e5f60718",
  securityGroupIds: ["sg-0a1b2c3d4e5f60718", "sg-1a1b2c3d4e5f60718"],
});

/** Its platform is retired, so that the reader must choose another. */
export const RETIRED: NotebookPlan = notebookPlan(
  { name: "old-times-vpc" },
  {
    parameters: [
      SUBNET_ID,
      SECURITY_GROUP_IDS,
      { name: "AcceptedPlatformIdentifier", description: "A platform that AWS offers still." },
    ],
    notices: [{ kind: "lost", text: "The platform notebook-al1-v1 is retired." }],
  },
);

function sourceOf(replacement: Replacement): NotebookSource {
  const name = replacement.name.endsWith("-vpc") ? replacement.name.slice(0, -4) : `${replacement.name}-old`;
  return {
    ...PLACE,
    type: NOTEBOOK_INSTANCE,
    arn: arnOf("notebook-instance", name.toLowerCase()),
    name,
    status: "InService",
    directInternetAccess: "Enabled",
    instanceType: replacement.instanceType ?? "ml.p2.xlarge",
    roleArn: replacement.roleArn,
    platformIdentifier: replacement.platformIdentifier,
    volumeSizeInGB: replacement.volumeSizeInGB,
    kmsKeyId: replacement.kmsKeyId,
    lifecycleConfigName: replacement.lifecycleConfigName,
    rootAccess: replacement.rootAccess,
    minimumInstanceMetadataServiceVersion: replacement.minimumInstanceMetadataServiceVersion,
    ipAddressType: replacement.ipAddressType,
    acceleratorTypes: replacement.acceleratorTypes,
    defaultCodeRepository: replacement.defaultCodeRepository,
    additionalCodeRepositories: replacement.additionalCodeRepositories ?? [],
    subnetId: undefined,
    securityGroupIds: [],
    tags: replacement.tags,
  };
}

export function domainPlan(source: Partial<DomainSource> = {}, rest: Partial<DomainPlan> = {}): DomainPlan {
  const whole: DomainSource = {
    ...PLACE,
    type: DOMAIN,
    arn: arnOf("domain", "d-abcdefghijkl"),
    id: "d-abcdefghijkl",
    name: "research",
    status: "InService",
    appNetworkAccessType: "PublicInternetOnly",
    authMode: "IAM",
    vpcId: "vpc-0a1b2c3d4e5f60718",
    subnetIds: ["subnet-0a1b2c3d4e5f60718", "subnet-1a1b2c3d4e5f60718"],
    appSecurityGroupManagement: undefined,
    rStudioExecutionRoleArn: undefined,
    executionRoleArn: "arn:aws:iam::111122223333:role/StudioExecution",
    defaultSecurityGroupIds: ["sg-0a1b2c3d4e5f60718"],
    tags: [
      { key: "aws:createdBy", value: "somebody" },
      { key: "team", value: "research" },
    ],
    ...source,
  };
  return {
    kind: "UpdateDomain",
    source: whole,
    update: { vpcId: whole.vpcId, subnetIds: whole.subnetIds, securityGroupIds: [] },
    impossible: undefined,
    parameters: [],
    notices: [{ kind: "precondition", text: "No app may be InService, Pending or Deleting." }],
    ...rest,
  };
}

/** It has no VPC, and must get one with the access type. */
export const BARE: DomainPlan = domainPlan(
  { vpcId: undefined, subnetIds: [], defaultSecurityGroupIds: [] },
  {
    update: { vpcId: undefined, subnetIds: undefined, securityGroupIds: undefined },
    parameters: [
      { name: "VpcId", description: "The VPC that the domain is to use." },
      { name: "SubnetIds", description: "Subnets of that VPC." },
      { name: "SecurityGroupIds", description: "Security groups of that VPC." },
    ],
  },
);

export const RSTUDIO: DomainPlan = domainPlan(
  { name: "statistics", id: "d-rstudiorstud", arn: arnOf("domain", "d-rstudiorstud") },
  { impossible: "AWS does not let the access type of a domain with RStudio change." },
);

/** Texts that mean something to a shell, a template language, a terminal or a reader of YAML. */
export const HOSTILE: readonly string[] = [
  // biome-ignore lint/suspicious/noTemplateCurlyInString: no template of ours, but of Terraform
  "${aws_iam_role.x.arn}$${y}$$${z}",
  "%{ if true }x%{ endif }%%{y}%%%{z}",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: no template of ours, but of Terraform
  'quote " and \\ and \\" and ${"${"}',
  "line\nbreak\r\nand\ttab",
  "nul \u0000 bell \u0007 escape \u001b[31m next line \u0085",
  "right \u202eto left\u202c \u200fmark \ufeff and \u2028separators\u2029",
  "half a pair \ud800 and half \udc00",
  "emoji 👩‍🚀🇩🇪👍🏽, Zoe\u0308, \u{e0001}",
  "yes",
  "0123",
  "2026-11-25",
  "!Ref Subnet",
  "&anchor *alias <<: |",
  "# comment",
  "null",
  "~",
  "",
  " ",
  "{{resolve:secretsmanager:prod/db}}",
  "*/ <!-- <script>alert(1)</script>",
  "`id` $(id) ; rm -rf / #",
  "EOF\nEOT",
];

/** A plan with `text` wherever an account's owner, or somebody who writes a plan's texts, may put one. */
export function hostilePlans(text: string): readonly [NotebookPlan, DomainPlan, DomainPlan] {
  const notices = [{ kind: "lost", text }] as const;
  const notebook = notebookPlan(
    {
      name: text,
      instanceType: text,
      roleArn: text,
      platformIdentifier: text,
      kmsKeyId: text,
      lifecycleConfigName: text,
      rootAccess: text,
      minimumInstanceMetadataServiceVersion: text,
      ipAddressType: text,
      acceleratorTypes: [text],
      defaultCodeRepository: text,
      additionalCodeRepositories: [text, text],
      tags: [{ key: text, value: text }],
      securityGroupIds: [text],
    },
    { parameters: [{ name: "SubnetId", description: text }], notices },
  );
  const source = {
    arn: text,
    // No import of Terraform's has an empty id, and no domain of AWS's.
    id: text || "d-empty",
    name: text,
    appNetworkAccessType: text,
    authMode: text,
    vpcId: text,
    subnetIds: [text],
    executionRoleArn: undefined,
    defaultSecurityGroupIds: [text],
    tags: [{ key: text, value: text }],
  };
  return [
    { ...notebook, source: { ...notebook.source, arn: text } },
    domainPlan(source, { notices }),
    domainPlan(source, { notices, impossible: text }),
  ];
}
