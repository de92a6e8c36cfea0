import type { AwsAccountScanSpec } from "../../../src/api/generated/awsaccountscan.ts";
import type { Fleet } from "../../../tools/aws-simulator/fleet.ts";
import { type Verdict, verdictOf } from "./fleet.ts";

/** What AWS held when. A scan may have met any of what was there while it ran. */
export class Truth {
  /** Oldest first; each holds until the next. */
  readonly #fleets: { readonly sinceMs: number; readonly fleet: Fleet }[];

  constructor(fleet: Fleet) {
    this.#fleets = [{ sinceMs: 0, fleet }];
  }

  /** To be called just before AWS is changed to `fleet`. */
  change(fleet: Fleet, nowMs: number): void {
    this.#fleets.push({ sinceMs: nowMs, fleet });
  }

  /** Every verdict that a scan may come to which ran between these times (ms since the epoch). */
  between(spec: AwsAccountScanSpec, fromMs: number, toMs: number): Verdict[] {
    return this.#fleets
      .filter(({ sinceMs }, at) => {
        const untilMs = this.#fleets[at + 1]?.sinceMs ?? Number.POSITIVE_INFINITY;
        return sinceMs <= toMs && untilMs + CHANGE_MS >= fromMs;
      })
      .map(({ fleet }) => verdictOf(fleet, spec));
  }

  /** As it is now. */
  get fleet(): Fleet {
    return this.#fleets.at(-1)?.fleet ?? { accounts: [] };
  }

  now(spec: AwsAccountScanSpec): Verdict {
    return verdictOf(this.fleet, spec);
  }
}

/** From when a change is announced until AWS has it; and statuses tell seconds. */
const CHANGE_MS = 3_000;
