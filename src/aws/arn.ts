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

/** The region whose STS and EC2 endpoints are asked where nothing names another one. */
const HOME_REGION: Readonly<Record<string, string>> = {
  aws: "us-east-1",
  "aws-us-gov": "us-gov-west-1",
  "aws-cn": "cn-north-1",
  "aws-iso": "us-iso-east-1",
  "aws-iso-b": "us-isob-east-1",
};

const PARTITION_PREFIX: readonly [string, string][] = [
  ["us-gov-", "aws-us-gov"],
  ["cn-", "aws-cn"],
  ["us-iso-", "aws-iso"],
  ["us-isob-", "aws-iso-b"],
];

/** The partition that a region's name tells. */
export function partitionOfRegion(region: string): string {
  return PARTITION_PREFIX.find(([prefix]) => region.startsWith(prefix))?.[1] ?? "aws";
}

/** A region of `partition` to ask STS and EC2 in: `preferred` where it lies in that partition. */
export function homeRegion(partition: string, preferred: string | undefined): string {
  if (preferred !== undefined && partitionOfRegion(preferred) === partition) return preferred;
  return HOME_REGION[partition] ?? preferred ?? "us-east-1";
}
