/** The real Helm. */
import { dirname } from "node:path";
import { cacheFolder } from "../machine/cache-folder.ts";
import { type CommandResult, run } from "../machine/command.ts";
import { type GoProgram, goProgram } from "../machine/go-program.ts";

const HELM: GoProgram = {
  name: "helm",
  module: "helm.sh/helm/v4",
  version: "v4.3.1",
  package: "cmd/helm",
  takes: "2 to 5 minutes",
};

export interface HelmOptions {
  /** Of the cluster; nothing where the command asks none. */
  readonly kubeconfig?: string | undefined;
  /** For `--values=-`. */
  readonly input?: string | undefined;
}

/** Finds Helm, or builds it: slow on the first run of a machine. */
export function prepareHelm(): Promise<string> {
  return goProgram(HELM);
}

/**
 * Runs Helm with nobody's own settings, repositories or plugins. A command that fails is a result. What it remembers of
 * a cluster lies beside the kubeconfig: it is keyed by host and port, and a port met again would bring another
 * server's types.
 */
export async function helm(
  args: readonly string[],
  { kubeconfig, input }: HelmOptions = {},
): Promise<CommandResult> {
  const home = kubeconfig === undefined ? cacheFolder(process.env, "helm-home") : dirname(kubeconfig);
  const env = {
    PATH: process.env["PATH"],
    HOME: home,
    HELM_CACHE_HOME: home,
    HELM_CONFIG_HOME: home,
    HELM_DATA_HOME: home,
    ...(kubeconfig === undefined ? {} : { KUBECONFIG: kubeconfig }),
  };
  return run(await prepareHelm(), args, { env, input });
}
