/** Retries that a place has in store, and how much of one each call that succeeds earns back. */
const STORE = 50;
const EARNED = 0.1;

/**
 * Bounds retries by what succeeds, so that a service that is down is not asked several times as often as one that is
 * up. Throttled calls do not count: their pace is another's affair.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
 */
export class RetryBudget {
  #left = STORE;

  succeeded(): void {
    this.#left = Math.min(STORE, this.#left + EARNED);
  }

  /** Takes one retry from the store; false where there is none. */
  take(): boolean {
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
