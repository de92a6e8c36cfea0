/** What can go wrong with a call, and what comes of it. */
import type { FailureKind } from "../../../src/aws/errors.ts";
import type { ServiceName } from "../../../tools/aws-simulator/errors.ts";
import type { FaultRule } from "../../../tools/aws-simulator/faults.ts";
import { QUICK_RETRIES } from "../../support/engine.ts";
import type { Operation } from "./operations.ts";

/** What comes of a call that a fault strikes. */
export type Outcome =
  /** It is answered, after so many attempts in vain. */
  | { readonly kind: "recovers"; readonly inVain: number }
  | Failing
  /** The resource is gone: neither a pass nor unknown. */
  | { readonly kind: "gone" };

export interface Failing {
  readonly kind: "fails";
  readonly state: FailureKind;
  readonly code: string;
  /** Whether AWS answered, and so gave a request id. */
  readonly isAnswered: boolean;
  readonly attempts: number;
  /** Whether the operation is given up in its place: what comes later fails without being asked. */
  readonly closes?: boolean;
}

export interface Fault {
  /** What the call does. */
  readonly name: string;
  readonly rule: Omit<FaultRule, "operation" | "account" | "region" | "name" | "after" | "times">;
  /** How many attempts it harms, counted from the call that it strikes; undefined: all from there on. */
  readonly times?: number;
  /** Whether calls take their time, so that attempts are to be cut off early. */
  readonly isSilent?: boolean;
  outcome(operation: Operation): Outcome;
}

const { attempts, maxStrikes } = QUICK_RETRIES;
/** A place that hangs is asked once more: see src/aws/calls/backoff.ts. */
const ATTEMPTS_AT_SILENCE = 2;

type Codes = Readonly<Record<ServiceName, string>>;
const DENIED: Codes = {
  sts: "AccessDenied",
  ec2: "UnauthorizedOperation",
  sagemaker: "AccessDeniedException",
  organizations: "AccessDeniedException",
};
const THROTTLED: Codes = {
  sts: "Throttling",
  ec2: "RequestLimitExceeded",
  sagemaker: "ThrottlingException",
  organizations: "TooManyRequestsException",
};
const INTERNAL: Codes = {
  sts: "InternalFailure",
  ec2: "InternalError",
  sagemaker: "InternalFailure",
  organizations: "ServiceException",
};
const EXPIRED: Codes = {
  sts: "ExpiredToken",
  ec2: "RequestExpired",
  sagemaker: "ExpiredTokenException",
  organizations: "ExpiredTokenException",
};
const NOT_ENABLED: Codes = {
  sts: "InvalidClientTokenId",
  ec2: "AuthFailure",
  sagemaker: "UnrecognizedClientException",
  organizations: "UnrecognizedClientException",
};
const GARBLED: Codes = {
  sts: "InvalidResponse",
  ec2: "InvalidResponse",
  sagemaker: "InvalidResponse",
  organizations: "InvalidResponse",
};

const recovers = (inVain: number) => (): Outcome => ({ kind: "recovers", inVain });

/** AWS says no each time. */
function answered(state: FailureKind, codes: Codes, tried = 1, closes = false) {
  return ({ service }: Operation): Outcome => ({
    ...{ kind: "fails", state, code: codes[service], isAnswered: true, attempts: tried, closes },
  });
}

function unanswered(state: FailureKind, code: string, tried: number) {
  return (): Outcome => ({ kind: "fails", state, code, isAnswered: false, attempts: tried });
}

const SILENCE = {
  isSilent: true,
  // The call that it strikes and no other: each would take its time.
  times: ATTEMPTS_AT_SILENCE,
  outcome: unanswered("timed-out", "TimeoutError", ATTEMPTS_AT_SILENCE),
};

export const FAULTS: readonly Fault[] = [
  { name: "is denied", rule: { kind: "deny" }, outcome: answered("denied", DENIED) },
  {
    name: "is denied by a service control policy",
    rule: { kind: "scp-deny" },
    outcome: answered("denied-by-scp", DENIED),
  },
  { name: "is throttled once", rule: { kind: "throttle" }, times: 1, outcome: recovers(1) },
  {
    name: "is throttled for good",
    rule: { kind: "throttle" },
    outcome: answered("throttled", THROTTLED, maxStrikes, true),
  },
  { name: "is a 500 once", rule: { kind: "error500" }, times: 1, outcome: recovers(1) },
  {
    name: "is a 500 for good",
    rule: { kind: "error500" },
    outcome: answered("failed", INTERNAL, attempts),
  },
  { name: "is reset once", rule: { kind: "reset" }, times: 1, outcome: recovers(1) },
  {
    name: "is reset for good",
    rule: { kind: "reset" },
    outcome: unanswered("unreachable", "ECONNRESET", attempts),
  },
  { name: "hangs once", rule: { kind: "hang" }, isSilent: true, times: 1, outcome: recovers(1) },
  { name: "hangs for good", rule: { kind: "hang" }, ...SILENCE },
  {
    name: "drips in, and in time",
    rule: { kind: "drip", pieces: 4, latencyMs: 5 },
    outcome: recovers(0),
  },
  { name: "drips in and never ends", rule: { kind: "drip", latencyMs: 100 }, ...SILENCE },
  { name: "is cut in half once", rule: { kind: "malformed" }, times: 1, outcome: recovers(1) },
  {
    name: "is cut in half for good",
    rule: { kind: "malformed" },
    outcome: answered("failed", GARBLED, attempts),
  },
  { name: "finds its session ended", rule: { kind: "expired-session" }, times: 1, outcome: recovers(1) },
  {
    name: "finds every session ended",
    rule: { kind: "expired-session" },
    // Once more with a new session, then no more.
    outcome: answered("denied", EXPIRED, 2),
  },
  {
    name: "is of a region that is not enabled",
    rule: { kind: "not-enabled" },
    // What only SageMaker tells of a region, the others tell of credentials that are not good.
    outcome: (operation) =>
      answered(operation.service === "sagemaker" ? "not-enabled" : "denied", NOT_ENABLED)(operation),
  },
  {
    name: "is refused as not valid",
    // The code of an instance that is gone, and not its words.
    rule: { kind: "error", code: "ValidationException", message: "1 validation error detected" },
    outcome: () => ({
      ...{ kind: "fails", state: "failed", code: "ValidationException", isAnswered: true, attempts: 1 },
    }),
  },
  {
    name: "finds its page token expired",
    rule: { kind: "expire-page-token" },
    times: 1,
    outcome: () => ({
      ...{ kind: "fails", state: "failed", code: "ValidationException", isAnswered: true, attempts: 1 },
    }),
  },
  {
    name: "repeats the end of the page before",
    rule: { kind: "duplicate" },
    times: 1,
    outcome: recovers(0),
  },
  {
    name: "finds the resource gone",
    rule: { kind: "vanish" },
    times: 1,
    outcome: ({ kind }) =>
      kind === "describe"
        ? { kind: "gone" }
        : { kind: "fails", state: "failed", code: "ValidationException", isAnswered: true, attempts: 1 },
  },
  { name: "is signed by a wrong clock", rule: { kind: "clock-skew" }, times: 1, outcome: recovers(1) },
];
