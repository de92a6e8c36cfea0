import { isRoleArn } from "../api/arn.ts";
import type { AwsAccountScan } from "../api/generated/awsaccountscan.ts";
import { ALLOW_SCANS, EKS_ROLE_ARN } from "../api/names.ts";
import type { CredentialStallReason } from "../api/reasons.ts";
import type { Aws } from "../aws/aws.ts";
import { webIdentitySession } from "../aws/credentials.ts";
import type { Session } from "../aws/session.ts";
import { isForbidden, type KubeClient, type KubeObject } from "../kube/client.ts";
import { StallError } from "./stall.ts";

export interface CredentialsOptions {
  readonly client: KubeClient;
  readonly aws: Aws;
  readonly region: string | undefined;
  /** The audience of minted tokens: the administrator's setting, never a tenant's. */
  readonly tokenAudience: string;
  /** Namespaces whose scans may use the operator's own identity; `*` stands for all. */
  readonly operatorIdentityNamespaces: readonly string[];
  /** The operator's own session of that name; undefined where it has none. */
  operatorIdentity(sessionName: string): Session | undefined;
  allowRole(roleArn: string): boolean;
}

/** AWS takes tokens of any lifetime; the API server gives none shorter than ten minutes. */
const TOKEN_SECONDS = 900;
/** A scan that has just begun exchanges the token that it was let in with. */
const FRESH_MS = 60_000;

const SERVICE_ACCOUNTS = { group: "", version: "v1", plural: "serviceaccounts" };

/**
 * The session of the credentials that a scan's spec names; no other scan's.
 * @throws {StallError} where the spec names none that it may use, saying who must change what.
 */
export async function scanSession(
  options: CredentialsOptions,
  scan: AwsAccountScan,
  sessionName: string,
): Promise<Session> {
  const { namespace } = scan.metadata;
  const name = scan.spec.credentials?.serviceAccountName;
  if (name === undefined) return ownIdentity(options, namespace, sessionName);
  const { roleArn, uid } = await roleOf(options, namespace, name);
  // At every scan, whether its session needs one or not: who may no longer act for this tenant must stop.
  const minted = await mintToken(options, namespace, name);
  // Not by the wall clock, which may be set: the session keeps this function for as long as it lives.
  const freshUntil = performance.now() + FRESH_MS;
  const token = async () =>
    performance.now() < freshUntil ? minted : await mintToken(options, namespace, name);
  const { aws, region } = options;
  const key = JSON.stringify(["serviceaccount", namespace, name, uid]);
  return webIdentitySession({ aws, key, region, roleArn, sessionName, token });
}

function ownIdentity(options: CredentialsOptions, namespace: string, sessionName: string): Session {
  const allowed = options.operatorIdentityNamespaces;
  if (!allowed.includes("*") && !allowed.includes(namespace)) {
    throw new StallError(
      "OperatorIdentityNotAllowed",
      `Scans in namespace ${namespace} may not use the operator's own AWS identity. Set spec.credentials.serviceAccountName, ` +
        "or have the administrator add the namespace to --operator-identity-namespaces.",
    );
  }
  const session = options.operatorIdentity(sessionName);
  if (session !== undefined) return session;
  throw new StallError(
    "NoOperatorIdentity",
    "The operator has no AWS identity of its own: neither IRSA (AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE) nor EKS Pod " +
      "Identity is set up, and --allow-ambient-credentials is off. Set spec.credentials.serviceAccountName.",
  );
}

/** The role that a ServiceAccount names, where it has opted in; and which ServiceAccount of that name it is. */
async function roleOf(
  options: CredentialsOptions,
  namespace: string,
  name: string,
): Promise<{ readonly roleArn: string; readonly uid: string }> {
  const found = await permitted(
    options.client.get<KubeObject>(SERVICE_ACCOUNTS, { namespace, name }),
    `get ServiceAccount ${namespace}/${name}`,
  );
  const stall = (reason: CredentialStallReason, message: string) =>
    new StallError(reason, `ServiceAccount ${namespace}/${name} ${message}`);
  if (found === undefined)
    throw stall("ServiceAccountNotFound", "does not exist. Create it, or correct spec.credentials.");
  const { annotations, uid } = found.metadata;
  if (annotations?.[ALLOW_SCANS] !== "true") {
    throw stall(
      "ServiceAccountNotOptedIn",
      `does not allow scans in its name. Annotate it with ${ALLOW_SCANS}: "true".`,
    );
  }
  const roleArn = annotations[EKS_ROLE_ARN];
  if (roleArn === undefined || !isRoleArn(roleArn)) {
    throw stall(
      "RoleAnnotationMissing",
      `names no IAM role. Annotate it with ${EKS_ROLE_ARN}: arn:aws:iam::<account>:role/<name>.`,
    );
  }
  if (!options.allowRole(roleArn)) {
    throw stall(
      "RoleNotAllowed",
      `names ${roleArn}, which the operator's --allowed-role-arns does not include.`,
    );
  }
  return { roleArn, uid: uid ?? "" };
}

async function mintToken(
  { client, tokenAudience }: CredentialsOptions,
  namespace: string,
  name: string,
): Promise<string> {
  const request = {
    apiVersion: "authentication.k8s.io/v1",
    kind: "TokenRequest",
    spec: { audiences: [tokenAudience], expirationSeconds: TOKEN_SECONDS },
  };
  const created = await permitted(
    client.create<{ status?: { token?: string } }>(
      SERVICE_ACCOUNTS,
      { namespace, name, subresource: "token" },
      request,
    ),
    `create tokens of ServiceAccount ${namespace}/${name}`,
  );
  const token = created.status?.token;
  if (token === undefined)
    throw new Error(`the API server minted no token for ServiceAccount ${namespace}/${name}`);
  return token;
}

/** A refusal of the API server as what it is: the administrator has not let the operator act for this tenant. */
async function permitted<T>(call: Promise<T>, action: string): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (!isForbidden(error)) throw error;
    throw new StallError(
      "ServiceAccountForbidden",
      `The operator may not ${action}. Have the administrator bind it a Role in that namespace: verb get on ` +
        "serviceaccounts and verb create on serviceaccounts/token, with resourceNames (see deploy/tenant-rbac.yaml).",
    );
  }
}
