import { dirname, join } from "node:path";
import { CommandNotFoundError, type CommandResult, run } from "../machine/command.ts";

/** How to call kubectl: with which identity, in which namespace, and with what on its stdin. */
export interface KubectlOptions {
  readonly kubeconfig: string;
  readonly namespace?: string | undefined;
  readonly input?: string | undefined;
}

/**
 * Runs kubectl. A failing kubectl is a result; a missing one throws. Its discovery cache lives beside the
 * kubeconfig: the usual place is keyed by host and port, and a port met again would bring another server's types.
 */
export async function kubectl(args: readonly string[], options: KubectlOptions): Promise<CommandResult> {
  const cache = join(dirname(options.kubeconfig), "kubectl-cache");
  const identity = [`--kubeconfig=${options.kubeconfig}`, `--cache-dir=${cache}`];
  if (options.namespace !== undefined) identity.push(`--namespace=${options.namespace}`);
  try {
    return await run("kubectl", [...identity, ...args], { input: options.input });
  } catch (error) {
    if (!(error instanceof CommandNotFoundError)) throw error;
    throw new Error(
      "kubectl was not found in PATH. Install it (https://kubernetes.io/docs/tasks/tools/); any version from 1.32 will do.",
      { cause: error },
    );
  }
}

/** Like {@link kubectl}, and throws with kubectl's stderr when it fails. */
export async function kubectlOrThrow(
  args: readonly string[],
  options: KubectlOptions,
): Promise<CommandResult> {
  const result = await kubectl(args, options);
  if (result.code === 0) return result;
  throw new Error(`kubectl ${args.join(" ")} failed with code ${result.code}: ${result.stderr.trim()}`);
}
