/** Random damage to manifests: what people, templates and attackers do to them. */
import fc from "fast-check";

type Value = string | number | boolean | null | Value[] | { [key: string]: Value };

const ODD: readonly Value[] = [
  ...[
    null,
    "",
    " ",
    [],
    {},
    true,
    false,
    0,
    -1,
    1.5,
    3600,
    123456789012,
    1e21,
    "x",
    "é".repeat(128),
    "👍".repeat(33),
  ],
  ...[
    "a".repeat(2049),
    "123456789012",
    "210987654321",
    "us-east-1",
    "eu-*",
    "1h",
    "59s",
    "1h30m",
    "0 2 * * *",
  ],
  ...["2026-02-30T00:00:00Z", "2026-02-28T00:00:00Z", "2026-02-28t23:59:59.5+99:99", "2026-02-28T24:00:00Z"],
  ...["2026-02-28", "a\nb", "\u0000", "\u202e", "{}", '{"a":"\u0100"}', "*", "a*b*c*d*e*f*g*h*i*j*k", "True"],
  ...["arn:aws:iam::123456789012:role/Scan", "arn:aws:iam::123456789012:", "<script>", "%{x}", "\\", '"'],
  ...[
    ["x"],
    ["x", "x"],
    [null],
    [null, null],
    [[]],
    [{}, {}],
    { id: "123456789012" },
    { "": "" },
    { "a.b": null },
  ],
  ...[
    [1, 1],
    ["eu-west-1", "us-east-1"],
    { name: "a" },
    { spec: {} },
    Array.from({ length: 101 }, (_, i) => `r-${i}`),
  ],
];

const KEYS = [
  "x",
  "",
  "spec",
  "Interval",
  "id",
  "name",
  "__proto__",
  "a.b",
  "toString",
  "tags",
  "labels",
  "annotations",
  "exclude",
];

/** One change: at the place which `at` picks. */
export interface Mutation {
  readonly kind: "replace" | "remove" | "add" | "double" | "wrap" | "rename" | "swap";
  readonly at: number;
  readonly to: number;
  readonly value: Value;
  readonly key: string;
}

export const mutation: fc.Arbitrary<Mutation> = fc.record({
  kind: fc.constantFrom("replace", "replace", "replace", "remove", "add", "double", "wrap", "rename", "swap"),
  at: fc.nat(),
  to: fc.nat(),
  value: fc.oneof(fc.constantFrom(...ODD), fc.constantFrom(...ODD), fc.string({ unit: "binary-ascii" })),
  key: fc.constantFrom(...KEYS),
});

interface Slot {
  readonly holder: Value[] | { [key: string]: Value };
  readonly key: string | number;
}

/** A copy of `manifest` with the changes made. Its `apiVersion` and `kind` stay: they decide who reads it. */
export function mutate(manifest: Value, mutations: readonly Mutation[]): Value {
  const root = structuredClone(manifest) as { [key: string]: Value };
  for (const change of mutations) {
    const slots = [...slotsOf(root)].filter(
      ({ holder, key }) => holder !== root || key === "spec" || key === "metadata",
    );
    const slot = slots[change.at % slots.length];
    const other = slots[change.to % slots.length];
    if (slot !== undefined && other !== undefined) apply(change, slot, other);
  }
  return root;
}

function* slotsOf(holder: Slot["holder"]): Generator<Slot> {
  for (const [name, value] of Object.entries(holder)) {
    const key = Array.isArray(holder) ? Number(name) : name;
    yield { holder, key };
    if (typeof value === "object" && value !== null) yield* slotsOf(value);
  }
}

function apply({ kind, value, key }: Mutation, slot: Slot, other: Slot): void {
  const old = get(slot);
  const { holder } = slot;
  if (kind === "replace") set(slot, structuredClone(value));
  else if (kind === "remove") remove(slot);
  else if (kind === "wrap") set(slot, [old]);
  else if (kind === "swap") set(slot, structuredClone(get(other)));
  else if (kind === "double" && Array.isArray(holder)) holder.push(structuredClone(old));
  else if (kind === "add" && isMap(old)) set({ holder: old, key }, structuredClone(value));
  else if (kind === "rename" && !Array.isArray(holder)) {
    remove(slot);
    set({ holder, key }, old);
  }
}

function isMap(value: Value): value is { [key: string]: Value } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function get({ holder, key }: Slot): Value {
  return (holder as { [key: string]: Value })[String(key)] ?? null;
}

function set({ holder, key }: Slot, value: Value): void {
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
}

function remove({ holder, key }: Slot): void {
  if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else delete holder[key];
}
