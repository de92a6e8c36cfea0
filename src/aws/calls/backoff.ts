import type { AwsCallError } from "../errors.ts";

/** How often and how long a failed call is tried again. Times are milliseconds. */
export interface RetryPolicy {
  /** Of one attempt, from sending the request to the last byte of the answer. */
  readonly attemptTimeoutMs: number;
  /** Attempts at a call that fails for a passing reason. */
  readonly attempts: number;
  /** The upper end of the first wait; it doubles with every further one. */
  readonly baseMs: number;
  readonly capMs: number;
  /** How long throttling may let nothing through before all give up, and how often it must have been seen to at least. */
  readonly patienceMs: number;
  readonly maxStrikes: number;
}

/**
 * SageMaker's slowest answers (100 summaries) take well under a second; a request unanswered for 20 s is dead. Three
 * waits of up to 0.2, 0.4 and 0.8 s outlast a reset connection or a restarted front end, half a minute a quota that
 * others have used up.
 */
export const RETRY_POLICY: RetryPolicy = {
  attemptTimeoutMs: 20_000,
  attempts: 4,
  baseMs: 200,
  capMs: 5_000,
  patienceMs: 30_000,
  maxStrikes: 6,
};

/** One call is throttled at most so often; the lane's own patience ends sooner where all are. */
const MAX_THROTTLED = 30;
/** A service that asks for more than this is as good as down for the scan. */
export const MAX_RETRY_AFTER_MS = 60_000;

/** A place that hangs costs its whole time at every attempt. */
const ATTEMPTS_AT_SILENCE = 2;

/** What was tried so far. */
export interface Tries {
  throttled: number;
  transient: number;
  /** Once is enough: if fresh credentials or a corrected clock do not help, nothing of the kind will. */
  renewed: number;
  corrected: number;
}

/**
 * How long to wait (ms) before the next attempt, undefined where there is none. Full jitter: any time up to the
 * exponential bound, so that many clients that failed together do not come back together.
 * https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/
 */
export function nextDelay(
  error: AwsCallError,
  tries: Readonly<Tries>,
  policy: RetryPolicy,
  random: () => number,
): number | undefined {
  const { retryAfterMs = 0 } = error;
  if (retryAfterMs > MAX_RETRY_AFTER_MS) return undefined;
  switch (error.remedy) {
    case "never":
      return undefined;
    case "paced":
      // The lane's pace says when.
      return tries.throttled < MAX_THROTTLED ? 0 : undefined;
    case "renewed":
    case "doubted":
      return tries.renewed === 0 ? 0 : undefined;
    case "corrected":
      return tries.corrected === 0 ? 0 : undefined;
    case "transient": {
      const attempts = error.kind === "timed-out" ? ATTEMPTS_AT_SILENCE : policy.attempts;
      if (tries.transient + 1 >= attempts) return undefined;
      const bound = Math.min(policy.capMs, policy.baseMs * 2 ** tries.transient);
      return Math.max(retryAfterMs, random() * bound);
    }
  }
}
