/** Misbehaviour on request: rules say which requests, how many of them, and what becomes of them. */
import type { ServiceName } from "./errors.ts";
import { isLike } from "./like.ts";

/**
 * What becomes of a request that a rule matches:
 * - `deny`, `scp-deny`: refused, as by the caller's policies or by a service control policy
 * - `throttle`: refused as too many; with `ratePerSecond` only what a token bucket per account and region cannot serve
 * - `error500`: the service's internal failure
 * - `expired-session`: as if the caller's session had just ended
 * - `error`: the error that `code`, `message` and `status` say
 * - `vanish`: the resource is gone, though lists still name it
 * - `expire-page-token`: requests that carry a NextToken are refused
 * - `short-page`: lists give at most `pageSize` items a page, 0 where omitted, and go on with a token
 * - `latency`: answered after `latencyMs` more
 * - `reset`, `hang`: the connection breaks; there is never an answer
 * - `malformed`: status 200 and a body cut in half
 */
export const FAULT_KINDS = [
  "deny",
  "scp-deny",
  "throttle",
  "error500",
  "expired-session",
  "error",
  "vanish",
  "expire-page-token",
  "short-page",
  "latency",
  "reset",
  "hang",
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
  readonly latencyMs?: number;
  readonly pageSize?: number;
  readonly ratePerSecond?: number;
  /** The bucket's size; `ratePerSecond` where omitted, at least 1. */
  readonly burst?: number;
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
}

/** What the rules make of one request. */
export interface Effects {
  readonly latencyMs: number;
  readonly pageLimit: number | undefined;
  /** The rule that ends it; undefined: it is answered as it should be. */
  readonly ending: FaultRule | undefined;
}

interface Armed {
  readonly rule: FaultRule;
  matches: number;
  hits: number;
  readonly buckets: Map<string, { tokens: number; filledAtMs: number }>;
}

/** The rules in force. */
export class Faults {
  readonly #random: () => number;
  readonly #now: () => number;
  #armed: Armed[] = [];

  constructor(random: () => number, now: () => number) {
    this.#random = random;
    this.#now = now;
  }

  /** All rules anew, their counts at 0; throws, and changes nothing, where a kind is unknown. */
  replace(rules: readonly FaultRule[]): void {
    if (!Array.isArray(rules as unknown)) throw new Error("faults are a list of rules");
    const unknown = rules.find(({ kind }) => !FAULT_KINDS.includes(kind));
    if (unknown) throw new Error(`no such fault: "${unknown.kind}"; there are ${FAULT_KINDS.join(", ")}`);
    this.#armed = rules.map((rule) => ({ rule, matches: 0, hits: 0, buckets: new Map() }));
  }

  /** The rules and how many requests each has harmed. */
  list(): readonly (FaultRule & { readonly hits: number })[] {
    return this.#armed.map(({ rule, hits }) => ({ ...rule, hits }));
  }

  /** Counts the request and says what becomes of it. */
  strike(target: FaultTarget): Effects {
    let latencyMs = 0;
    let pageLimit: number | undefined;
    for (const armed of this.#armed) {
      if (!matches(armed.rule, target) || !this.#hits(armed, target)) continue;
      const { kind, latencyMs: wait = 0, pageSize = 0 } = armed.rule;
      latencyMs += wait;
      if (kind === "short-page") pageLimit = Math.min(pageLimit ?? pageSize, pageSize);
      else if (kind !== "latency") return { latencyMs, pageLimit, ending: armed.rule };
    }
    return { latencyMs, pageLimit, ending: undefined };
  }

  #hits(armed: Armed, target: FaultTarget): boolean {
    const { after = 0, times = Number.POSITIVE_INFINITY, probability = 1 } = armed.rule;
    armed.matches++;
    if (armed.matches <= after || armed.hits >= times) return false;
    if (probability < 1 && this.#random() >= probability) return false;
    if (armed.rule.ratePerSecond !== undefined && this.#isWithinRate(armed, target)) return false;
    armed.hits++;
    return true;
  }

  /** Takes a token out of the bucket of the account and region, if there is one. */
  #isWithinRate({ rule, buckets }: Armed, { account, region }: FaultTarget): boolean {
    const { ratePerSecond = 0, burst = Math.max(1, ratePerSecond) } = rule;
    const key = `${account} ${region}`;
    const nowMs = this.#now();
    const { tokens, filledAtMs } = buckets.get(key) ?? { tokens: burst, filledAtMs: nowMs };
    const filled = Math.min(burst, tokens + ((nowMs - filledAtMs) / 1000) * ratePerSecond);
    const isWithin = filled >= 1;
    buckets.set(key, { tokens: isWithin ? filled - 1 : filled, filledAtMs: nowMs });
    return isWithin;
  }
}

function matches(rule: FaultRule, target: FaultTarget): boolean {
  if (rule.kind === "expire-page-token" && !target.hasPageToken) return false;
  return (
    (rule.service === undefined || rule.service === target.service) &&
    (rule.operation === undefined || rule.operation === target.operation) &&
    (rule.account === undefined || rule.account === target.account) &&
    (rule.region === undefined || rule.region === target.region) &&
    (rule.name === undefined || (target.name !== undefined && isLike(target.name, rule.name)))
  );
}
