/**
 * What test files use of a cluster: the shared control plane of `global-setup.ts`, or one of their own.
 * Every helper acts on the shared one as its administrator unless it is given another kubeconfig.
 */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll } from "vitest";
import { resolveBinaries } from "../../tools/control-plane/binaries.ts";
import {
  type ClusterAccess,
  type ControlPlane,
  type ControlPlaneOptions,
  startControlPlane,
} from "../../tools/control-plane/control-plane.ts";
import * as command from "../../tools/control-plane/kubectl.ts";
import type { CommandResult } from "../../tools/machine/command.ts";
import { applyCrds } from "./cluster-crds.ts";
import { sharedCluster } from "./cluster-shared.ts";

export type { ClusterAccess } from "../../tools/control-plane/control-plane.ts";
export { eventually } from "./cluster-eventually.ts";
export {
  kubeconfigForServiceAccount,
  operatorKubeconfig,
} from "./cluster-service-account.ts";
export { sharedCluster } from "./cluster-shared.ts";

/** With which kubeconfig (the shared administrator's by default), in which namespace, with what on stdin. */
export interface KubectlOptions {
  readonly kubeconfig?: string | undefined;
  readonly namespace?: string | undefined;
  readonly input?: string | undefined;
}

/**
 * Gives the calling file (or describe block) a namespace of its own, created before its tests, and returns its name.
 * It is never deleted, since no controller would empty it: the whole cluster goes.
 */
export function useNamespace(options: { prefix?: string; cluster?: () => ClusterAccess } = {}): string {
  const { prefix = "test", cluster = sharedCluster } = options;
  const name = `${prefix}-${randomUUID().slice(0, 8)}`;
  beforeAll(async () => {
    await kubectl(["create", "namespace", name], { kubeconfig: cluster().adminKubeconfigPath });
  });
  return name;
}

/** Runs kubectl and throws with its stderr when it fails. */
export function kubectl(args: readonly string[], options: KubectlOptions = {}): Promise<CommandResult> {
  return command.kubectlOrThrow(args, withIdentity(options));
}

/** Runs kubectl; failing is a result, for tests of refusals. */
export function tryKubectl(args: readonly string[], options: KubectlOptions = {}): Promise<CommandResult> {
  return command.kubectl(args, withIdentity(options));
}

/** Applies YAML or JSON, one document or many, server-side. Throws with the API server's words when it refuses. */
export async function applyYaml(yaml: string, options: Omit<KubectlOptions, "input"> = {}): Promise<void> {
  await kubectl(["apply", "--server-side", "--force-conflicts", "--filename=-"], { ...options, input: yaml });
}

/** Reads an object or a list, `getJson<Pod>(["pod", "web"], { namespace })`. The caller answers for the type. */
export async function getJson<T>(
  what: readonly string[],
  options: Omit<KubectlOptions, "input"> = {},
): Promise<T> {
  const { stdout } = await kubectl(["get", ...what, "--output=json"], options);
  return JSON.parse(stdout) as T;
}

/**
 * Gives the calling file a control plane of its own, with our CRDs unless `crds` is false, for tests that restart,
 * kill, configure or populate it. The returned function is good from `beforeAll` on.
 */
export function ownControlPlane({
  crds = true,
  ...options
}: Omit<ControlPlaneOptions, "binaries"> & { readonly crds?: boolean } = {}): () => ControlPlane {
  let controlPlane: ControlPlane | undefined;
  beforeAll(async () => {
    controlPlane = await startControlPlane({ ...options, binaries: await resolveBinaries() });
    if (crds) await applyCrds(controlPlane);
  });
  afterAll(() => controlPlane?.stop());
  return () => {
    if (!controlPlane)
      throw new Error("the control plane starts in beforeAll; ask for it in a hook or a test");
    return controlPlane;
  };
}

function withIdentity(options: KubectlOptions): command.KubectlOptions {
  return { ...options, kubeconfig: options.kubeconfig ?? sharedCluster().adminKubeconfigPath };
}
