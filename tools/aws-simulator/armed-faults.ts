/** The rules in force, and what they have done so far. */
import { checkFaults } from "./fault-check.ts";
import type { Effects, FaultKind, FaultRule, FaultTarget } from "./faults.ts";
import { matcherOf } from "./like.ts";

/** How far from the skewed clock a signature may be. */
export const SKEW_TOLERANCE_MS = 5 * 60_000;
/** Far enough off for a signature to be refused and for SDKs to mend it. */
export const DEFAULT_SKEW_MS = 10 * 60_000;

const NO_EFFECTS: Effects = {
  latencyMs: 0,
  pageLimit: undefined,
  pageOverlap: 0,
  clockSkewMs: 0,
  ending: undefined,
};

/** Kinds that only strike what asks for a page behind the first. */
const OF_LATER_PAGES: ReadonlySet<FaultKind> = new Set(["expire-page-token", "duplicate"]);

interface Armed {
  readonly rule: FaultRule;
  readonly isNamed: (name: string) => boolean;
  matches: number;
  hits: number;
  readonly buckets: Map<string, { tokens: number; filledAtMs: number }>;
}

export class Faults {
  readonly #now: () => number;
  #random: () => number;
  #armed: Armed[] = [];

  constructor(random: () => number, now: () => number) {
    this.#random = random;
    this.#now = now;
  }

  /** All rules anew, their counts at 0, `random` too if given; throws, and changes nothing, where a rule is wrong. */
  replace(rules: readonly FaultRule[], random = this.#random): void {
    checkFaults(rules);
    this.#random = random;
    this.#armed = rules.map((rule) => ({
      rule,
      isNamed: rule.name === undefined ? () => true : matcherOf(rule.name),
      matches: 0,
      hits: 0,
      buckets: new Map(),
    }));
  }

  /** The rules and how many requests each has harmed. */
  list(): readonly (FaultRule & { readonly hits: number })[] {
    return this.#armed.map(({ rule, hits }) => ({ ...rule, hits }));
  }

  /** Counts the request and says what becomes of it. */
  strike(target: FaultTarget): Effects {
    if (this.#armed.length === 0) return NO_EFFECTS;
    const effects: { -readonly [K in keyof Effects]: Effects[K] } = { ...NO_EFFECTS };
    for (const armed of this.#armed) {
      const { rule } = armed;
      if (!matches(armed, target)) continue;
      const isInTime = rule.kind === "clock-skew" && this.#isInTime(rule, target);
      if (!isInTime && !this.#hits(armed, target)) continue;
      if (rule.kind === "clock-skew") effects.clockSkewMs = rule.skewMs ?? DEFAULT_SKEW_MS;
      if (isInTime) continue;
      const { kind, latencyMs = 0, pageSize } = rule;
      if (kind !== "drip") effects.latencyMs += latencyMs;
      if (kind === "short-page") effects.pageLimit = Math.min(effects.pageLimit ?? 1000, pageSize ?? 0);
      else if (kind === "duplicate") effects.pageOverlap = Math.max(effects.pageOverlap, pageSize ?? 1);
      else if (kind !== "latency") {
        effects.ending = rule;
        break;
      }
    }
    return effects;
  }

  #isInTime({ skewMs = DEFAULT_SKEW_MS }: FaultRule, { signedAtMs }: FaultTarget): boolean {
    if (signedAtMs === undefined) return true;
    return Math.abs(signedAtMs - (this.#now() + skewMs)) <= SKEW_TOLERANCE_MS;
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

  /** Takes a token out of the bucket of the account, region and operation, if there is one. */
  #isWithinRate({ rule, buckets }: Armed, { account, region, service, operation }: FaultTarget): boolean {
    const { ratePerSecond = 0, burst = Math.max(1, ratePerSecond) } = rule;
    const key = `${account} ${region} ${service} ${operation}`;
    const nowMs = this.#now();
    const bucket = buckets.get(key) ?? { tokens: burst, filledAtMs: nowMs };
    bucket.tokens = Math.min(burst, bucket.tokens + ((nowMs - bucket.filledAtMs) / 1000) * ratePerSecond);
    bucket.filledAtMs = nowMs;
    buckets.set(key, bucket);
    if (bucket.tokens < 1) return false;
    bucket.tokens--;
    return true;
  }
}

function matches({ rule, isNamed }: Armed, target: FaultTarget): boolean {
  if (OF_LATER_PAGES.has(rule.kind) && !target.hasPageToken) return false;
  return (
    (rule.service === undefined || rule.service === target.service) &&
    (rule.operation === undefined || rule.operation === target.operation) &&
    (rule.account === undefined || rule.account === target.account) &&
    (rule.region === undefined || rule.region === target.region) &&
    (rule.name === undefined || (target.name !== undefined && isNamed(target.name)))
  );
}
