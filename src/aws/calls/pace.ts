export interface PaceOptions {
  /** The most requests under way at once. */
  readonly maxWindow: number;
  /** Of [0, 1): spreads the retries of many processes. */
  readonly random: () => number;
}

/** Requests a second, taken for the quota where the very first request was throttled and nothing is known. */
const FIRST_GUESS = 5;
const SLOWEST = 0.1;
const FASTEST = 1_000;
/** How far above the measured rate to send at first: a throttled call every 50 or so keeps it exact. */
const PROBE = 0.01;
/** Admitted calls in a row after which a measured rate has doubled; a cube, so that it stays close to it before. */
const DOUBLING = 120;
/** The same for a rate that is only guessed, which may be far off. */
const GUESS_DOUBLING = 16;
/** Fewer admitted calls than this measure nothing that could be believed at once. */
const FEW = 6;
/** Measurements older than about so many calls fade: quotas change, and others use them too. */
const MEMORY = 128;
/**
 * Where requests have become faster than this since the last throttled call, the bucket may have run over before, so
 * that its refill rate shows in the last calls alone.
 */
const STEEP = 2;
const LATEST = 16;
/**
 * Requests under way before anything is known, how many answers it takes to allow more, and how many more each further
 * answer allows. A bucket of 20, a second's worth of a common quota, is empty before the window opens: then what was
 * sent in vain is no more than the first window.
 */
const FIRST_WINDOW = 10;
const GENTLE = 22;
const OPENING = 3;

/**
 * Learns what a token bucket on the other side lets through, and says when the next request may go.
 *
 * Between two throttled calls the bucket was empty at both ends, so that what was admitted in between, divided by the
 * time, is its refill rate: no model of the quota is needed. Requests go a little faster than that rate, ever faster
 * the longer nothing is throttled (as TCP CUBIC probes), and so find a quota that has grown. Until the first throttled
 * call only the window holds requests back, which opens like TCP's slow start. Times are milliseconds of one clock.
 */
export class Pace {
  readonly #options: PaceOptions;
  #window: number;
  /** Refilled tokens a second; undefined: nothing was ever throttled. */
  #rate: number | undefined;
  #isGuess = true;
  #nextAt = 0;
  /** A throttled call that was sent before this tells nothing new. */
  #slowedAt = Number.NEGATIVE_INFINITY;
  /** When the bucket was last known to be empty; undefined where requests have paused since. */
  #emptyAt: number | undefined;
  /** Calls admitted since the last throttled one, or since requests began. */
  #admitted = 0;
  #beganAt: number | undefined;
  #strikes = 0;
  #firstStrikeAt = 0;
  #measured = { calls: 0, seconds: 0 };
  /** When the latest calls were admitted, at most {@link LATEST}, the oldest first. */
  readonly #latest: number[] = [];

  constructor(options: PaceOptions) {
    this.#options = options;
    this.#window = Math.min(FIRST_WINDOW, options.maxWindow);
  }

  /** How many requests may be under way at once. */
  get window(): number {
    return this.#window;
  }

  /** Times in a row that throttling slowed requests down, with none admitted in between. */
  get strikes(): number {
    return this.#strikes;
  }

  /** How long, at `now`, throttling has let nothing through. */
  blockedFor(now: number): number {
    return this.#strikes === 0 ? 0 : now - this.#firstStrikeAt;
  }

  /** Milliseconds from `now` until the next request may go. */
  wait(now: number): number {
    return Math.max(0, this.#nextAt - now);
  }

  /** A request goes at `now`. */
  sent(now: number): void {
    this.#beganAt ??= now;
    if (this.#rate === undefined) return;
    const speed = Math.min(FASTEST, this.#rate * this.#acceleration());
    this.#nextAt = Math.max(now, this.#nextAt) + 1_000 / speed;
  }

  /** A request was answered, with whatever but throttling. */
  admitted(now: number): void {
    this.#admitted += 1;
    this.#latest.push(now);
    if (this.#latest.length > LATEST) this.#latest.shift();
    this.#strikes = 0;
    if (this.#admitted > GENTLE) this.#window = Math.min(this.#options.maxWindow, this.#window + OPENING);
  }

  /** A request was not answered at all: fewer at once, so that a place that hangs holds up nothing else. */
  unanswered(): void {
    this.#window = Math.max(1, Math.floor(this.#window / 2));
  }

  /** A request of `sentAt` was throttled; the service may have said for how long. */
  throttled(sentAt: number, now: number, retryAfterMs = 0): void {
    if (sentAt > this.#slowedAt) this.#slowDown(now);
    this.#nextAt = Math.max(this.#nextAt, now + retryAfterMs);
  }

  /** Nothing waits and nothing is under way: the bucket fills up unseen. */
  paused(): void {
    this.#emptyAt = undefined;
    this.#beganAt = undefined;
    this.#admitted = 0;
    this.#strikes = 0;
    this.#latest.length = 0;
  }

  /** How much faster requests go than the rate says, after so many that were admitted. */
  #acceleration(): number {
    return this.#isGuess
      ? 2 ** (this.#admitted / GUESS_DOUBLING)
      : 1 + PROBE + (this.#admitted / DOUBLING) ** 3;
  }

  #slowDown(now: number): void {
    if (this.#strikes === 0) this.#firstStrikeAt = now;
    this.#strikes += 1;
    this.#rate = Math.min(FASTEST, Math.max(SLOWEST, this.#learn(now)));
    this.#emptyAt = now;
    this.#slowedAt = now;
    this.#admitted = 0;
    this.#latest.length = 0;
    // A whole token takes this long; what is beyond it is jitter.
    this.#nextAt = now + (1_000 / this.#rate) * (1 + this.#options.random() / 4);
  }

  #learn(now: number): number {
    const before = this.#rate;
    if (before === undefined) {
      if (this.#admitted === 0) return FIRST_GUESS;
      // Most buckets hold about a second's worth, all of which is gone now.
      return this.#admitted / (1 + (now - (this.#beganAt ?? now)) / 1_000);
    }
    if (this.#strikes > 1) {
      // Not even one was admitted: the quota is another one than what was measured.
      this.#measured = { calls: 0, seconds: 0 };
      this.#isGuess = true;
      return before / 2;
    }
    if (this.#emptyAt === undefined) return before;
    const [first] = this.#latest;
    if (this.#acceleration() > STEEP && first !== undefined) {
      this.#measured = { calls: this.#latest.length - 1, seconds: (now - first) / 1_000 };
    } else {
      this.#measured.calls += this.#admitted;
      this.#measured.seconds += (now - this.#emptyAt) / 1_000;
    }
    const { calls, seconds } = this.#measured;
    if (calls < FEW) return before / 2;
    if (calls > MEMORY) this.#measured = { calls: calls / 2, seconds: seconds / 2 };
    this.#isGuess = false;
    return calls / seconds;
  }
}
