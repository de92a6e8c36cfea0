/** Amazon Resource Names. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */

export interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly account: string;
  /** All behind the account: `role/Name`, `notebook-instance/name`. */
  readonly resource: string;
}

/** The parts of an ARN, or undefined where `text` is none. */
export function parseArn(text: string): Arn | undefined {
  const [arn, partition, service, region, account, ...resource] = text.split(":");
  if (
    arn !== "arn" ||
    !partition ||
    !service ||
    region === undefined ||
    account === undefined ||
    resource.length === 0
  ) {
    return undefined;
  }
  return { partition, service, region, account, resource: resource.join(":") };
}

/** As the schema of `spec.accounts[].roleArn`, which AWS's own bounds of role and path fit into. */
const ROLE_ARN = /^arn:aws[a-z-]*:iam::\d{12}:role\/[A-Za-z0-9+=,.@_/-]+$/;
const MAX_ROLE_ARN = 600;

/** Whether `text` is the ARN of an IAM role: nothing else may be assumed. */
export function isRoleArn(text: string): boolean {
  return text.length <= MAX_ROLE_ARN && ROLE_ARN.test(text);
}

/** Whether `text` has the form of a region's name, which is also a part of its endpoints' hosts. */
export function isRegionName(text: string): boolean {
  return text.length <= 32 && /^[a-z]{2,5}(-[a-z]+)+-\d{1,2}$/.test(text);
}

/** Whether `text` is an AWS account's id. */
export function isAccountId(text: string): boolean {
  return /^\d{12}$/.test(text);
}

/** What a partition's regions are called by, and the one whose STS and EC2 are asked where nothing names another. */
interface Partition {
  readonly name: string;
  readonly prefix: string;
  readonly home: string;
}

/** Those beside `aws`, whose regions have no prefix in common. A test holds them to what the AWS SDK says. */
const PARTITIONS: readonly Partition[] = [
  { name: "aws-us-gov", prefix: "us-gov-", home: "us-gov-west-1" },
  { name: "aws-cn", prefix: "cn-", home: "cn-north-1" },
  { name: "aws-eusc", prefix: "eusc-", home: "eusc-de-east-1" },
  { name: "aws-iso", prefix: "us-iso-", home: "us-iso-east-1" },
  { name: "aws-iso-b", prefix: "us-isob-", home: "us-isob-east-1" },
  { name: "aws-iso-e", prefix: "eu-isoe-", home: "eu-isoe-west-1" },
  { name: "aws-iso-f", prefix: "us-isof-", home: "us-isof-south-1" },
];

/** The partition that a region's name tells. */
export function partitionOfRegion(region: string): string {
  return PARTITIONS.find(({ prefix }) => region.startsWith(prefix))?.name ?? "aws";
}

/** A region of `partition` to ask STS and EC2 in: `preferred` where it lies in that partition. */
export function homeRegion(partition: string, preferred: string | undefined): string {
  if (preferred !== undefined && partitionOfRegion(preferred) === partition) return preferred;
  if (partition === "aws") return "us-east-1";
  return PARTITIONS.find(({ name }) => name === partition)?.home ?? preferred ?? "us-east-1";
}

/** The region to ask STS in about a role, of the scan's own credentials where it is undefined. */
export function homeRegionOf(roleArn: string | undefined, preferred: string | undefined): string {
  const partition = roleArn === undefined ? undefined : parseArn(roleArn)?.partition;
  return partition === undefined ? (preferred ?? "us-east-1") : homeRegion(partition, preferred);
}
