/** Misbehaviour on request: rules say which requests, how many of them, and what becomes of them. */
import type { ServiceName } from "./errors.ts";

/**
 * What becomes of a request that a rule matches:
 * - `deny`, `scp-deny`: refused, as by the caller's policies or by a service control policy
 * - `throttle`: refused as too many; with `ratePerSecond` only what a token bucket cannot serve, of which each operation
 *   has its own in each region of each account
 * - `error500`: the service's internal failure
 * - `expired-session`: as if the caller's session had just ended
 * - `not-enabled`: as in a region that the account has not enabled
 * - `unsupported`: as in a region that the service is in without this operation
 * - `error`: the error that `code`, `message` and `status` say
 * - `clock-skew`: the server's clock is `skewMs` off, 10 minutes where omitted: signatures that are not within 5 minutes
 *   of it are refused, and its Date header says what it shows. Harmed is what is refused; good signatures are answered
 * - `vanish`: the resource is gone, though lists still name it
 * - `expire-page-token`: requests that carry a NextToken are refused
 * - `short-page`: lists give at most `pageSize` items a page, 0 where omitted, and go on with a token
 * - `duplicate`: pages but the first begin with the last `pageSize` items of the page before, 1 where omitted; nothing
 *   is lost
 * - `latency`: answered after `latencyMs` more
 * - `reset`, `hang`: the connection breaks; there is never an answer
 * - `drip`: the headers come at once and the body in `pieces`, `latencyMs` between them, 1000 where omitted; without
 *   `pieces` byte by byte, and the last byte never
 * - `malformed`: status 200 and a body cut in half
 */
export const FAULT_KINDS = [
  "deny",
  "scp-deny",
  "throttle",
  "error500",
  "expired-session",
  "not-enabled",
  "unsupported",
  "error",
  "clock-skew",
  "vanish",
  "expire-page-token",
  "short-page",
  "duplicate",
  "latency",
  "reset",
  "hang",
  "drip",
  "malformed",
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

/** A rule. It matches what all of its fields match that are there; the first rule to end a request does so. */
export interface FaultRule {
  readonly kind: FaultKind;
  readonly service?: ServiceName;
  readonly operation?: string;
  /** The account that is asked; of AssumeRole and AssumeRoleWithWebIdentity the role's. */
  readonly account?: string;
  readonly region?: string;
  /** The resource's name, id or ARN; `*` stands for any characters. */
  readonly name?: string;
  /** So many matching requests go unharmed first. */
  readonly after?: number;
  /** So many are harmed, then no more; omitted: all. */
  readonly times?: number;
  /** 0 to 1, drawn from the simulator's seed. Omitted: 1. */
  readonly probability?: number;
  /** Of any kind: what is harmed is harmed so much later. Of `drip`: the time between pieces. */
  readonly latencyMs?: number;
  readonly pageSize?: number;
  readonly ratePerSecond?: number;
  /** The bucket's size; `ratePerSecond` where omitted, at least 1. */
  readonly burst?: number;
  /** Of `throttle`, `error500` and `error`: sent as the Retry-After header. */
  readonly retryAfterSeconds?: number;
  /** Above 0: the server's clock is ahead of the simulator's. */
  readonly skewMs?: number;
  readonly pieces?: number;
  readonly code?: string;
  readonly message?: string;
  readonly status?: number;
}

/** What rules look at. */
export interface FaultTarget {
  readonly service: ServiceName;
  readonly operation: string;
  readonly account: string | undefined;
  readonly region: string | undefined;
  readonly name: string | undefined;
  readonly hasPageToken: boolean;
  /** When it was signed, epoch milliseconds; undefined where it is not signed. */
  readonly signedAtMs: number | undefined;
}

/** What the rules make of one request. */
export interface Effects {
  readonly latencyMs: number;
  /** At most so many items in a page. */
  readonly pageLimit: number | undefined;
  /** So many items of the page before come again. */
  readonly pageOverlap: number;
  /** How far the server's clock is off. */
  readonly clockSkewMs: number;
  /** The rule that ends it; undefined: it is answered as it should be. */
  readonly ending: FaultRule | undefined;
}
