/** The regions of AWS by partition. https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html */

interface Catalogue {
  /** Enabled in every account. */
  readonly always: readonly string[];
  /** Enabled in an account that has opted in. */
  readonly optIn: readonly string[];
}

const COMMERCIAL: Catalogue = {
  always: [
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "eu-central-1",
    "eu-north-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
  ],
  optIn: [
    "af-south-1",
    "ap-east-1",
    "ap-east-2",
    "ap-south-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "ca-west-1",
    "eu-central-2",
    "eu-south-1",
    "eu-south-2",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "mx-central-1",
  ],
};

const CATALOGUES: Readonly<Record<string, Catalogue>> = {
  aws: COMMERCIAL,
  "aws-us-gov": { always: ["us-gov-east-1", "us-gov-west-1"], optIn: [] },
  "aws-cn": { always: ["cn-north-1", "cn-northwest-1"], optIn: [] },
};

/** The regions of `partition`; throws where the simulator knows no such partition. */
export function regionsOf(partition: string): Catalogue {
  const catalogue = CATALOGUES[partition];
  if (catalogue) return catalogue;
  throw new Error(`no such partition: "${partition}"; known are ${Object.keys(CATALOGUES).join(", ")}`);
}

/** The domain name of a region's endpoints. */
export function endpointSuffix(partition: string): string {
  return partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
}
