import type { Logger } from "pino";
import { safeText } from "../api/safe-text.ts";

/** A question about the process that is answered at once. */
export interface Check {
  /** Of lower-case letters and hyphens: it is part of a path. */
  readonly name: string;
  /** Why the answer is no; undefined where it is yes. Names and times, no secrets. */
  failure(): string | undefined;
}

export interface HealthChecks {
  /** Whether the process should be left alone rather than restarted. */
  readonly live: readonly Check[];
  /** Whether its work is under way; asked besides `live`. */
  readonly ready: readonly Check[];
}

/** What a check came to. */
export interface CheckResult {
  readonly name: string;
  readonly failure: string | undefined;
}

/** Asks checks, and logs when one changes its colour: once for each change, with the reason. */
export class CheckRunner {
  readonly #log: Logger;
  /** By name; those that have never been green are told of as what is not yet so. */
  readonly #colours = new Map<string, "not-yet" | "green" | "red">();

  /** `green`: the checks that count as green before they were asked. */
  constructor(log: Logger, green: readonly string[]) {
    this.#log = log;
    for (const name of green) this.#colours.set(name, "green");
  }

  run(check: Check): CheckResult {
    const { name } = check;
    const failure = failureOf(check);
    const before = this.#colours.get(name);
    if (failure === undefined) {
      this.#colours.set(name, "green");
      if (before === "red" || before === "not-yet") this.#log.info({ check: name }, "health check passes");
    } else if (before === undefined) {
      this.#colours.set(name, "not-yet");
      this.#log.info({ check: name, reason: failure }, "health check does not pass yet");
    } else if (before === "green") {
      this.#colours.set(name, "red");
      this.#log.warn({ check: name, reason: failure }, "health check fails");
    }
    return { name, failure };
  }
}

/** A check that throws is a defect, and no health. */
function failureOf(check: Check): string | undefined {
  try {
    const failure = check.failure();
    return failure === undefined ? undefined : safeText(failure);
  } catch (error) {
    return `the check itself failed: ${safeText(String(error))}`;
  }
}
