import { inspect } from "node:util";
import { safeText } from "../api/safe-text.ts";

/**
 * Why AWS gave no answer, in the words of a scan's coverage:
 * - `denied`: the identity lacks the permission
 * - `denied-by-scp`: a service control policy of the organisation forbids it
 * - `throttled`: the quota was exhausted and stayed so through the retries
 * - `timed-out`: the scan's deadline, or the request's own, was reached
 * - `unreachable`: no connection, no name, or a connection that broke
 * - `not-enabled`: the account has not opted in to the region
 * - `unsupported`: the region has no such service
 * - `failed`: everything else, such as a 500 or an answer that cannot be parsed
 */
export type FailureKind =
  | "denied"
  | "denied-by-scp"
  | "throttled"
  | "timed-out"
  | "unreachable"
  | "not-enabled"
  | "unsupported"
  | "failed";

/**
 * Whether asking again may help:
 * - `never`: the same question has the same answer
 * - `paced`: later, since a quota is exhausted
 * - `transient`: soon, since the service or the connection failed
 * - `renewed`: with other credentials, since these have expired
 * - `doubted`: with other credentials, unless these are new: AWS does not tell a region that is not enabled from
 *   credentials that it does not know any more
 * - `corrected`: at once, since the clock that the request was signed by is corrected now
 */
export type Remedy = "never" | "paced" | "transient" | "renewed" | "doubted" | "corrected";

/** A call to AWS that gave no answer: which, why, and what AWS said, safe to show. */
export class AwsCallError extends Error {
  override readonly name = "AwsCallError";
  readonly kind: FailureKind;
  readonly remedy: Remedy;
  /** How long the service asks to wait, where it does. */
  readonly retryAfterMs: number | undefined;
  /** The API operation, `ListNotebookInstances`. */
  readonly operation: string;
  /** AWS's error code or the socket's, `AccessDeniedException`, `ECONNREFUSED`. */
  readonly code: string;
  readonly requestId: string | undefined;

  constructor(details: {
    kind: FailureKind;
    operation: string;
    code: string;
    message: string;
    requestId?: string | undefined;
    remedy?: Remedy;
    retryAfterMs?: number | undefined;
  }) {
    super(safeText(details.message));
    this.kind = details.kind;
    this.remedy = details.remedy ?? "never";
    this.retryAfterMs = details.retryAfterMs;
    this.operation = details.operation;
    this.code = safeText(details.code, 128);
    this.requestId = details.requestId === undefined ? undefined : safeText(details.requestId, 128);
  }

  /** The same failure as that of `operation`, which was not even asked for the reason that this one failed. */
  asOf(operation: string): AwsCallError {
    if (operation === this.operation) return this;
    const { kind, code, message, remedy } = this;
    return new AwsCallError({ kind, operation, code, message, remedy });
  }
}

const KINDS: Readonly<Record<string, FailureKind>> = {
  AccessDenied: "denied",
  AccessDeniedException: "denied",
  UnauthorizedOperation: "denied",
  UnauthorizedAccess: "denied",
  // STS: the trust policy's conditions or the token do not fit, which a human must mend.
  InvalidIdentityToken: "denied",
  InvalidIdentityTokenException: "denied",
  IDPRejectedClaim: "denied",
  IDPRejectedClaimException: "denied",
  AWSOrganizationsNotInUseException: "denied",
  ExpiredToken: "denied",
  ExpiredTokenException: "denied",
  RequestExpired: "denied",
  InvalidClientTokenId: "denied",
  SignatureDoesNotMatch: "denied",
  InvalidSignatureException: "denied",
  MissingAuthenticationToken: "denied",
  MissingAuthenticationTokenException: "denied",
  // What a region answers that the account has not opted in to; SageMaker and EC2 differ.
  UnrecognizedClientException: "not-enabled",
  AuthFailure: "not-enabled",
  RegionDisabledException: "not-enabled",
  OptInRequired: "not-enabled",
  Throttling: "throttled",
  ThrottlingException: "throttled",
  ThrottledException: "throttled",
  EC2ThrottledException: "throttled",
  BandwidthLimitExceeded: "throttled",
  TooManyRequestsException: "throttled",
  RequestLimitExceeded: "throttled",
  RequestThrottled: "throttled",
  RequestThrottledException: "throttled",
  SlowDown: "throttled",
  TimeoutError: "timed-out",
  AbortError: "timed-out",
  RequestTimeout: "timed-out",
  RequestTimeoutException: "timed-out",
  ETIMEDOUT: "unreachable",
  ECONNREFUSED: "unreachable",
  ECONNRESET: "unreachable",
  EPIPE: "unreachable",
  ENOTFOUND: "unreachable",
  EAI_AGAIN: "unreachable",
  EHOSTUNREACH: "unreachable",
  ENETUNREACH: "unreachable",
};

/** A map: a code is whatever an answer says, such as `constructor`. */
const KIND_OF_CODE: ReadonlyMap<string, FailureKind> = new Map(Object.entries(KINDS));

