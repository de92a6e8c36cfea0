import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type ParsedNode,
  Scalar as ScalarNode,
  type YAMLMap,
} from "yaml";
import { emptyObject, isObject, type Json, type JsonObject } from "./json.ts";
import type { Place } from "./place.ts";
import { resolvePlain, type Scalar } from "./plain-scalar.ts";

/** What stops a document from being data; `offset` as in {@link Place}. */
export class ConvertError extends Error {
  override readonly name = "ConvertError";
  readonly offset: number;

  constructor(offset: number, message: string) {
    super(message);
    this.offset = offset;
  }
}

/** A key that a mapping has twice: kubectl would keep the last one without a word. */
export interface DuplicateKey {
  readonly key: string;
  readonly path: readonly (string | number)[];
  readonly offset: number;
}

export interface Converted {
  readonly value: Json;
  readonly place: Place;
  readonly duplicates: readonly DuplicateKey[];
}

/** Deeper than any manifest of ours: the schema ends at a depth of 8. */
const MAX_DEPTH = 64;
/** Values that aliases may stand for, so that a few lines do not become gigabytes. */
const MAX_REPEATED = 10_000;
const TAG = "tag:yaml.org,2002:";

/**
 * A document's node as the data that kubectl sends.
 * @throws {ConvertError}
 */
export function convert(root: Node | null): Converted {
  const duplicates: DuplicateKey[] = [];
  const anchors = new Map<string, Node>();
  let repeated = 0;
  const found = root === null ? { value: null, place: emptyPlace(0) } : read(root, [], undefined, false);
  return { ...found, duplicates };

  function read(
    node: Node,
    path: readonly (string | number)[],
    key: { readonly offset: number; readonly plain: string | undefined } | undefined,
    isRepeated: boolean,
  ): { value: Json; place: Place } {
    const offset = offsetOf(node);
    if (path.length > MAX_DEPTH) throw new ConvertError(offset, `nested deeper than ${MAX_DEPTH} levels`);
    if (isRepeated && ++repeated > MAX_REPEATED) {
      throw new ConvertError(offset, `aliases repeat more than ${MAX_REPEATED} values; write fewer of them`);
    }
    const base = { offset, keyOffset: key?.offset, plainKey: key?.plain, plain: undefined };
    if (isAlias(node)) {
      const target = anchors.get(node.source);
      if (target === undefined)
        throw new ConvertError(offset, `the anchor &${node.source} is not defined above`);
      const { value, place } = read(target, path, key, true);
      return { value, place: { ...place, ...base, plain: place.plain } };
    }
    if (node.anchor !== undefined) anchors.set(node.anchor, node);
    if (isSeq(node)) {
      const items = (node.items as Node[]).map((item, index) =>
        read(item, [...path, index], undefined, isRepeated),
      );
      const children = new Map(items.map(({ place }, index) => [index, place]));
      return { value: items.map(({ value }) => value), place: { ...base, children } };
    }
    if (isMap(node)) {
      const children = new Map<string | number, Place>();
      const value = readMap(node, path, children, isRepeated);
      return { value, place: { ...base, children } };
    }
    if (!isScalar(node))
      throw new ConvertError(offset, "this is neither a mapping, nor a list, nor a scalar");
    const plain = isPlain(node) ? String(node.source ?? "") : undefined;
    return { value: jsonScalar(node), place: { ...base, plain, children: new Map() } };
  }

  function readMap(
    map: YAMLMap,
    path: readonly (string | number)[],
    children: Map<string | number, Place>,
    isRepeated: boolean,
  ): JsonObject {
    const result = emptyObject();
    const own = new Set<string>();
    for (const { key, value } of map.items as { key: Node; value: Node | null }[]) {
      if (isMergeKey(key)) {
        mergeInto(result, children, value, path);
        continue;
      }
      const name = keyName(key);
      const keyPlace = {
        offset: offsetOf(key),
        plain: isScalar(key) && isPlain(key) ? key.source : undefined,
      };
      if (own.has(name)) duplicates.push({ key: name, path: [...path, name], offset: keyPlace.offset });
      own.add(name);
      const child =
        value === null
          ? {
              value: null,
              place: {
                ...emptyPlace(keyPlace.offset),
                keyOffset: keyPlace.offset,
                plainKey: keyPlace.plain,
                plain: "",
              },
            }
          : read(value, [...path, name], keyPlace, isRepeated);
      result[name] = child.value;
      children.set(name, child.place);
    }
    return result;
  }

  /** As go-yaml does it: what is merged takes the place of what stands above, and of several the first prevails. */
  function mergeInto(
    result: JsonObject,
    children: Map<string | number, Place>,
    value: Node | null,
    path: readonly (string | number)[],
  ): void {
    const sources = value !== null && isSeq(value) ? (value.items as Node[]).toReversed() : [value];
    for (const source of sources) {
      const { value: merged, place } =
        source === null ? { value: null, place: emptyPlace(0) } : read(source, path, undefined, true);
      if (!isObject(merged)) {
        const offset = source === null ? 0 : offsetOf(source);
        throw new ConvertError(offset, "<< takes a mapping or a list of mappings");
      }
      Object.assign(result, merged);
      for (const [name, child] of place.children) children.set(name, child);
    }
  }
}

