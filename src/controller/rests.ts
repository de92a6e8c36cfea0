/** A scan for which nothing is left to do. */
interface Rest {
  /** The resource's version, with what was written to it last. */
  readonly version: string;
  /** When that was found (ms since the epoch). */
  readonly sinceMs: number;
  /** When there will be something; undefined where only a change can call for it. */
  readonly untilMs: number | undefined;
}

/**
 * The scans for which nothing is left to do: so that the watch's echo of our own write, of which there is one for each scan
 * that ends, is not gone through as if it were news.
 */
export class Rests {
  readonly #rests = new Map<string, Rest>();

  set(key: string, rest: Rest): void {
    this.#rests.set(key, rest);
  }

  /** The rest of `key`, where the resource is still the same and its time has not come; a clock that was set back ends it too. */
  of(key: string, version: string | undefined, nowMs: number): Pick<Rest, "untilMs"> | undefined {
    const rest = this.#rests.get(key);
    if (rest === undefined || rest.version !== version) return undefined;
    const { sinceMs, untilMs = Number.POSITIVE_INFINITY } = rest;
    return sinceMs <= nowMs && nowMs < untilMs ? rest : undefined;
  }

  delete(key: string): void {
    this.#rests.delete(key);
  }
}
