import { abortable } from "../async/abortable.ts";

/** Credentials of one session, and when they end. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

/** Renewed this long before they end, so that no request is signed with what expires on the way. */
const RENEW_BEFORE_MS = 5 * 60_000;

/**
 * One identity's way into AWS: its credentials, renewed when they must be, and what AWS answered about them. Shared by
 * all that ask at the same time and by scan after scan; each thing is asked once for as long as it is true.
 */
export class Session {
  /** Tells this session from every other: who assumes which role, how and under which name. */
  readonly key: string;
  readonly #ask: () => Promise<Credentials>;
  readonly #now: () => number;
  #held: Credentials | undefined;
  #renewAt = 0;
  #asking: Promise<Credentials> | undefined;
  readonly #facts = new Map<string, { credentials: Credentials; until: number; value: Promise<unknown> }>();

  /** `ask` gives new credentials, or rejects with an `AwsCallError`; it outlives the scan that happens to call it. */
  constructor(key: string, ask: () => Promise<Credentials>, now: () => number = Date.now) {
    this.key = key;
    this.#ask = ask;
    this.#now = now;
  }

  /** Credentials that are good now. Where renewing fails, what was there before serves until it expires. */
  readonly credentials = (): Promise<Credentials> => {
    if (this.#held !== undefined && this.#now() < this.#renewAt) return Promise.resolve(this.#held);
    this.#asking ??= this.#renew();
    return this.#asking;
  };

  /** The next credentials are new ones: AWS has refused these before their time. */
  renew(): void {
    this.#held = undefined;
    this.#renewAt = 0;
  }

  /**
   * What `ask` answers about this session's identity, asked once for as long as the credentials are the same and at
   * most `lifetimeMs`. A failure is not remembered. Rejects with the signal's reason as soon as it aborts.
   */
  async fact<T>(name: string, lifetimeMs: number, ask: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const credentials = await abortable(this.credentials(), signal);
    const known = this.#facts.get(name);
    if (known !== undefined && known.credentials === credentials && this.#now() < known.until) {
      return abortable(known.value as Promise<T>, signal);
    }
    const value = ask();
    const fact = { credentials, until: this.#now() + lifetimeMs, value };
    this.#facts.set(name, fact);
    value.catch(() => {
      if (this.#facts.get(name) === fact) this.#facts.delete(name);
    });
    return abortable(value, signal);
  }

  async #renew(): Promise<Credentials> {
    try {
      const fresh = await this.#ask();
      const end = fresh.expiration?.getTime() ?? Number.POSITIVE_INFINITY;
      // Of a short session half, or every request would ask for another one.
      this.#renewAt = end - Math.min(RENEW_BEFORE_MS, Math.max(0, end - this.#now()) / 2);
      this.#held = fresh;
      return fresh;
    } catch (error) {
      const held = this.#held;
      const end = held?.expiration?.getTime() ?? 0;
      if (held === undefined || this.#now() >= end) throw error;
      return held;
    } finally {
      this.#asking = undefined;
    }
  }
}

/** Sessions that are remembered; the one that nobody has asked for the longest is forgotten first. */
const MAX_SESSIONS = 4_096;

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