function offsetOf(node: Node): number {
  return (node as ParsedNode).range?.[0] ?? 0;
}

function emptyPlace(offset: number): Place {
  return { offset, keyOffset: undefined, plain: undefined, plainKey: undefined, children: new Map() };
}

function isPlain(node: ScalarNode): boolean {
  return node.type === undefined || node.type === ScalarNode.PLAIN;
}

function isMergeKey(key: Node): boolean {
  return (
    isScalar(key) &&
    key.source === "<<" &&
    (key.tag === `${TAG}merge` || (key.tag === undefined && isPlain(key)))
  );
}

/** JSON's keys are strings: what YAML takes for a number or a boolean is written as one. */
function keyName(key: Node): string {
  const value = isScalar(key) ? resolveScalar(key) : undefined;
  if (value === undefined || value === null) {
    throw new ConvertError(offsetOf(key), "a key must be a string, a number or a boolean; put it in quotes");
  }
  if (typeof value === "number" && !Number.isFinite(value)) {
    return Number.isNaN(value) ? ".nan" : value > 0 ? ".inf" : "-.inf";
  }
  return String(value);
}

function jsonScalar(node: ScalarNode): Scalar {
  const value = resolveScalar(node);
  if (typeof value === "string" && !value.isWellFormed()) {
    throw new ConvertError(offsetOf(node), "half of a surrogate pair is not a character");
  }
  if (typeof value !== "number" || Number.isFinite(value)) return value;
  throw new ConvertError(
    offsetOf(node),
    `JSON has no number such as ${node.source}; put it in quotes if it is text`,
  );
}

function resolveScalar(node: ScalarNode): Scalar {
  const text = typeof node.value === "string" ? node.value : String(node.source ?? "");
  switch (node.tag) {
    case undefined:
      return isPlain(node) ? resolvePlain(text) : text;
    case `${TAG}bool`:
      return ofTag(node, text, (value) => typeof value === "boolean");
    case `${TAG}int`:
      return ofTag(node, text, (value) => Number.isInteger(value));
    case `${TAG}float`:
      return ofTag(node, text, (value) => typeof value === "number");
    case `${TAG}null`:
      return ofTag(node, text, (value) => value === null);
    case `${TAG}binary`:
      return Buffer.from(text, "base64").toString("utf8");
    default:
      return text;
  }
}

function ofTag(node: ScalarNode, text: string, isOfTag: (value: Scalar) => boolean): Scalar {
  const value = resolvePlain(text);
  if (isOfTag(value)) return value;
  throw new ConvertError(offsetOf(node), `this is not a value of !!${node.tag?.slice(TAG.length)}`);
}
