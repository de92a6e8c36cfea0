import { readFile } from "node:fs/promises";
import { fromHttp, fromNodeProviderChain } from "@aws-sdk/credential-providers";
import { abortable } from "../async/abortable.ts";
import type { AwsClients, CredentialProvider } from "./clients.ts";
import { renewing, webIdentityCredentials } from "./credentials.ts";
import { toAwsCallError } from "./errors.ts";

export interface OperatorIdentityOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clients: AwsClients;
  readonly sessionName: string;
  readonly signal: AbortSignal;
  /** Whether the SDK's default chain (keys in the environment, profiles, the node's role) may be asked. */
  readonly allowAmbient: boolean;
}

/**
 * The operator's own credentials: its IRSA role or EKS Pod Identity, or, only where the administrator allows it,
 * whatever the SDK's default chain finds. Undefined where it has none.
 *
 * - IRSA: https://docs.aws.amazon.com/eks/latest/userguide/iam-roles-for-service-accounts.html
 * - Pod Identity: https://docs.aws.amazon.com/eks/latest/userguide/pod-identities.html
 */
export function operatorIdentity(options: OperatorIdentityOptions): CredentialProvider | undefined {
  const { env, clients, sessionName, signal, allowAmbient } = options;
  const { AWS_ROLE_ARN: roleArn, AWS_WEB_IDENTITY_TOKEN_FILE: tokenFile, AWS_REGION: region } = env;
  if (roleArn && tokenFile) {
    // Read at every renewal: the kubelet rotates the file.
    const token = async () => (await readFile(tokenFile, "utf8")).trim();
    return webIdentityCredentials({ clients, roleArn, sessionName, signal, region, token });
  }
  const uri = env["AWS_CONTAINER_CREDENTIALS_FULL_URI"];
  const authorizationFile = env["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"];
  // Amazon ECS's variable, which the SDK would prefer: where it is set, this is no EKS pod.
  const onEcs = env["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] !== undefined;
  if (uri && authorizationFile && !onEcs) {
    return renewing(
      named(
        "GetPodIdentityCredentials",
        fromHttp({
          awsContainerCredentialsFullUri: uri,
          awsContainerAuthorizationTokenFile: authorizationFile,
        }),
        signal,
      ),
    );
  }
  if (!allowAmbient) return undefined;
  return renewing(named("GetAmbientCredentials", fromNodeProviderChain(), signal));
}

/** `provider` with its failures told as those of `operation`. */
function named(operation: string, provider: CredentialProvider, signal: AbortSignal): CredentialProvider {
  return async () => {
    try {
      return await abortable(provider(), signal);
    } catch (error) {
      throw toAwsCallError(error, operation);
    }
  };
}
