/** Damage to inputs that were good: what networks, editors, templates and attackers do to them. */
import fc from "fast-check";
import { HOSTILE } from "./scan-result.ts";

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** What has been trouble to parsers of text. */
const PIECES: readonly string[] = [
  ...HOSTILE,
  ..."{}[]()\"'`:,;&*!|>%@#?-=/\\$<~^+.\t\n\r \0\u001b\u007f\u0085\u00a0\u2028\ufeff\ufffe\ud800\udc00",
  ...[
    "\r\n",
    "---\n",
    "...\n",
    "<<: *a\n",
    "&a ",
    "*a",
    "? ",
    "- ",
    "!!binary ",
    "!!int ",
    "\\u0000",
    "\\ud800",
  ],
  ...["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "valueOf", "length"],
  ...["null", "true", "NaN", "Infinity", "-0", "1e999", "0x7f", "9".repeat(400), "2147483648", "4294967296"],
  ...["9007199254740993", "9223372036854775808", "-1", "1.5", "٣"],
  ...["-----BEGIN ", "-----END ", "data:", "Bearer ", "arn:aws:", "::", "%00", "%zz", "../", "http://a:b@c/"],
];

/** One change to a text. `at` and `to` are parts of its length. */
interface Cut {
  readonly kind: "insert" | "remove" | "double" | "swap" | "cut" | "replace";
  readonly at: number;
  readonly to: number;
  readonly piece: string;
}

const part = fc.double({ min: 0, max: 1, noNaN: true });
const cut: fc.Arbitrary<Cut> = fc.record({
  kind: fc.constantFrom("insert", "insert", "remove", "double", "swap", "cut", "replace"),
  at: part,
  to: part,
  piece: fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...PIECES) },
    { weight: 2, arbitrary: fc.string({ unit: "binary", maxLength: 8 }) },
    // Long enough for whatever counts, goes in circles or goes into depth.
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constantFrom(...PIECES), fc.constantFrom(10, 100, 3_000))
        .map(([piece, times]) => piece.slice(0, 20).repeat(times)),
    },
  ),
});

/** One of `texts` with a few changes, sometimes with none, sometimes something else altogether. */
export function damagedText(texts: readonly string[], maxChanges = 4): fc.Arbitrary<string> {
  return fc.oneof(
    {
      weight: 9,
      arbitrary: fc
        .tuple(fc.constantFrom(...texts), fc.array(cut, { maxLength: maxChanges }))
        .map(([text, cuts]) => cuts.reduce(applyCut, text)),
    },
    {
      weight: 1,
      arbitrary: fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }).map((pieces) => pieces.join("")),
    },
  );
}

function applyCut(text: string, { kind, at, to, piece }: Cut): string {
  const start = Math.floor(at * text.length);
  // Most damage is small.
  const end = Math.min(text.length, start + 1 + Math.floor(to ** 4 * text.length));
  const [before, within, after] = [text.slice(0, start), text.slice(start, end), text.slice(end)];
  switch (kind) {
    case "insert":
      return before + piece + text.slice(start);
    case "remove":
      return before + after;
    case "double":
      return before + within + within + after;
    case "swap":
      return within + before + after;
    case "cut":
      return before;
    case "replace":
      return before + piece + after;
  }
}

/** As {@link damagedText}, of bytes: characters may be cut in the middle. */
export function damagedBytes(texts: readonly string[]): fc.Arbitrary<Uint8Array> {
  const flips = fc.array(fc.tuple(part, fc.integer({ min: 0, max: 255 })), { maxLength: 3 });
  return fc.tuple(damagedText(texts, 2), flips).map(([text, changes]) => {
    const bytes = Buffer.from(text);
    for (const [at, byte] of changes) if (bytes.length > 0) bytes[Math.floor(at * (bytes.length - 1))] = byte;
    return bytes;
  });
}

/** What stands where something else should. */
const ODD: readonly Json[] = [
  ...[
    null,
    true,
    false,
    0,
    -1,
    1.5,
    1e21,
    2 ** 53,
    "",
    " ",
    "0",
    "x",
    [],
    {},
    [[]],
    [null],
    [{}],
    { "": "" },
  ],
  ...[...HOSTILE.slice(0, 4), "__proto__", "constructor", "toString", "9".repeat(400), "x".repeat(10_000)],
  ...[
    "2026-02-30T00:00:00Z",
    "9999-99-99T99:99:99Z",
    "2026-02-28T23:59:59+99:99",
    "1h",
    "arn:aws:iam::1:role/x",
  ],
];
const KEYS = ["x", "", "__proto__", "constructor", "prototype", "toString", "length", "then", "toJSON"];

/** What may be done to a value within another. */
export type Harm =
  | "replace"
  | "remove"
  | "shorten"
  | "rename"
  | "wrap"
  | "add"
  | "double"
  | "swap"
  | "shuffle";
const HARMS: readonly Harm[] = [
  "replace",
  "replace",
  "remove",
  "shorten",
  "rename",
  "wrap",
  "add",
  "double",
  "swap",
  "shuffle",
];

/** A copy of `value` with one to three changes anywhere in it. */
export function damagedJson(value: unknown, harms = HARMS): fc.Arbitrary<Json> {
  const change = fc.record({
    kind: fc.constantFrom(...harms),
    at: fc.nat(),
    to: fc.nat(),
    odd: fc.oneof(fc.constantFrom(...ODD), fc.string({ unit: "binary", maxLength: 20 })),
    key: fc.constantFrom(...KEYS),
  });
  return fc.array(change, { minLength: 1, maxLength: 3 }).map((changes) => {
    // Under a root of its own, so that the whole may change too.
    const root: Json = { root: JSON.parse(JSON.stringify(value)) as Json };
    for (const each of changes) applyChange(root, each);
    return get({ holder: root, key: "root" });
  });
}

interface Slot {
  readonly holder: Json[] | { [key: string]: Json };
  readonly key: string | number;
}

interface Change {
  readonly kind: Harm;
  readonly at: number;
  readonly to: number;
  readonly odd: Json;
  readonly key: string;
}

function applyChange(root: { [key: string]: Json }, { kind, at, to, odd, key }: Change): void {
  const slots = [...slotsOf(root)];
  const slot = slots[at % slots.length];
  const other = slots[to % slots.length];
  if (slot === undefined || other === undefined) return;
  const { holder } = slot;
  const old = get(slot);
  if (kind === "replace") set(slot, structuredClone(odd));
  else if (kind === "wrap") set(slot, [old]);
  else if (kind === "swap") set(slot, structuredClone(get(other)));
  else if (kind === "add" && isMap(old)) set({ holder: old, key }, structuredClone(odd));
  else if (Array.isArray(holder)) {
    if (kind === "double") holder.push(structuredClone(old));
    else if (kind === "shuffle") holder.reverse();
    else if (kind === "shorten") holder.splice(Number(slot.key), 1);
  } else if (holder !== root && (kind === "remove" || kind === "rename")) {
    delete holder[slot.key];
    if (kind === "rename") set({ holder, key }, old);
  }
}

function* slotsOf(holder: Slot["holder"]): Generator<Slot> {
  for (const [name, value] of Object.entries(holder)) {
    yield { holder, key: Array.isArray(holder) ? Number(name) : name };
    if (typeof value === "object" && value !== null) yield* slotsOf(value);
  }
}

function isMap(value: Json): value is { [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function get({ holder, key }: Slot): Json {
  return Object.getOwnPropertyDescriptor(holder, key)?.value ?? null;
}

/** `__proto__` too becomes a key like any other, as JSON.parse has it. */
function set({ holder, key }: Slot, value: Json): void {
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
}
