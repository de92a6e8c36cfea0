import type { KubeClient } from "./client.ts";
import type { ResourceKind } from "./types.ts";

/** Whom the API server takes the bearer of a token for, in the words in which it wants to be asked about him. */
export interface KubeUser {
  readonly username: string;
  readonly uid?: string | undefined;
  readonly groups?: readonly string[] | undefined;
  readonly extra?: Readonly<Record<string, readonly string[]>> | undefined;
}

/** What the API server's authorizer says of one request. */
export interface AccessDecision {
  readonly allowed: boolean;
  /** The authorizer's own, often empty. */
  readonly reason: string;
}

const TOKEN_REVIEW: ResourceKind = { group: "authentication.k8s.io", version: "v1", plural: "tokenreviews" };
const ACCESS_REVIEW: ResourceKind = {
  group: "authorization.k8s.io",
  version: "v1",
  plural: "subjectaccessreviews",
};

interface TokenReview {
  readonly status?: { readonly authenticated?: boolean; readonly user?: KubeUser };
}

interface SubjectAccessReview {
  readonly status?: { readonly allowed?: boolean; readonly denied?: boolean; readonly reason?: string };
}

/**
 * Asks the API server who somebody is and what he may do. The client's identity needs `create` on `tokenreviews` and
 * `subjectaccessreviews`, which are no objects: nothing is stored. Both methods reject with a `KubeError` where the API
 * server refuses or does not answer; no message of one holds the token.
 */
export class KubeReviews {
  readonly #client: Pick<KubeClient, "create">;

  constructor(client: Pick<KubeClient, "create">) {
    this.#client = client;
  }

  /** Resolves to undefined where the API server does not know the token, or knows it for another audience. */
  async userOf(token: string): Promise<KubeUser | undefined> {
    const body = { apiVersion: "authentication.k8s.io/v1", kind: "TokenReview", spec: { token } };
    const { status } = await this.#client.create<TokenReview>(TOKEN_REVIEW, {}, body);
    if (status?.authenticated !== true || !status.user?.username) return undefined;
    const { username, uid, groups, extra } = status.user;
    return { username, uid, groups, extra };
  }

  /** Whether `user` may `verb` the path of a URL that is no resource of the API. */
  async mayAccess({ username, ...user }: KubeUser, verb: string, path: string): Promise<AccessDecision> {
    const spec = { user: username, ...user, nonResourceAttributes: { verb, path } };
    const body = { apiVersion: "authorization.k8s.io/v1", kind: "SubjectAccessReview", spec };
    const { status } = await this.#client.create<SubjectAccessReview>(ACCESS_REVIEW, {}, body);
    const allowed = status?.allowed === true && status.denied !== true;
    return { allowed, reason: status?.reason ?? "" };
  }
}
