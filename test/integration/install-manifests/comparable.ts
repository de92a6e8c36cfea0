import type { Manifest } from "../../support/chart.ts";

/** Helm's labels. It selects by the instance too: several releases may lie in one namespace. */
const HELMS = [
  "app.kubernetes.io/instance",
  "app.kubernetes.io/managed-by",
  "app.kubernetes.io/version",
  "helm.sh/chart",
  "helm.sh/resource-policy",
];

/** Names on the one side that others depend on, and cannot follow those of the other. */
const SAME_NAMES: Readonly<Record<string, string>> = {
  "aws-account-scan-operator-fleet-compliance": "aws-account-scan-fleet-compliance",
  "aws-account-scan-operator-operator-health": "aws-account-scan-operator-health",
};

/**
 * Objects by kind, namespace and name, without what the chart has and `deploy` cannot have or the other way round:
 * everything else must be equal, fields nobody has thought of yet included.
 */
export function comparable(manifests: readonly Manifest[]): Readonly<Record<string, unknown>> {
  // Helm leaves the namespace to whoever runs it.
  const ours = manifests.filter(({ kind }) => kind !== "Namespace").map(bare);
  const entries = ours.map((manifest) => {
    const { name, namespace = "" } = manifest.metadata;
    return [`${manifest.kind} ${namespace}/${name}`, manifest] as const;
  });
  if (new Set(entries.map(([key]) => key)).size < entries.length) throw new Error("an object is there twice");
  return Object.fromEntries(entries);
}

function bare(manifest: Manifest): Manifest {
  const { metadata, ...rest } = JSON.parse(JSON.stringify(manifest), withoutHelms) as Manifest;
  const { labels = {}, annotations = {}, name, ...more } = metadata;
  // The chart names every object, deploy those that are selected by it: the selectors below spec are compared.
  const { "app.kubernetes.io/name": _, ...ownLabels } = labels;
  return {
    ...withoutOwnNamespace(rest as Manifest, more.namespace),
    metadata: { ...more, name: SAME_NAMES[name] ?? name, labels: ownLabels, annotations },
  };
}

function withoutHelms(key: string, value: unknown): unknown {
  if (HELMS.includes(key)) return undefined;
  // What the API server takes for an image with a tag.
  if (key === "imagePullPolicy" && value === "IfNotPresent") return undefined;
  return value;
}

/** A ServiceMonitor looks into its own namespace without being told. */
function withoutOwnNamespace<T extends Manifest>(manifest: T, namespace: string | undefined): T {
  if (manifest.kind !== "ServiceMonitor") return manifest;
  const { namespaceSelector, ...spec } = (manifest as T & { spec: { namespaceSelector?: object } }).spec;
  const isOwn = JSON.stringify(namespaceSelector) === JSON.stringify({ matchNames: [namespace] });
  return isOwn ? { ...manifest, spec } : manifest;
}
