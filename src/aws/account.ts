import { DescribeRegionsCommand } from "@aws-sdk/client-ec2";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { parseArn } from "./arn.ts";
import type { AwsClients, CredentialProvider } from "./clients.ts";
import { AwsCallError, toAwsCallError } from "./errors.ts";

/** Whom credentials belong to. */
export interface CallerIdentity {
  readonly account: string;
  readonly arn: string;
  readonly partition: string;
}

/**
 * Asks STS whose these credentials are. The call needs no permission and cannot be denied by a policy.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 */
export async function getCallerIdentity(
  clients: AwsClients,
  region: string,
  credentials: CredentialProvider,
  signal: AbortSignal,
): Promise<CallerIdentity> {
  const operation = "GetCallerIdentity";
  try {
    const { Account, Arn } = await clients
      .sts(region, credentials)
      .send(new GetCallerIdentityCommand({}), { abortSignal: signal });
    const partition = parseArn(Arn ?? "")?.partition;
    if (!Account || !Arn || partition === undefined) {
      throw new AwsCallError({
        kind: "failed",
        operation,
        code: "InvalidResponse",
        message: "STS named no account",
      });
    }
    return { account: Account, arn: Arn, partition };
  } catch (error) {
    throw toAwsCallError(error, operation);
  }
}

/**
 * The regions enabled in the account of these credentials, sorted.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeRegions.html
 */
export async function listEnabledRegions(
  clients: AwsClients,
  region: string,
  credentials: CredentialProvider,
  signal: AbortSignal,
): Promise<string[]> {
  const operation = "DescribeRegions";
  try {
    const { Regions } = await clients
      .ec2(region, credentials)
      .send(new DescribeRegionsCommand({ AllRegions: false }), { abortSignal: signal });
    const names = (Regions ?? []).flatMap(({ RegionName }) => (RegionName ? [RegionName] : []));
    if (names.length === 0) {
      throw new AwsCallError({
        kind: "failed",
        operation,
        code: "InvalidResponse",
        message: "EC2 named no enabled region",
      });
    }
    return names.sort();
  } catch (error) {
    throw toAwsCallError(error, operation);
  }
}
