/** Starts the one control plane that all cluster tests share, each of them in a namespace of its own. */
import type { TestProject } from "vitest/node";
import { resolveBinaries } from "../../tools/control-plane/binaries.ts";
import { startControlPlane } from "../../tools/control-plane/control-plane.ts";
import { applyCrds } from "./cluster-crds.ts";
import "./cluster-provided.ts";

/** Vitest calls it once before the cluster tests, and what it resolves to after them. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const controlPlane = await startControlPlane({ binaries: await resolveBinaries() });
  try {
    await applyCrds(controlPlane);
  } catch (error) {
    await controlPlane.stop();
    throw error;
  }
  const { adminKubeconfigPath, caData, dataDir, issuer, jwksPath, url } = controlPlane;
  project.provide("cluster", { adminKubeconfigPath, caData, dataDir, issuer, jwksPath, url });
  return () => controlPlane.stop();
}
