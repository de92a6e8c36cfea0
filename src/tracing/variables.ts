import { safeText } from "../api/safe-text.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads environment variables as OpenTelemetry says: an empty one is not set, and a value that makes no sense is told
 * and passed over.
 * https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 */
export class Variables {
  /** One line for each value that was passed over: which variable, what it is, what is used instead. */
  readonly warnings: string[] = [];
  readonly #env: Environment;

  constructor(env: Environment) {
    this.#env = env;
  }

  text(name: string): string | undefined {
    const value = this.#env[name]?.trim();
    return value === "" ? undefined : value;
  }

  /**
   * What `parse` makes of the first of `names` that is set and makes sense, else `fallback`. A warning quotes what
   * makes none, unless it may hold a secret.
   */
  read<T>(
    names: readonly string[],
    expected: string,
    fallback: T,
    parse: (text: string, name: string) => T | undefined,
    shown = String(fallback),
    isSecret = false,
  ): T {
    let value = fallback;
    let used = shown;
    const wrong: string[] = [];
    for (const name of names) {
      const text = this.text(name);
      if (text === undefined) continue;
      const parsed = parse(text, name);
      if (parsed !== undefined) {
        value = parsed;
        used = `that of ${name}`;
        break;
      }
      wrong.push(`${name} is ${isSecret ? "" : `${quoted(text)}, `}not ${expected}`);
    }
    for (const line of wrong) this.warnings.push(`${line}; ${used} is used instead`);
    return value;
  }

  choice<T extends string>(names: readonly string[], choices: readonly T[], fallback: T): T {
    const expected = `one of ${choices.join(", ")}`;
    return this.read(names, expected, fallback, (text) =>
      choices.find((choice) => choice === text.toLowerCase()),
    );
  }

  /** A whole number of at least `min`. */
  count(names: readonly string[], min: number, fallback: number): number {
    return this.read(names, `a whole number from ${min} to ${MAX_COUNT}`, fallback, (text) => {
      const value = Number(text);
      return /^\d+$/.test(text) && value >= min && value <= MAX_COUNT ? value : undefined;
    });
  }

  /**
   * `name=value` pairs by comma, values percent-encoded. A pair that is none is left out, and told by its place alone:
   * headers hold tokens.
   */
  pairs(name: string): Readonly<Record<string, string>> {
    const pairs: [string, string][] = [];
    for (const [at, entry] of (this.text(name) ?? "").split(",").entries()) {
      if (entry.trim() === "") continue;
      const pair = pairOf(entry);
      if (pair === undefined)
        this.warnings.push(`${name}: entry ${at + 1} is not name=value; it is left out`);
      else pairs.push(pair);
    }
    return Object.fromEntries(pairs);
  }
}

/** The longest delay that a timer takes, in ms. */
const MAX_COUNT = 2 ** 31 - 1;

function pairOf(entry: string): [string, string] | undefined {
  const [, key = "", value = ""] = /^\s*([^\s=]+)\s*=\s*(.*?)\s*$/.exec(entry) ?? [];
  try {
    return key === "" ? undefined : [decodeURIComponent(key), decodeURIComponent(value)];
  } catch {
    return undefined;
  }
}

function quoted(text: string): string {
  return JSON.stringify(safeText(text, 128));
}
