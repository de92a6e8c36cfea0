/** What services answer when they do not do what was asked, each in the words of its own documentation. */

export type ServiceName = "sts" | "ec2" | "sagemaker" | "organizations";

/** An answer that is an error: `status` is HTTP's. */
export class AwsError extends Error {
  override readonly name = "AwsError";
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/** What every service can say, though not in the same words. */
export type CommonProblem =
  | "unsigned"
  | "unknown-key"
  | "expired-session"
  | "bad-signature"
  | "denied"
  | "throttled"
  | "internal"
  | "unknown-operation";

type Vocabulary = Readonly<Record<CommonProblem, readonly [code: string, status: number, message: string]>>;

const INVALID_TOKEN = "The security token included in the request is invalid.";
const EXPIRED_TOKEN = "The security token included in the request is expired";
const WRONG_SIGNATURE =
  "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.";
const INTERNAL = "The request processing has failed because of an unknown error, exception or failure.";
const NOT_VALIDATED = "AWS was not able to validate the provided access credentials";

/** Of services that speak JSON. */
const JSON_WORDS: Vocabulary = {
  unsigned: ["MissingAuthenticationTokenException", 400, "Missing Authentication Token"],
  "unknown-key": ["UnrecognizedClientException", 400, INVALID_TOKEN],
  "expired-session": ["ExpiredTokenException", 400, EXPIRED_TOKEN],
  "bad-signature": ["InvalidSignatureException", 400, WRONG_SIGNATURE],
  denied: ["AccessDeniedException", 400, "Access denied"],
  throttled: ["ThrottlingException", 400, "Rate exceeded"],
  internal: ["InternalFailure", 500, INTERNAL],
  "unknown-operation": ["UnknownOperationException", 404, "The requested operation is not recognized"],
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
    denied: ["AccessDenied", 403, "Access denied"],
    throttled: ["Throttling", 400, "Rate exceeded"],
    internal: ["InternalFailure", 500, INTERNAL],
    "unknown-operation": ["InvalidAction", 400, "Could not find the operation for version 2011-06-15"],
  },
  ec2: {
    unsigned: ["MissingParameter", 400, "The request must contain the parameter AWSAccessKeyId"],
    "unknown-key": ["AuthFailure", 401, NOT_VALIDATED],
    "expired-session": ["RequestExpired", 400, "Request has expired."],
    "bad-signature": ["SignatureDoesNotMatch", 403, WRONG_SIGNATURE],
    denied: ["UnauthorizedOperation", 403, "You are not authorized to perform this operation."],
    throttled: ["RequestLimitExceeded", 503, "Request limit exceeded."],
    internal: ["InternalError", 500, "An internal error has occurred"],
    "unknown-operation": ["InvalidAction", 400, "The action is not valid for this web service."],
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

/**
 * The refusal of a caller whose policies allow nothing, or whom a service control policy forbids it.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 */
export function refusal(refused: Refused, by: "identity-policy" | "service-control-policy"): AwsError {
  const { service, operation, caller, resource } = refused;
  const action = `${service}:${operation}`;
  const on = resource === undefined ? "" : ` on resource: ${resource}`;
  const because =
    by === "identity-policy"
      ? `because no identity-based policy allows the ${action} action`
      : "with an explicit deny in a service control policy";
  const sentence = `User: ${caller} is not authorized to perform: ${action}${on} ${because}`;
  const text = service === "ec2" ? `You are not authorized to perform this operation. ${sentence}` : sentence;
  return problem(service, "denied", text);
}

/** The refusal of an argument, as services that validate by their model word it; `member` as in the model. */
export function invalidMember(member: string, value: unknown, constraint: string): AwsError {
  const at = member.charAt(0).toLowerCase() + member.slice(1);
  return new AwsError(
    "ValidationException",
    `1 validation error detected: Value '${String(value)}' at '${at}' failed to satisfy constraint: ${constraint}`,
  );
}
