/** `deploy` as users build on it: beside a kustomization of their own. */
import { cp, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stringify } from "yaml";
import { kustomize } from "../../tools/generate-deploy/files.ts";

const DEPLOY = fileURLToPath(new URL("../../deploy", import.meta.url));

/** Every component, in an order in which all of them work together. */
export const OPERATOR_COMPONENTS = [
  "monitoring",
  "metrics-auth",
  "dashboards",
  "network-policy",
  "pod-disruption-budget",
  "high-availability",
  "sharding",
] as const;

/** What a kustomization of a user's own makes; `fields` beside its kind. Paths begin with `deploy`. */
export function kustomized(fields: object): Promise<string> {
  const head = { apiVersion: "kustomize.config.k8s.io/v1beta1", kind: "Kustomization" };
  return besideDeploy((folder) =>
    writeFile(join(folder, "kustomization.yaml"), stringify({ ...head, ...fields })),
  );
}

/** `deploy` and these of its components. */
export function withComponents(...components: readonly string[]): Promise<string> {
  return kustomized({
    resources: ["deploy"],
    components: components.map((component) => `deploy/components/${component}`),
  });
}

/** What a folder of `deploy/samples/kustomize` makes once it is copied. */
export function kustomizedSample(sample: string): Promise<string> {
  return besideDeploy((folder) => cp(join(DEPLOY, "samples/kustomize", sample), folder, { recursive: true }));
}

/** Which components there are. */
export async function componentNames(): Promise<string[]> {
  return (await readdir(join(DEPLOY, "components"))).sort();
}

async function besideDeploy(write: (folder: string) => Promise<void>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "kustomize-"));
  try {
    // A copy, since kustomize follows links to where they lead.
    await cp(DEPLOY, join(folder, "deploy"), { recursive: true });
    await write(folder);
    return await kustomize(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}
