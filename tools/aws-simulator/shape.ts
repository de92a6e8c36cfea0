/** The shape of JSON that people write, checked with words that say what is wrong and where. */

/** What is wrong with `value`, each fault beginning with where it is; none where it is right. */
export type Check = (value: unknown, where: string) => string[];

/** A number from `least` to `most`. */
export function number(least = 0, most = Number.POSITIVE_INFINITY): Check {
  return (value, where) => {
    if (typeof value === "number" && value >= least && value <= most) return [];
    const range = most === Number.POSITIVE_INFINITY ? `from ${least} up` : `from ${least} to ${most}`;
    return [`${where} is ${told(value)}, not a number ${range}`];
  };
}

/** A whole number from `least` up. */
export function whole(least = 0): Check {
  return (value, where) =>
    Number.isInteger(value) && Number(value) >= least
      ? []
      : [`${where} is ${told(value)}, not a whole number from ${least} up`];
}

/** A text that is not empty, of the form of `pattern` if there is one, which `form` names. */
export function text(pattern?: RegExp, form = "a text"): Check {
  return (value, where) =>
    typeof value === "string" && value !== "" && (pattern?.test(value) ?? true)
      ? []
      : [`${where} is ${told(value)}, not ${form}`];
}

export const flag: Check = (value, where) =>
  typeof value === "boolean" ? [] : [`${where} is ${told(value)}, neither true nor false`];

/** One of `values`, of which `noun` says what they are. */
export function oneOf(values: readonly string[], noun: string): Check {
  return (value, where) =>
    typeof value === "string" && values.includes(value)
      ? []
      : [`${where}: no such ${noun}: ${told(value)}; there are ${values.join(", ")}`];
}

export function listOf(item: Check): Check {
  return (value, where) =>
    Array.isArray(value)
      ? value.flatMap((each, at) => item(each, `${where}[${at}]`))
      : [`${where} is ${told(value)}, not a list`];
}

/** An object whose keys are free. */
export function mapOf(item: Check): Check {
  return (value, where) =>
    isObject(value)
      ? Object.entries(value).flatMap(([key, each]) => item(each, `${where}.${key}`))
      : [`${where} is ${told(value)}, not an object`];
}

/** A check for every field of `T`, forgetting none. */
export type Fields<T> = { readonly [Field in keyof T]-?: Check };

/** An object with all keys of `required`, any of `optional`, and no others. */
export function object<T>(required: Fields<T>, optional: Readonly<Record<string, Check>>): Check {
  const known = new Map(Object.entries({ ...required, ...optional }));
  return (value, where) => {
    if (!isObject(value)) return [`${where} is ${told(value)}, not an object`];
    const missing = Object.keys(required).filter((key) => !(key in value));
    const faults = missing.map((key) => `${where} lacks "${key}"`);
    for (const [key, member] of Object.entries(value)) {
      const check = known.get(key);
      if (check) faults.push(...check(member, `${where}.${key}`));
      else faults.push(`${where} has no "${key}"; there are ${[...known.keys()].join(", ")}`);
    }
    return faults;
  };
}

/** Throws with all `faults` in its message, if there are any. */
export function assertNone(what: string, faults: readonly string[]): void {
  if (faults.length > 0) throw new Error(`${what} not valid:\n- ${faults.join("\n- ")}`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Long values by their beginning. */
function told(value: unknown): string {
  const json = JSON.stringify(value) ?? "missing";
  return json.length > 60 ? `${json.slice(0, 57)}…` : json;
}
