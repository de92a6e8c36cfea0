/** The Helm chart as Helm renders it. */
import { fileURLToPath } from "node:url";
import { beforeAll } from "vitest";
import { parseAllDocuments } from "yaml";
import { helm, prepareHelm } from "../../tools/helm/helm.ts";
import type { CommandResult } from "../../tools/machine/command.ts";

export const CHART = fileURLToPath(new URL("../../charts/aws-account-scan-operator", import.meta.url));

/** Where `deploy` has the operator: with these names, chart and `deploy` name everything alike. */
export const AS_DEPLOY = { release: "aws-account-scan-operator", namespace: "aws-account-scan-system" };

/** Values as a user gives them in a file. */
export type Values = Readonly<Record<string, unknown>>;

/** Any object of Kubernetes. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

export interface RenderOptions {
  readonly release?: string;
  readonly namespace?: string;
  /** Further arguments of `helm template`. */
  readonly args?: readonly string[];
}

/** Lets the calling file use Helm: it is there before its tests, built if need be. */
export function useHelm(): void {
  beforeAll(async () => {
    await prepareHelm();
  }, 900_000);
}

/** `helm template`; failing is a result, for tests of refusals. */
export function tryRender(
  values: Values = {},
  { release = AS_DEPLOY.release, namespace = AS_DEPLOY.namespace, args = [] }: RenderOptions = {},
): Promise<CommandResult> {
  const command = ["template", release, CHART, `--namespace=${namespace}`, "--values=-", ...args];
  return helm(command, { input: JSON.stringify(values) });
}

/** What `helm template` renders. Throws with what Helm said when it refuses. */
export async function render(values: Values = {}, options: RenderOptions = {}): Promise<Manifest[]> {
  const { code, stdout, stderr } = await tryRender(values, options);
  if (code !== 0) throw new Error(`helm template: ${stderr.trim()}`);
  return manifestsIn(stdout);
}

/** The objects of a stream of YAML documents. Throws where one is no YAML, or has a key twice. */
export function manifestsIn(yaml: string): Manifest[] {
  return parseAllDocuments(yaml).flatMap((document) => {
    for (const error of document.errors) throw error;
    const manifest = document.toJS() as Manifest | null;
    return manifest === null ? [] : [manifest];
  });
}

/** The one object of a kind. Its caller answers for the type. */
export function only<T extends Manifest>(manifests: readonly Manifest[], kind: string): T {
  const [first, ...more] = manifests.filter((manifest) => manifest.kind === kind);
  if (first === undefined || more.length > 0) {
    throw new Error(`not one ${kind} among ${manifests.map((manifest) => manifest.kind).join(", ")}`);
  }
  return first as T;
}
