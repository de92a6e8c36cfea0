/** Sources of plans read from a running AWS, as `awsscan plan` reads them. */
import { Aws } from "../../src/aws/aws.ts";
import { parseSourceArn, readSource } from "../../src/aws/remediation-source.ts";
import { Session } from "../../src/aws/session.ts";
import type { RemediationSource } from "../../src/remediation/plan.ts";
import type { Keys } from "./aws-clients.ts";
import { QUICK_RETRIES } from "./engine.ts";

/** Reads the resource of `arn`, asking in `region` where that is not the ARN's own. AWS_ENDPOINT_URL says whom. */
export async function sourceOf(
  keys: Keys,
  arn: string,
  region = parseSourceArn(arn)?.region ?? "us-east-1",
): Promise<RemediationSource | undefined> {
  const limits = { process: 8, account: 8, region: 4 };
  const aws = new Aws({ userAgent: "test", limits, retries: QUICK_RETRIES, maxCacheBytes: 2 ** 20 });
  try {
    const session = new Session(`keys ${keys.accessKeyId}`, async () => keys);
    const { signal } = new AbortController();
    const account = parseSourceArn(arn)?.account ?? "";
    return await readSource(aws.endpoint("sagemaker", { account, region, session, signal }), arn);
  } finally {
    aws.close();
  }
}

/** The same, of a resource that must exist. */
export async function knownSource(keys: Keys, arn: string): Promise<RemediationSource> {
  const source = await sourceOf(keys, arn);
  if (source === undefined) throw new Error(`${arn} does not exist`);
  return source;
}
