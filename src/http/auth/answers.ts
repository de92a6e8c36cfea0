import { LRUCache } from "lru-cache";

/** What an {@link Answers} keeps, and for how long. */
export interface AnswersOptions<T> {
  readonly isYes: (answer: T) => boolean;
  /** How long (ms) an answer is believed. */
  readonly yesMs: number;
  readonly noMs: number;
  /** In milliseconds, never set back, and above 0. */
  readonly now: () => number;
}

/** Of each kind. */
const MAX_KEPT = 1_024;
/** Questions under way at once. */
const MAX_ASKED = 64;
/** Those of strangers among them: with the rest, somebody who was known a while ago gets his answer renewed all the same. */
const MAX_STRANGERS = 48;
/** How long (ms) somebody is no stranger: longer than any scrape interval. It opens no door. */
const FAMILIAR_MS = 60 * 60_000;

/** So many questions are under way that this one was not asked. */
export class TooManyQuestions extends Error {
  override readonly name = "TooManyQuestions";

  constructor() {
    super("too many questions are under way already");
  }
}

/**
 * Answers of somebody who is slow to ask, by the question's key. Whoever asks the same meanwhile shares the answer; a
 * question that fails leaves nothing behind. Yes and no have room apart, and who was a yes before has slots of his own:
 * however many wrong tokens somebody tries, they push out nobody's good one.
 */
export class Answers<T extends object> {
  readonly #isYes: (answer: T) => boolean;
  readonly #kept: { readonly yes: LRUCache<string, T>; readonly no: LRUCache<string, T> };
  readonly #asked = new Map<string, Promise<T>>();
  readonly #familiar: LRUCache<string, true>;

  constructor({ isYes, yesMs, noMs, now }: AnswersOptions<T>) {
    this.#isYes = isYes;
    const cache = (ttl: number) =>
      new LRUCache<string, T>({ max: MAX_KEPT, ttl, ttlResolution: 0, perf: { now } });
    this.#kept = { yes: cache(yesMs), no: cache(noMs) };
    this.#familiar = new LRUCache({ max: MAX_KEPT, ttl: FAMILIAR_MS, ttlResolution: 0, perf: { now } });
  }

  /** @throws {TooManyQuestions} */
  async get(key: string, ask: () => Promise<T>): Promise<T> {
    const known = this.#kept.yes.get(key) ?? this.#kept.no.get(key) ?? this.#asked.get(key);
    if (known !== undefined) return known;
    const most = this.#familiar.has(key) ? MAX_ASKED : MAX_STRANGERS;
    if (this.#asked.size >= most) throw new TooManyQuestions();
    const answer = this.#ask(key, ask);
    this.#asked.set(key, answer);
    return answer;
  }

  async #ask(key: string, ask: () => Promise<T>): Promise<T> {
    try {
      const answer = await ask();
      const isYes = this.#isYes(answer);
      this.#kept[isYes ? "yes" : "no"].set(key, answer);
      if (isYes) this.#familiar.set(key, true);
      return answer;
    } finally {
      this.#asked.delete(key);
    }
  }
}
