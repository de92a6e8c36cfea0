import { type CommonProblem, problem, type ServiceName } from "./errors.ts";
import type { Principal, Sessions } from "./sessions.ts";
import { isSignedWith, parseAuthorization, type SignedRequest, signedAtMs } from "./signature.ts";
import type { World } from "./world.ts";

/** A caller whose signature and session were found good. */
export interface Authenticated {
  readonly principal: Principal;
  /** The region that the signature is for, hence the one that is asked. */
  readonly region: string;
}

/** As real services allow. */
const MAX_SKEW_MS = 15 * 60_000;

/** Finds out who signed a request; throws what `service` answers where that is nobody or not good (any more). */
export function authenticate(
  service: ServiceName,
  request: SignedRequest,
  from: { readonly world: World; readonly sessions: Sessions; readonly now: () => number },
): Authenticated {
  const { world, sessions, now } = from;
  const fail = (what: CommonProblem, message?: string) => problem(service, what, message);
  const claim = parseAuthorization(request.headers.authorization);
  if (!claim) throw fail("unsigned");

  const { secret, sessionToken, principal, ended } = keyOf(claim.accessKeyId, world, sessions) ?? {};
  if (secret === undefined || principal === undefined) throw fail("unknown-key");
  if (request.headers["x-amz-security-token"] !== sessionToken) throw fail("unknown-key");
  if (claim.service !== service || !isSignedWith(secret, claim, request)) throw fail("bad-signature");
  if (!(Math.abs(signedAtMs(request.headers) - now()) <= MAX_SKEW_MS))
    throw fail("bad-signature", "Signature expired: the request was signed more than 15 minutes from now");
  if (ended) throw fail("expired-session");
  return { principal, region: claim.region };
}

interface Key {
  readonly secret: string;
  readonly sessionToken: string | undefined;
  readonly principal: Principal;
  readonly ended: boolean;
}

function keyOf(accessKeyId: string, world: World, sessions: Sessions): Key | undefined {
  const session = sessions.find(accessKeyId);
  if (session) {
    const { secretAccessKey: secret, sessionToken, principal } = session;
    return { secret, sessionToken, principal, ended: sessions.hasEnded(session) };
  }
  const key = world.longLivedKey(accessKeyId);
  if (!key) return undefined;
  const { account, user, secretAccessKey: secret } = key;
  const principal = {
    accountId: account.spec.id,
    arn: `arn:${account.partition}:iam::${account.spec.id}:user/${user}`,
    userId: `AIDA${accessKeyId.slice(4)}`,
  };
  return { secret, sessionToken: undefined, principal, ended: false };
}
