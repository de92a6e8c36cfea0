/** The data that a manifest comes to once YAML is out of the way. */
import type { Scalar } from "./plain-scalar.ts";

export type Json = Scalar | Json[] | JsonObject;

/** Without a prototype, so that a key such as `__proto__` is a key like any other. */
export interface JsonObject {
  [key: string]: Json;
}

/** The steps from a document's root to a value in it. */
export type Path = readonly (string | number)[];

/** An object without keys. */
export function emptyObject(): JsonObject {
  return Object.create(null) as JsonObject;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
