/** An answer that may be worth another try. */
export interface Refused {
  readonly status: number;
  readonly retryAfterMs: number | undefined;
}

/** The circumstances that a retry depends on. */
export interface RetryContext {
  readonly method: string;
  /** Retries already made. */
  readonly retries: number;
  /** What is left of the request's deadline. */
  readonly remainingMs: number;
  /** In [0, 1). */
  readonly random: () => number;
}

const MAX_RETRIES = 3;
/** `Retry-After: 0` must not become a burst. */
const MIN_DELAY_MS = 100;

/**
 * How long to wait before the same request is sent again; undefined: give the refusal to the caller.
 *
 * Only where the server says when (Retry-After), and only what it cannot have carried out: 429 is sent before a
 * request is looked at (priority and fairness), so any verb may come again; 503 also comes from gateways that may
 * have passed the request on, so a POST does not. The wait is the server's, up to half as long again so that many
 * clients do not return at once, and must fit into the deadline.
 */
export function retryDelayMs(refused: Refused, context: RetryContext): number | undefined {
  const { status, retryAfterMs } = refused;
  const { method, retries, remainingMs, random } = context;
  const safe = status === 429 || (status === 503 && method !== "POST");
  if (!safe || retryAfterMs === undefined || retries >= MAX_RETRIES) return undefined;
  const delayMs = Math.max(retryAfterMs, MIN_DELAY_MS) * (1 + random() / 2);
  return delayMs < remainingMs ? delayMs : undefined;
}

/** A Retry-After header in milliseconds. Only seconds are understood: the API server sends no dates. */
export function parseRetryAfterMs(header: string | readonly string[] | undefined): number | undefined {
  const value = typeof header === "string" ? header : header?.[0];
  return value !== undefined && /^\s*\d{1,9}\s*$/.test(value) ? Number(value) * 1_000 : undefined;
}
