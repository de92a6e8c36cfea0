import type { AwsAccountScanSpec } from "../../../src/api/generated/awsaccountscan.ts";
import type { Fleet } from "../../../tools/aws-simulator/fleet.ts";
import { type Verdict, verdictOf } from "./fleet.ts";

/** What AWS held when. A scan may have met any of what was there while it ran. */
export class Truth {
  /** Oldest first; each holds until the next. */
  readonly #periods: Period[];

  constructor(fleet: Fleet) {
    this.#periods = [{ sinceMs: 0, fleet, readable: true }];
  }

  /** To be called just before AWS is changed to `fleet`. */
  change(fleet: Fleet, nowMs: number): void {
    this.#periods.push({ ...this.#last, sinceMs: nowMs, fleet });
  }

  /** To be called just before nobody can read AWS any more, or just before somebody can again. */
  setReadable(readable: boolean, nowMs: number): void {
    this.#periods.push({ ...this.#last, sinceMs: nowMs, readable });
  }

  /** Every verdict that a scan may come to which ran between these times (ms since the epoch). */
  between(spec: AwsAccountScanSpec, fromMs: number, toMs: number): Verdict[] {
    return this.#periods
      .filter(({ sinceMs }, at) => {
        const untilMs = this.#periods[at + 1]?.sinceMs ?? Number.POSITIVE_INFINITY;
        return sinceMs <= toMs && untilMs + CHANGE_MS >= fromMs;
      })
      .map((period) => verdictIn(period, spec));
  }

  /** As it is now. */
  get fleet(): Fleet {
    return this.#last.fleet;
  }

  now(spec: AwsAccountScanSpec): Verdict {
    return verdictIn(this.#last, spec);
  }

  get #last(): Period {
    const last = this.#periods.at(-1);
    if (last === undefined) throw new Error("there is no time without a truth");
    return last;
  }
}

interface Period {
  readonly sinceMs: number;
  readonly fleet: Fleet;
  /** Otherwise no scan is complete, though violations stay what they are. */
  readonly readable: boolean;
}

function verdictIn({ fleet, readable }: Period, spec: AwsAccountScanSpec): Verdict {
  const verdict = verdictOf(fleet, spec);
  return { ...verdict, complete: verdict.complete && readable };
}

/** From when a change is announced until AWS has it; and statuses tell seconds. */
const CHANGE_MS = 3_000;
