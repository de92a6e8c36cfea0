import { type CommonProblem, problem, type ServiceName, wrongTime } from "./errors.ts";
import type { Principal, Sessions } from "./sessions.ts";
import { isSignedWith, parseAuthorization, type SignedRequest, signedAtMs } from "./signature.ts";
import type { World } from "./world.ts";

/** A caller whose signature and session were found good. */
export interface Authenticated {
  readonly principal: Principal;
  /** The region that the signature is for, hence the one that is asked. */
  readonly region: string;
  /** Epoch milliseconds; whether that is good is for {@link assertTime} to say. NaN where the request does not tell. */
  readonly signedAtMs: number;
}

/** As real services allow. */
const TOLERANCE_MS = 15 * 60_000;

/** Throws what `service` answers where a request was not signed about now. */
export function assertTime(service: ServiceName, signedAtMs: number, serverMs: number): void {
  if (Math.abs(signedAtMs - serverMs) <= TOLERANCE_MS) return;
  throw wrongTime(service, { signedAtMs, serverMs, toleranceMs: TOLERANCE_MS });
}

/** Finds out who signed a request; throws what `service` answers where that is nobody or not good (any more). */
export function authenticate(
  service: ServiceName,
  request: SignedRequest,
  from: { readonly world: World; readonly sessions: Sessions },
): Authenticated {
  const fail = (what: CommonProblem) => problem(service, what);
  const claim = parseAuthorization(request.headers.authorization);
  if (!claim) throw fail("unsigned");

  const { secret, sessionToken, principal, ended } = keyOf(claim.accessKeyId, request, from) ?? {};
  if (secret === undefined || principal === undefined) throw fail("unknown-key");
  if (request.headers["x-amz-security-token"] !== sessionToken) throw fail("unknown-key");
  if (claim.service !== service || !isSignedWith(secret, claim, request)) throw fail("bad-signature");
  if (ended) throw fail("expired-session");
  return { principal, region: claim.region, signedAtMs: signedAtMs(request.headers) };
}

interface Key {
  readonly secret: string;
  readonly sessionToken: string | undefined;
  readonly principal: Principal;
  readonly ended: boolean;
}

function keyOf(
  accessKeyId: string,
  { headers }: SignedRequest,
  { world, sessions }: { readonly world: World; readonly sessions: Sessions },
): Key | undefined {
  const session = sessions.find(accessKeyId);
  if (session) {
    const { secretAccessKey: secret, sessionToken, principal } = session;
    return { secret, sessionToken, principal, ended: sessions.hasEnded(session) };
  }
  const key = world.longLivedKey(accessKeyId);
  if (!key) return undefined;
  const { account, user, service, secretAccessKey: secret } = key;
  if (service !== undefined)
    return {
      secret,
      sessionToken: undefined,
      principal: servicePrincipal(service, account.spec.id, headers),
      ended: false,
    };
  const principal = {
    accountId: account.spec.id,
    arn: `arn:${account.partition}:iam::${account.spec.id}:user/${user}`,
    userId: `AIDA${accessKeyId.slice(4)}`,
  };
  return { secret, sessionToken: undefined, principal, ended: false };
}

/**
 * A service that asks by itself says for which account.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourceaccount
 */
function servicePrincipal(service: string, accountId: string, headers: SignedRequest["headers"]): Principal {
  const source = headers["x-amz-source-account"];
  return {
    accountId,
    arn: service,
    userId: service,
    service,
    ...(typeof source === "string" && { sourceAccount: source }),
  };
}
