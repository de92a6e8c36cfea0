/** What services answer when they do not do what was asked, each in the words of its own documentation. */

export type ServiceName = "sts" | "ec2" | "sagemaker" | "organizations";

/** An answer that is an error: `status` is HTTP's. */
export class AwsError extends Error {
  override readonly name = "AwsError";
  readonly code: string;
  readonly status: number;
  /** How long the client is asked to wait before it tries again. */
  readonly retryAfterSeconds: number | undefined;

  constructor(code: string, message: string, status = 400, retryAfterSeconds?: number) {
    super(message);
    this.code = code;
    this.status = status;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** What every service can say, though not in the same words. */
export type CommonProblem =
  | "unsigned"
  | "unknown-key"
  | "expired-session"
  | "bad-signature"
  | "wrong-time"
  | "denied"
  | "throttled"
  | "internal"
  | "unknown-operation"
  | "unsupported";

type Vocabulary = Readonly<Record<CommonProblem, readonly [code: string, status: number, message: string]>>;

const INVALID_TOKEN = "The security token included in the request is invalid.";
const EXPIRED_TOKEN = "The security token included in the request is expired";
const WRONG_SIGNATURE =
  "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.";
const INTERNAL = "The request processing has failed because of an unknown error, exception or failure.";
const UNSUPPORTED = "The requested operation is not supported in the called region.";
const WRONG_TIME = "Signature expired";
const NOT_VALIDATED = "AWS was not able to validate the provided access credentials";

/** Of services that speak JSON. */
const JSON_WORDS: Vocabulary = {
  unsigned: ["MissingAuthenticationTokenException", 400, "Missing Authentication Token"],
  "unknown-key": ["UnrecognizedClientException", 400, INVALID_TOKEN],
  "expired-session": ["ExpiredTokenException", 400, EXPIRED_TOKEN],
  "bad-signature": ["InvalidSignatureException", 400, WRONG_SIGNATURE],
  "wrong-time": ["InvalidSignatureException", 400, WRONG_TIME],
  denied: ["AccessDeniedException", 400, "Access denied"],
  throttled: ["ThrottlingException", 400, "Rate exceeded"],
  internal: ["InternalFailure", 500, INTERNAL],
  "unknown-operation": ["UnknownOperationException", 404, "The requested operation is not recognized"],
  unsupported: ["UnknownOperationException", 400, UNSUPPORTED],
};

const WORDS: Readonly<Record<ServiceName, Vocabulary>> = {
  sagemaker: JSON_WORDS,
  organizations: {
    ...JSON_WORDS,
    throttled: ["TooManyRequestsException", 400, "You have sent too many requests in too short a time."],
    internal: ["ServiceException", 500, "Organizations can't complete your request. Try again later."],
  },
  sts: {
    unsigned: ["MissingAuthenticationToken", 403, "Request is missing Authentication Token"],
    "unknown-key": ["InvalidClientTokenId", 403, INVALID_TOKEN],
    "expired-session": ["ExpiredToken", 403, EXPIRED_TOKEN],
    "bad-signature": ["SignatureDoesNotMatch", 403, WRONG_SIGNATURE],
    "wrong-time": ["SignatureDoesNotMatch", 403, WRONG_TIME],
    denied: ["AccessDenied", 403, "Access denied"],
    throttled: ["Throttling", 400, "Rate exceeded"],
    internal: ["InternalFailure", 500, INTERNAL],
    "unknown-operation": ["InvalidAction", 400, "Could not find the operation for version 2011-06-15"],
    unsupported: ["InvalidAction", 400, UNSUPPORTED],
  },
  ec2: {
    unsigned: ["MissingParameter", 400, "The request must contain the parameter AWSAccessKeyId"],
    "unknown-key": ["AuthFailure", 401, NOT_VALIDATED],
    "expired-session": ["RequestExpired", 400, "Request has expired."],
    "bad-signature": ["SignatureDoesNotMatch", 403, WRONG_SIGNATURE],
    "wrong-time": ["RequestExpired", 400, WRONG_TIME],
    denied: ["UnauthorizedOperation", 403, "You are not authorized to perform this operation."],
    throttled: ["RequestLimitExceeded", 503, "Request limit exceeded."],
    internal: ["InternalError", 500, "An internal error has occurred"],
    "unknown-operation": ["InvalidAction", 400, "The action is not valid for this web service."],
    unsupported: [
      "UnsupportedOperation",
      400,
      "The functionality you requested is not available in this region.",
    ],
  },
};

/** The service's own error for a common problem; `message` replaces what it would say. */
export function problem(service: ServiceName, what: CommonProblem, message?: string): AwsError {
  const [code, status, usual] = WORDS[service][what];
  return new AwsError(code, message ?? usual, status);
}

/** Whom a refusal names. */
export interface Refused {
  readonly service: ServiceName;
  readonly operation: string;
  /** ARN of the caller. */
  readonly caller: string;
  readonly resource?: string | undefined;
}

const BECAUSE = {
  "identity-policy": (action: string) => `because no identity-based policy allows the ${action} action`,
  "explicit-deny": () => "with an explicit deny in an identity-based policy",
  "service-control-policy": () => "with an explicit deny in a service control policy",
} as const;

/**
 * The refusal of a caller whose policies do not allow it, or forbid it, or whom a service control policy forbids it.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 */
export function refusal(refused: Refused, by: keyof typeof BECAUSE): AwsError {
  const { service, operation, caller, resource } = refused;
  const action = `${service}:${operation}`;
  const on = resource === undefined ? "" : ` on resource: ${resource}`;
  const sentence = `User: ${caller} is not authorized to perform: ${action}${on} ${BECAUSE[by](action)}`;
  const text = service === "ec2" ? `You are not authorized to perform this operation. ${sentence}` : sentence;
  return problem(service, "denied", text);
}

/**
 * The refusal of a signature whose time is not within `toleranceMs` of the server's clock; times are epoch milliseconds.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html#signature-v4-troubleshooting-credential-scope
 */
export function wrongTime(
  service: ServiceName,
  { signedAtMs, serverMs, toleranceMs }: { signedAtMs: number; serverMs: number; toleranceMs: number },
): AwsError {
  const isLate = signedAtMs < serverMs;
  const limit = basicTime(serverMs + (isLate ? -toleranceMs : toleranceMs));
  const allowed = `(${basicTime(serverMs)} ${isLate ? "-" : "+"} ${toleranceMs / 60_000} min.)`;
  const signed = basicTime(signedAtMs);
  const message = isLate
    ? `Signature expired: ${signed} is now earlier than ${limit} ${allowed}`
    : `Signature not yet current: ${signed} is still later than ${limit} ${allowed}`;
  return problem(service, "wrong-time", message);
}

/** As X-Amz-Date has it; a time that is none stays none. */
function basicTime(ms: number): string {
  return Number.isNaN(ms) ? "none" : `${new Date(ms).toISOString().slice(0, 19).replace(/[-:]/g, "")}Z`;
}

/** The refusal of an argument, as services that validate by their model word it; `member` as in the model. */
export function invalidMember(member: string, value: unknown, constraint: string): AwsError {
  const at = member.charAt(0).toLowerCase() + member.slice(1);
  return new AwsError(
    "ValidationException",
    `1 validation error detected: Value '${String(value)}' at '${at}' failed to satisfy constraint: ${constraint}`,
  );
}
