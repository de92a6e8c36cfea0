/**
 * A signal that aborts when the time is over, as that of `AbortSignal.timeout` does, or when another aborts. That one's timer
 * stays until then, and with it all that listens; this one's goes when it is disposed of.
 */
export class Deadline implements Disposable {
  readonly signal: AbortSignal;
  readonly #over = new AbortController();
  readonly #timer: NodeJS.Timeout;

  constructor(ms: number, ...others: readonly (AbortSignal | undefined)[]) {
    const given = others.filter((other) => other !== undefined);
    this.signal = given.length === 0 ? this.#over.signal : AbortSignal.any([this.#over.signal, ...given]);
    this.#timer = setTimeout(() => {
      this.#over.abort(new DOMException("The operation was aborted due to timeout", "TimeoutError"));
    }, ms).unref();
  }

  /** Whether the time was over before it was disposed of. */
  get expired(): boolean {
    return this.#over.signal.aborted;
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }
}
