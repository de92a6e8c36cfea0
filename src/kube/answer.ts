import { KubeError } from "./errors.ts";
import type { Call } from "./transport.ts";
import type { KubeList } from "./types.ts";

/** The object of an answer. @throws {KubeError} where it has none. */
export function objectOf(call: Call, text: string): object {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    throw malformed(call, "is not JSON");
  }
  if (!isObject(answer)) throw malformed(call, "is no object");
  return answer;
}

/**
 * An answer as the page of a list: something else, taken for an empty one, would end everything that was listed.
 * @throws {KubeError} where it is none.
 */
export function pageOf<T>(call: Call, answer: Partial<KubeList<T>>): KubeList<T> {
  const { metadata, items } = answer;
  if (!isObject(metadata) || !Array.isArray(items)) throw malformed(call, "is no list");
  if (!items.every(hasName)) throw malformed(call, "lists something without a name");
  const next: unknown = metadata.continue;
  if (next !== undefined && typeof next !== "string") throw malformed(call, "has no usable continue token");
  return { ...answer, metadata, items };
}

function hasName(item: unknown): boolean {
  if (!isObject(item) || !("metadata" in item)) return false;
  const { metadata } = item;
  return isObject(metadata) && "name" in metadata && typeof metadata.name === "string";
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function malformed({ request }: Call, what: string): KubeError {
  return new KubeError(`${request}: the answer ${what}`, { status: 0, reason: "MalformedAnswer" });
}
