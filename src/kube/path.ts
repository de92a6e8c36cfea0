import type { ResourceKind } from "./types.ts";

/** Where an object or a collection lives; without a namespace: cluster-wide. */
export interface Location {
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  readonly subresource?: string | undefined;
}

/** A query; what is undefined is left out. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** The URL path of a resource, such as `/api/v1/namespaces/team/serviceaccounts/ml/token`. */
export function resourcePath(kind: ResourceKind, { namespace, name, subresource }: Location): string {
  const root = kind.group === "" ? ["api", kind.version] : ["apis", kind.group, kind.version];
  const segments = [
    ...root,
    ...(namespace === undefined ? [] : ["namespaces", segment("namespace", namespace)]),
    kind.plural,
    ...(name === undefined ? [] : [segment("name", name)]),
    ...(subresource === undefined ? [] : [subresource]),
  ];
  return `/${segments.map(encodeURIComponent).join("/")}`;
}

/** `?a=1&b=2`, or nothing. */
export function queryString(query: Query): string {
  const given = Object.entries(query).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, String(value)]],
  );
  return given.length === 0 ? "" : `?${new URLSearchParams(given)}`;
}

/** How messages name a request's object: `configmaps.v1 team/settings` would be noise, `configmaps team/settings` is not. */
export function describe(kind: ResourceKind, { namespace, name, subresource }: Location): string {
  const resource = subresource === undefined ? kind.plural : `${kind.plural}/${subresource}`;
  if (name !== undefined) return `${resource} ${namespace === undefined ? name : `${namespace}/${name}`}`;
  return namespace === undefined ? `${resource} in all namespaces` : `${resource} in namespace ${namespace}`;
}

/** An empty, `.` or `..` segment would turn the request into one for another resource, such as the collection. */
function segment(what: string, value: string): string {
  if (value !== "" && value !== "." && value !== "..") return value;
  throw new TypeError(`Expected a Kubernetes ${what}, got "${value}"`);
}
