import { readFile } from "node:fs/promises";
import { fromHttp, fromIni, fromNodeProviderChain } from "@aws-sdk/credential-providers";
import { abortable } from "../async/abortable.ts";
import type { Aws } from "./aws.ts";
import { webIdentitySession } from "./credentials.ts";
import { toAwsCallError } from "./errors.ts";
import { type Credentials, Session } from "./session.ts";

export interface OperatorIdentityOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly aws: Aws;
  readonly sessionName: string;
  /** Whether the SDK's default chain (keys in the environment, profiles, the node's role) may be asked. */
  readonly allowAmbient: boolean;
}

/**
 * The operator's own session: its IRSA role or EKS Pod Identity, or, only where the administrator allows it, whatever
 * the SDK's default chain finds. Undefined where it has none.
 *
 * - IRSA: https://docs.aws.amazon.com/eks/latest/userguide/iam-roles-for-service-accounts.html
 * - Pod Identity: https://docs.aws.amazon.com/eks/latest/userguide/pod-identities.html
 */
export function operatorIdentity(options: OperatorIdentityOptions): Session | undefined {
  const { env, aws, sessionName, allowAmbient } = options;
  const { AWS_ROLE_ARN: roleArn, AWS_WEB_IDENTITY_TOKEN_FILE: tokenFile, AWS_REGION: region } = env;
  if (roleArn && tokenFile) {
    // Read at every renewal: the kubelet rotates the file.
    const token = async () => (await readFile(tokenFile, "utf8")).trim();
    return webIdentitySession({ aws, key: "operator", roleArn, sessionName, region, token });
  }
  const uri = env["AWS_CONTAINER_CREDENTIALS_FULL_URI"];
  const authorizationFile = env["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"];
  // Amazon ECS's variable, which the SDK would prefer: where it is set, this is no EKS pod.
  const onEcs = env["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] !== undefined;
  if (uri && authorizationFile && !onEcs) {
    const provider = fromHttp({
      awsContainerCredentialsFullUri: uri,
      awsContainerAuthorizationTokenFile: authorizationFile,
    });
    return provided(aws, "GetPodIdentityCredentials", provider);
  }
  // A chain anew for every renewal, since it remembers what it found.
  return allowAmbient ? provided(aws, "GetAmbientCredentials", () => fromNodeProviderChain()()) : undefined;
}

/** The session of a profile of the AWS configuration, whatever else the environment offers. */
export function profileSession(aws: Aws, profile: string): Session {
  return provided(aws, "GetProfileCredentials", () => fromIni({ profile })());
}

/** Keys that never end may be rotated all the same. */
const LOOK_AGAIN_MS = 15 * 60_000;

/** The session of one of the SDK's providers, whose failures are told as those of `operation`. */
function provided(aws: Aws, operation: string, provider: () => Promise<Credentials>): Session {
  return aws.sessions.get(operation, () => {
    return new Session(operation, async () => {
      try {
        const found = await abortable(provider(), aws.sharedSignal());
        return { ...found, expiration: found.expiration ?? new Date(Date.now() + LOOK_AGAIN_MS) };
      } catch (error) {
        throw toAwsCallError(error, operation);
      }
    });
  });
}
