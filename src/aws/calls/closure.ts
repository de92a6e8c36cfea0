import type { AwsCallError } from "../errors.ts";

/** A way that is closed for a while, and the failure that closed it. */
export class Closure {
  #until = Number.NEGATIVE_INFINITY;
  #error: AwsCallError | undefined;

  close(error: AwsCallError, until: number): void {
    this.#error = error;
    this.#until = until;
  }

  open(): void {
    this.#error = undefined;
  }

  /** What to refuse a request with at once; undefined where the way is open. */
  refusalAt(now: number): AwsCallError | undefined {
    return now < this.#until ? this.#error : undefined;
  }
}
