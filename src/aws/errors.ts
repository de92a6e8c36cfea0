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

/** A call to AWS that gave no answer: which, why, and what AWS said, safe to show. */
export class AwsCallError extends Error {
  override readonly name = "AwsCallError";
  readonly kind: FailureKind;
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
  }) {
    super(safeText(details.message));
    this.kind = details.kind;
    this.operation = details.operation;
    this.code = safeText(details.code, 128);
    this.requestId = details.requestId === undefined ? undefined : safeText(details.requestId, 128);
  }
}

const KIND_OF_CODE: Readonly<Record<string, FailureKind>> = {
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
  TooManyRequestsException: "throttled",
  RequestLimitExceeded: "throttled",
  RequestThrottled: "throttled",
  SlowDown: "throttled",
  TimeoutError: "timed-out",
  AbortError: "timed-out",
  RequestTimeout: "timed-out",
  ETIMEDOUT: "unreachable",
  ECONNREFUSED: "unreachable",
  ECONNRESET: "unreachable",
  EPIPE: "unreachable",
  ENOTFOUND: "unreachable",
  EAI_AGAIN: "unreachable",
  EHOSTUNREACH: "unreachable",
  ENETUNREACH: "unreachable",
};

const BY_SCP = /service control policy/i;
const NOT_SUPPORTED = /not supported in (?:the called|this) region/i;

/** Turns whatever an SDK client threw at `operation` into an {@link AwsCallError}; one that is passes unchanged. */
export function toAwsCallError(error: unknown, operation: string): AwsCallError {
  if (error instanceof AwsCallError) return error;
  const { code, message, requestId } = describe(error);
  return new AwsCallError({ kind: kindOf(code, message), operation, code, message, requestId });
}

function kindOf(code: string, message: string): FailureKind {
  const kind = KIND_OF_CODE[code] ?? "failed";
  if (kind === "denied" && BY_SCP.test(message)) return "denied-by-scp";
  if (code === "UnknownOperationException" && NOT_SUPPORTED.test(message)) return "unsupported";
  return kind;
}

function describe(error: unknown): { code: string; message: string; requestId: string | undefined } {
  if (!(error instanceof Error)) return { code: "Unknown", message: String(error), requestId: undefined };
  const { code, $metadata } = error as Error & { code?: unknown; $metadata?: { requestId?: string } };
  // Sockets say it in `code` under a generic name; AWS's codes are the names of the SDK's errors.
  const fromSocket = typeof code === "string" && KIND_OF_CODE[code] !== undefined;
  const message =
    error.message || (error instanceof AggregateError ? error.errors.map(String).join("; ") : "");
  return { code: fromSocket ? code : error.name, message, requestId: $metadata?.requestId };
}
