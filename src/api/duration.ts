/** Go durations, as Kubernetes manifests write them: `90s`, `1h30m`, `1.5h`. */
import { safeText } from "./safe-text.ts";

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
const WHOLE = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h))+$/;
const PART = /(\d+(?:\.\d+)?)(ms|s|m|h)/g;

/**
 * Milliseconds of a Go duration in hours, minutes, seconds and milliseconds.
 * @throws {RangeError} when the text is none, naming it and an example; and when it is of more
 * milliseconds than can be counted.
 */
export function parseDuration(text: string): number {
  const quoted = safeText(JSON.stringify(text), 128);
  if (!WHOLE.test(text)) throw new RangeError(`${quoted} is not a duration such as 90s, 15m or 1h30m`);
  let total = 0;
  for (const [, amount, unit] of text.matchAll(PART))
    total += Number(amount) * (UNIT_MS[unit ?? ""] ?? Number.NaN);
  if (total > Number.MAX_SAFE_INTEGER) throw new RangeError(`${quoted} is longer than anything lasts`);
  return Math.round(total);
}

/** The shortest Go duration of whole hours, minutes and seconds that says `ms`, rounded to a second: `1h30m`. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  const parts: [number, string][] = [
    [Math.floor(seconds / 3_600), "h"],
    [Math.floor((seconds % 3_600) / 60), "m"],
    [seconds % 60, "s"],
  ];
  const text = parts.filter(([amount]) => amount > 0).map(([amount, unit]) => `${amount}${unit}`);
  return text.length === 0 ? "0s" : text.join("");
}
