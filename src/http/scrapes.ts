interface Scrape {
  readonly startedAt: number;
  readonly giveWay: () => void;
}

export interface ScrapesOptions {
  readonly max: number;
  /** How long none has to give way, in milliseconds. */
  readonly patienceMs: number;
  /** In milliseconds, never set back. */
  readonly now: () => number;
}

/**
 * The scrapes under way, of which each costs memory and, as fast as it is read, CPU. Where there are as many as there may
 * be, the oldest gives way once it has had its time: a reader who takes a byte a second keeps no other one out for long.
 */
export class Scrapes {
  readonly #options: ScrapesOptions;
  /** By whose they are. Oldest first. */
  readonly #running = new Map<object, Scrape>();

  constructor(options: ScrapesOptions) {
    this.#options = options;
  }

  /**
   * What to call when the scrape has ended, as often as one likes; undefined where there is no room for another one, or
   * where `owner` has one under way. `giveWay` must end it: its room is another's from then on.
   */
  begin(owner: object, giveWay: () => void): (() => void) | undefined {
    if (this.#running.has(owner)) return undefined;
    const { max, patienceMs, now } = this.#options;
    if (this.#running.size >= max) {
      const [oldest] = this.#running;
      if (oldest === undefined || now() - oldest[1].startedAt < patienceMs) return undefined;
      this.#running.delete(oldest[0]);
      oldest[1].giveWay();
    }
    const scrape: Scrape = { startedAt: now(), giveWay };
    this.#running.set(owner, scrape);
    return () => {
      if (this.#running.get(owner) === scrape) this.#running.delete(owner);
    };
  }
}