const BY_SCP = /service control policy/i;
const NOT_SUPPORTED = /not supported in (?:the called|this) region/i;
/** Which the session may have outlived, or its renewal; a fresh session answers for good. EC2 says it in its own way. */
const EXPIRED: readonly string[] = ["ExpiredToken", "ExpiredTokenException", "RequestExpired"];

/** What a region that is not enabled answers, and so do all to credentials whose role was deleted. */
const DOUBTFUL: readonly string[] = ["UnrecognizedClientException", "AuthFailure", "InvalidClientTokenId"];
/**
 * What all services say of a request that was not signed about now. The signing step learns the server's time from every
 * answer, and says so only where our clock is wrong, not where it has been set right since the last answer.
 */
const WRONG_TIME = /^Signature (?:expired|not yet current): /;
/** Socket codes of a certificate that is not to be trusted, which no waiting mends. */
const CERTIFICATE = /^(?:CERT_|ERR_TLS_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_)/;

/** Our own code of an answer that came, and makes no sense. */
const INVALID_RESPONSE = "InvalidResponse";

/** The code of an account whose answers turned out to be another's. */
export const ACCOUNT_MISMATCH = "AccountMismatch";

/** Turns whatever an SDK client threw at `operation` into an {@link AwsCallError}; one that is passes unchanged. */
export function toAwsCallError(error: unknown, operation: string): AwsCallError {
  if (error instanceof AwsCallError) return error;
  if (!(error instanceof Error)) {
    return new AwsCallError({
      kind: "failed",
      operation,
      code: "Unknown",
      message: typeof error === "string" ? error : inspect(error, { depth: 0 }),
    });
  }
  const { code, $metadata } = error as SdkError;
  // Sockets say it in `code` under a generic name; AWS's codes are the names of the SDK's errors.
  const fromSocket = typeof code === "string" && KIND_OF_CODE.has(code);
  const told = fromSocket ? code : isGarbled(error) ? INVALID_RESPONSE : error.name;
  const message =
    error.message || (error instanceof AggregateError ? error.errors.map(String).join("; ") : "");
  const kind = kindOf(told, message, $metadata?.httpStatusCode);
  return new AwsCallError({
    kind,
    operation,
    code: told,
    message,
    requestId: $metadata?.requestId,
    remedy: remedyOf(error, kind, told),
    retryAfterMs: retryAfterOf(error),
  });
}

/** The failure of an answer that came, and makes no sense. */
export function invalidAnswer(operation: string, message: string): AwsCallError {
  return new AwsCallError({ kind: "failed", operation, code: INVALID_RESPONSE, message });
}

/** What the SDK adds to errors. */
type SdkError = Error & {
  readonly code?: unknown;
  readonly $metadata?: {
    readonly requestId?: string;
    readonly httpStatusCode?: number;
    /** The signing step has learned the server's time from this answer. */
    readonly clockSkewCorrected?: boolean;
  };
  /** The service's model says that it passes. */
  readonly $retryable?: { readonly throttling?: boolean };
  readonly $response?: { readonly headers?: Readonly<Record<string, string | undefined>> };
};

function kindOf(code: string, message: string, status: number | undefined): FailureKind {
  const kind = KIND_OF_CODE.get(code) ?? (status === 429 ? "throttled" : "failed");
  if (kind === "denied" && BY_SCP.test(message)) return "denied-by-scp";
  if (code === "UnknownOperationException" && NOT_SUPPORTED.test(message)) return "unsupported";
  return kind;
}

function remedyOf(error: SdkError, kind: FailureKind, code: string): Remedy {
  if (kind === "throttled" || error.$retryable?.throttling === true) return "paced";
  if (error.$metadata?.clockSkewCorrected === true || WRONG_TIME.test(error.message)) return "corrected";
  if (EXPIRED.includes(code)) return "renewed";
  if (DOUBTFUL.includes(code)) return "doubted";
  if (kind === "unreachable" || kind === "timed-out" || error.$retryable !== undefined) return "transient";
  if (kind !== "failed") return "never";
  if (error instanceof TypeError || CERTIFICATE.test(String(error.code))) return "never";
  const status = error.$metadata?.httpStatusCode;
  return status === undefined || status >= 500 || isGarbled(error) ? "transient" : "never";
}

/**
 * Whether an answer cannot be parsed, cut off or garbled on its way: the SDK throws the parser's own error, which for
 * XML has no type of its own, but the status of a success.
 */
function isGarbled(error: SdkError): boolean {
  const status = error.$metadata?.httpStatusCode;
  return error instanceof SyntaxError || (status !== undefined && status < 400);
}

/** In seconds or as a date: https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3 */
function retryAfterOf({ $response }: SdkError, now = Date.now()): number | undefined {
  const value = $response?.headers?.["retry-after"];
  if (value === undefined) return undefined;
  const ms = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - now;
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}
