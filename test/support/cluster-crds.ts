import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { kubectlOrThrow } from "../../tools/control-plane/kubectl.ts";
import { eventually } from "./cluster-eventually.ts";

const OURS = fileURLToPath(new URL("../../deploy/crds/", import.meta.url));

/** Applies every CRD in `folder`, by default `deploy/crds/`, and resolves when the API server serves their objects. */
export async function applyCrds(
  cluster: { readonly adminKubeconfigPath: string },
  folder: string = OURS,
): Promise<void> {
  const files = (await readdir(folder)).filter((name) => /\.ya?ml$/.test(name));
  if (files.length === 0) return;
  const options = { kubeconfig: cluster.adminKubeconfigPath };
  const source = `--filename=${folder}`;
  const { stdout } = await kubectlOrThrow(["apply", "--server-side", source, "--output=name"], options);
  // kubectl refuses to wait for a CRD that has no conditions at all yet.
  await eventually(
    () => kubectlOrThrow(["wait", "--for=condition=Established", "--timeout=60s", source], options),
    { describe: `the CRDs of ${folder} are established` },
  );
  // Established is written before the server's own handlers have seen it.
  for (const crd of stdout.trim().split("\n")) {
    const type = crd.slice(crd.indexOf("/") + 1);
    await eventually(() => kubectlOrThrow(["get", type, "--all-namespaces"], options), {
      describe: `the API server serves ${type}`,
    });
  }
}
