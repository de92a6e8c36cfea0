/** What every Kubernetes object has in common, as it travels. */

/** A resource as the API server addresses it; the core group is "". */
export interface ResourceKind {
  readonly group: string;
  readonly version: string;
  /** Lower case, as in the URL: `configmaps`. */
  readonly plural: string;
}

/** The fields of `metadata` that we read. The API server sets all but `name` and `namespace`. */
export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string | undefined;
  readonly uid?: string | undefined;
  /** Opaque: to be compared for equality only. */
  readonly resourceVersion?: string | undefined;
  readonly generation?: number | undefined;
  readonly creationTimestamp?: string | undefined;
  readonly deletionTimestamp?: string | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly annotations?: Readonly<Record<string, string>> | undefined;
}

/** Any object of the API. */
export interface KubeObject {
  readonly apiVersion?: string | undefined;
  readonly kind?: string | undefined;
  readonly metadata: ObjectMeta;
}

/** One page of a list. */
export interface KubeList<T> {
  readonly metadata: {
    /** The position at which a watch continues this list. */
    readonly resourceVersion: string;
    /** Fetches the next page; absent or empty on the last one. */
    readonly continue?: string | undefined;
  };
  readonly items: readonly T[];
}

/** `metav1.Status`: how the API server says no. */
export interface KubeStatus {
  readonly code?: number | undefined;
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
  readonly details?: { readonly retryAfterSeconds?: number | undefined } | undefined;
}

/** What a watch tells. A bookmark's object carries nothing but `metadata.resourceVersion`. */
export type WatchEvent<T> =
  | { readonly type: "ADDED" | "MODIFIED" | "DELETED"; readonly object: T }
  | {
      readonly type: "BOOKMARK";
      readonly object: { readonly metadata: { readonly resourceVersion: string } };
    }
  | { readonly type: "ERROR"; readonly object: KubeStatus };
