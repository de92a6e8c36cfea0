import { abortable } from "../async/abortable.ts";
import type { Span } from "../tracing/span.ts";

/** Credentials of one session, and when they end. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

/** Renewed this long before they end, so that no request is signed with what expires on the way. */
const RENEW_BEFORE_MS = 5 * 60_000;

/** How long new credentials are used that are over by our clock; AWS gives none for less. */
const AHEAD_MS = 15 * 60_000;

/** How long a renewal that failed is not tried again while the credentials are still good. */
const RENEWAL_PAUSE_MS = 30_000;

/**
 * One identity's way into AWS: its credentials, renewed when they must be, and what AWS answered about them. Shared by
 * all that ask at the same time and by scan after scan; each thing is asked once for as long as it is true.
 */
export class Session {
  /** Tells this session from every other: who assumes which role, how and under which name. */
  readonly key: string;
  readonly #ask: (span?: Span) => Promise<Credentials>;
  readonly #now: () => number;
  /** Undefined where there are none yet, or where AWS has refused them. */
  #held: Credentials | undefined;
  #latest: Credentials | undefined;
  #heldSince = 0;
  #endsAt = 0;
  #renewAt = 0;
  #asking: Promise<Credentials> | undefined;
  readonly #facts = new Map<string, { credentials: Credentials; since: number; value: Promise<unknown> }>();

  /**
   * `ask` gives new credentials, or rejects with an `AwsCallError`; it outlives the scan that happens to call it, whose
   * span it gets.
   */
  constructor(key: string, ask: (span?: Span) => Promise<Credentials>, now: () => number = Date.now) {
    this.key = key;
    this.#ask = ask;
    this.#now = now;
  }

  /** Credentials that are good now. While they are, nobody waits for their renewal. */
  readonly credentials = (span?: Span): Promise<Credentials> => {
    const held = this.#held;
    const now = this.#now();
    if (held === undefined || now >= this.#endsAt) return this.#renewed(span);
    // Where that fails, what is held serves until it ends.
    if (now >= this.#renewAt) this.#renewed(span).catch(() => undefined);
    return Promise.resolve(held);
  };

  /** Whether there are credentials that nothing need be done about. */
  get isReady(): boolean {
    const held = this.#held;
    return held !== undefined && this.#now() < Math.min(this.#renewAt, this.#endsAt);
  }

  /** The last credentials that there were, good or not: a request that is to be signed now waits for no others. */
  get latest(): Credentials | undefined {
    return this.#latest;
  }

  /**
   * AWS has refused `refused`: the next credentials are others. False where there is no sense in that, since they are
   * not `minAgeMs` old and so were good a moment ago.
   */
  renew(refused: Credentials | undefined, minAgeMs = 0): boolean {
    // Others that were refused along with it have seen to it already.
    if (this.#held === undefined || this.#held !== refused) return true;
    const ageMs = this.#now() - this.#heldSince;
    // Below 0 the clock was set back, and nobody knows.
    if (ageMs >= 0 && ageMs < minAgeMs) return false;
    this.#held = undefined;
    return true;
  }

  /**
   * What `ask` answers about this session's identity, asked once for as long as the credentials are the same and at
   * most `lifetimeMs`. A failure is not remembered. Rejects with the signal's reason as soon as it aborts.
   */
  async fact<T>(
    name: string,
    lifetimeMs: number,
    ask: () => Promise<T>,
    signal: AbortSignal,
    span?: Span,
  ): Promise<T> {
    const credentials = await abortable(this.credentials(span), signal);
    const known = this.#facts.get(name);
    const now = this.#now();
    // Since, too: where the clock was set back, it would be known for as much longer.
    if (known?.credentials === credentials && known.since <= now && now < known.since + lifetimeMs) {
      return abortable(known.value as Promise<T>, signal);
    }
    const value = ask();
    const fact = { credentials, since: now, value };
    this.#facts.set(name, fact);
    value.catch(() => {
      if (this.#facts.get(name) === fact) this.#facts.delete(name);
    });
    return abortable(value, signal);
  }

  #renewed(span: Span | undefined): Promise<Credentials> {
    this.#asking ??= this.#renew(span);
    return this.#asking;
  }

  async #renew(span: Span | undefined): Promise<Credentials> {
    try {
      const fresh = await this.#ask(span);
      const now = this.#now();
      // Over as soon as they came: our clock is ahead. AWS refuses what is over, and by that they are renewed.
      this.#endsAt = endOf(fresh) > now ? endOf(fresh) : now + AHEAD_MS;
      // Of a short session half, or every request would ask for another one.
      this.#renewAt = this.#endsAt - Math.min(RENEW_BEFORE_MS, (this.#endsAt - now) / 2);
      this.#held = fresh;
      this.#latest = fresh;
      this.#heldSince = now;
      return fresh;
    } catch (error) {
      this.#renewAt = this.#now() + RENEWAL_PAUSE_MS;
      throw error;
    } finally {
      this.#asking = undefined;
    }
  }
}

/** When credentials end (ms). */
function endOf({ expiration }: Credentials): number {
  return expiration?.getTime() ?? Number.POSITIVE_INFINITY;
}

/** Sessions that are remembered; the one that nobody has asked for the longest is forgotten first. */
const MAX_SESSIONS = 16_384;

/** The sessions of a process, by their keys. */
export class Sessions {
  readonly #sessions = new Map<string, Session>();

  /** The session of `key`, made by `open` where there is none yet. */
  get(key: string, open: () => Session): Session {
    const session = this.#sessions.get(key) ?? open();
    this.#sessions.delete(key);
    this.#sessions.set(key, session);
    const oldest = this.#sessions.keys().next().value;
    if (this.#sessions.size > MAX_SESSIONS && oldest !== undefined) this.#sessions.delete(oldest);
    return session;
  }
}
