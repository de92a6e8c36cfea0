/** CloudFormation's intrinsic functions, as far as our templates use them; another one is an error. */
import { parse, type ScalarTag, type TagId } from "yaml";

const FUNCTIONS = ["Ref", "Sub", "If", "Not", "And", "Equals", "Join", "GetAtt"] as const;

interface Call {
  readonly fn: (typeof FUNCTIONS)[number];
  readonly argument: unknown;
}

interface Template {
  readonly Parameters: Readonly<Record<string, { readonly Default?: string }>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
  readonly Resources: Readonly<Record<string, { readonly Properties: Readonly<Record<string, unknown>> }>>;
}

const NO_VALUE = Symbol("AWS::NoValue");

/** The properties of a template's one resource, for these parameters in this account. */
export function resolvedResource(
  text: string,
  given: Readonly<Record<string, string>>,
): Readonly<Record<string, unknown>> {
  const template = parse(text, { customTags: tags() }) as Template;
  const defaults = Object.entries(template.Parameters).map(([name, { Default }]) => [name, Default] as const);
  const values: Record<string, unknown> = {
    ...Object.fromEntries(defaults),
    ...given,
    "AWS::NoValue": NO_VALUE,
  };
  const [resource] = Object.values(template.Resources);
  if (resource === undefined) throw new Error("the template has no resource");
  return resolve(resource.Properties, values, template.Conditions ?? {}) as Record<string, unknown>;
}

/** One tag for each function and kind of argument. */
function tags(): (ScalarTag | TagId)[] {
  const kinds = (fn: Call["fn"]) => {
    const call = (argument: unknown): Call => ({ fn, argument });
    const tag = `!${fn}`;
    return [
      { tag, resolve: (text: string) => call(text) },
      { tag, collection: "seq", resolve: (node: { toJSON(): unknown }) => call(node.toJSON()) },
    ] as unknown as ScalarTag[];
  };
  return FUNCTIONS.flatMap(kinds);
}

function isCall(value: unknown): value is Call {
  return typeof value === "object" && value !== null && "fn" in value && "argument" in value;
}

function resolve(value: unknown, values: Readonly<Record<string, unknown>>, conditions: object): unknown {
  const all = (each: unknown) => resolve(each, values, conditions);
  if (isCall(value)) return called(value, values, conditions);
  if (Array.isArray(value)) return value.map(all).filter((each) => each !== NO_VALUE);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, each]) => [key, all(each)] as const);
  return Object.fromEntries(entries.filter(([, each]) => each !== NO_VALUE));
}

function called(
  { fn, argument }: Call,
  values: Readonly<Record<string, unknown>>,
  conditions: object,
): unknown {
  const all = (each: unknown) => resolve(each, values, conditions);
  const of = (name: unknown) => {
    const value = values[String(name)];
    if (value === undefined) throw new Error(`there is no value of ${name}`);
    return value;
  };
  if (fn === "Ref") return of(argument);
  if (fn === "Sub") {
    const [text, more] = [argument].flat() as [string, Record<string, unknown>?];
    const known = { ...values, ...(more && (all(more) as object)) } as Record<string, unknown>;
    return text.replaceAll(/\$\{([\w:]+)\}/g, (_, name: string) => String(known[name] ?? of(name)));
  }
  if (fn === "If") {
    const [condition, then, otherwise] = argument as [string, unknown, unknown];
    const test = (conditions as Record<string, unknown>)[condition];
    if (test === undefined) throw new Error(`there is no condition ${condition}`);
    return all(all(test) === true ? then : otherwise);
  }
  const parts = all(argument) as unknown[];
  if (fn === "Equals") return parts[0] === parts[1];
  if (fn === "Not") return parts[0] !== true;
  if (fn === "And") return parts.every((part) => part === true);
  if (fn === "Join") return (parts[1] as string[]).join(String(parts[0]));
  throw new Error(`${fn} is not understood here`);
}
