import { COLLECTED_TYPES } from "../../rules/resource.ts";
import type { ScanEvent } from "../../scan/events.ts";

/** How far a scan has come, folded from its events. */
export class Progress {
  readonly #startedAt: number;
  #accounts = 0;
  #accountsEntered = 0;
  #lists = 0;
  #listsDone = 0;
  #resources = 0;
  #violations = 0;
  #failures = 0;

  /** `startedAt`: ms since the epoch. */
  constructor(startedAt: number) {
    this.#startedAt = startedAt;
  }

  readonly sink = (event: ScanEvent): void => {
    switch (event.kind) {
      case "scope":
        this.#accounts += event.accounts.length;
        return;
      case "account":
        this.#accountsEntered += 1;
        this.#lists += event.regions.length * COLLECTED_TYPES.length;
        return;
      case "listed":
        this.#listsDone += 1;
        return;
      case "finding":
        this.#resources += 1;
        if (event.finding.verdict === "violation") this.#violations += 1;
        return;
      case "failure":
        this.#failures += 1;
        // A place that cannot be read is done with, too; accounts that cannot be entered have no lists.
        if (event.failure.region !== "" && event.failure.operation.startsWith("List")) this.#listsDone += 1;
        return;
      case "gone":
      case "unjudged":
    }
  };

  /** The state in one line of at most `columns`; `now` in ms since the epoch. */
  line(now: number, columns: number): string {
    const seconds = Math.max(0.001, (now - this.#startedAt) / 1_000);
    const parts = [
      `accounts ${this.#accountsEntered}/${this.#accounts}`,
      `regions ${this.#inRegions(this.#listsDone)}/${this.#inRegions(this.#lists)}`,
      `${this.#resources} resources (${Math.round(this.#resources / seconds)}/s)`,
      `${this.#violations} violations`,
      ...(this.#failures > 0 ? [`${this.#failures} failures`] : []),
      ...this.#eta(seconds),
    ];
    return parts.join("  ").slice(0, Math.max(0, columns - 1));
  }

  #inRegions(lists: number): number {
    return Math.floor(lists / COLLECTED_TYPES.length);
  }

  /** By the lists that are done: nobody knows how much the others hold. None before all accounts are entered. */
  #eta(seconds: number): string[] {
    if (this.#listsDone === 0 || this.#accountsEntered < this.#accounts || this.#listsDone >= this.#lists)
      return [];
    const left = (seconds / this.#listsDone) * (this.#lists - this.#listsDone);
    return [`ETA ${left < 90 ? `${Math.ceil(left)}s` : `${Math.ceil(left / 60)}m`}`];
  }
}
