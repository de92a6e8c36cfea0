import { InvalidArgumentError } from "commander";
import { parseDuration } from "../api/duration.ts";

/**
 * Parsers of flag values. Each throws an `InvalidArgumentError` that says what is allowed; the command line adds the
 * flag, or the environment variable, and the value.
 */

/** The name of a namespace, a DNS-1123 label. */
export const NAMESPACE_NAME = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

export function port(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > 65_535) {
    throw new InvalidArgumentError("Give a port from 1 to 65535, or 0 for a free one.");
  }
  return value;
}

export function count(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < min || value > max) {
      throw new InvalidArgumentError(`Give a whole number from ${min} to ${max}.`);
    }
    return value;
  };
}

const UNITS: Readonly<Record<string, number>> = { Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30 };

/** A Kubernetes quantity of memory, as bytes. */
export function memory(text: string): number {
  const [, number = "", unit = ""] = /^(\d{1,6})(Ki|Mi|Gi)$/.exec(text) ?? [];
  const factor = UNITS[unit];
  if (factor === undefined) throw new InvalidArgumentError("Give an amount of memory such as 64Mi or 1Gi.");
  return Number(number) * factor;
}

export function boolean(text: string): boolean {
  if (text !== "true" && text !== "false") throw new InvalidArgumentError("Give true or false.");
  return text === "true";
}

/**
 * A Go duration of `min` to `max`, as milliseconds. Node's timers count to 24 days, and fire at once where they are asked
 * for more.
 */
export function duration(min: string, max = "24h"): (text: string) => number {
  const [minMs, maxMs] = [parseDuration(min), parseDuration(max)];
  return (text) => {
    let value: number;
    try {
      value = parseDuration(text);
    } catch {
      throw new InvalidArgumentError(`Give a duration such as 90s, 15m or 1h30m, at least ${min}.`);
    }
    if (value < minMs) throw new InvalidArgumentError(`Give a duration of at least ${min}.`);
    if (value > maxMs) throw new InvalidArgumentError(`Give a duration of at most ${max}.`);
    return value;
  };
}

/** Entries separated by commas, at most `max`, each of which must match `pattern`; `hint` shows one. */
export function list(
  pattern: RegExp,
  hint: string,
  max = Number.POSITIVE_INFINITY,
): (text: string) => readonly string[] {
  return (text) => {
    const entries = text
      .split(",")
      .map((entry) => entry.trim())
      .filter(Boolean);
    const wrong = entries.find((entry) => !pattern.test(entry));
    if (wrong !== undefined)
      throw new InvalidArgumentError(`${JSON.stringify(wrong)} is not one. Give ${hint}, several by comma.`);
    if (entries.length > max) throw new InvalidArgumentError(`Give at most ${max}.`);
    if (entries.length === 0) throw new InvalidArgumentError(`It is empty. Give ${hint}, several by comma.`);
    return entries;
  };
}

export function oneLine(pattern: RegExp, hint: string): (text: string) => string {
  return (text) => {
    if (!pattern.test(text)) throw new InvalidArgumentError(`Give ${hint}.`);
    return text;
  };
}

/** A path, which nothing is asked about yet. */
export function file(text: string): string {
  if (text === "" || text.includes("\0")) throw new InvalidArgumentError("Give the path of a file.");
  return text;
}
