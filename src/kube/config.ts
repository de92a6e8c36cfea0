import { accessSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { KubeConfig } from "@kubernetes/client-node/dist/config.js";
import { safeText } from "../api/safe-text.ts";

/** Where a pod finds its ServiceAccount's token, the cluster's CA and its own namespace. */
const SERVICE_ACCOUNT_DIR = "/var/run/secrets/kubernetes.io/serviceaccount";

/** Which cluster to talk to, and as whom. */
export interface KubeConfigChoice {
  /** A file's path, before all else. */
  readonly kubeconfig?: string | undefined;
  /** A context of the kubeconfig rather than its current one. */
  readonly context?: string | undefined;
  /** `process.env` by default. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/**
 * Takes the first that there is: the file it is given; the files that `KUBECONFIG` lists; the pod's ServiceAccount;
 * `~/.kube/config`.
 * @throws {Error} that says what was tried, or what is wrong with the one that was found.
 */
export function loadKubeConfig({
  kubeconfig,
  context,
  env = process.env,
}: KubeConfigChoice = {}): KubeConfig {
  const listed = (env["KUBECONFIG"] ?? "").split(delimiter).filter((path) => path !== "");
  const home = join(env["HOME"] || homedir(), ".kube", "config");
  const tokenPath = `${SERVICE_ACCOUNT_DIR}/token`;

  if (kubeconfig !== undefined) return fromFiles([kubeconfig], context);
  if (listed.length > 0) return fromFiles(listed, context);
  if (env["KUBERNETES_SERVICE_HOST"] && exists(tokenPath)) {
    const inCluster = new KubeConfig();
    inCluster.loadFromCluster();
    return inCluster;
  }
  if (exists(home)) return fromFiles([home], context);
  throw new Error(
    "No way to a Kubernetes API server was found. Tried --kubeconfig (not given), KUBECONFIG (not set), the pod's " +
      `ServiceAccount (needs KUBERNETES_SERVICE_HOST and ${tokenPath}) and ${home} (does not exist).`,
  );
}

/** Where {@link ownNamespace} looks first. */
export interface NamespaceSources {
  /** The value of `POD_NAMESPACE`. */
  readonly podNamespace?: string | undefined;
  /** The file in which a pod finds its namespace; Kubernetes' path by default. */
  readonly file?: string;
}

/** The namespace that this process lives in: POD_NAMESPACE, else the pod's file, else the context's, else `default`. */
export function ownNamespace(kubeConfig: KubeConfig, sources: NamespaceSources = {}): string {
  const { podNamespace, file = `${SERVICE_ACCOUNT_DIR}/namespace` } = sources;
  if (podNamespace) return podNamespace;
  const mounted = exists(file) ? readFileSync(file, "utf8").trim() : "";
  return mounted || kubeConfig.getContextObject(kubeConfig.getCurrentContext())?.namespace || "default";
}

function fromFiles(paths: readonly string[], context: string | undefined): KubeConfig {
  const present = paths.filter(exists);
  if (present.length === 0) throw new Error(`The kubeconfig cannot be read: ${paths.join(", ")}`);
  const result = new KubeConfig();
  for (const [index, path] of present.entries()) {
    const one = index === 0 ? result : new KubeConfig();
    try {
      one.loadFromFile(path);
      if (one !== result) result.mergeConfig(one, Boolean(result.getCurrentContext()));
    } catch (error) {
      // Not as its cause: logs tell causes, and YAML's errors quote the lines around, which hold tokens and keys.
      throw new Error(`The kubeconfig ${path} cannot be used: ${reasonOf(error)}`);
    }
  }
  return select(result, context, present);
}

/** Why a kubeconfig cannot be used, without anything that it holds beside names. */
function reasonOf(error: unknown): string {
  // Even the first line of such a message may hold a secret: that of a password that begins with an asterisk does.
  if (error instanceof Error && error.name === "YAMLException") return `it is not YAML${placeOf(error)}`;
  if (!(error instanceof Error) || error instanceof TypeError) return "it is not a kubeconfig";
  return safeText(error.message);
}

function placeOf(
  error: Error & { readonly mark?: { readonly line?: number; readonly column?: number } },
): string {
  const { line, column } = error.mark ?? {};
  return line === undefined || column === undefined ? "" : ` at line ${line + 1}, column ${column + 1}`;
}

function select(kubeConfig: KubeConfig, context: string | undefined, paths: readonly string[]): KubeConfig {
  if (context !== undefined) kubeConfig.setCurrentContext(context);
  if (kubeConfig.getCurrentCluster() !== null) return kubeConfig;
  const known = kubeConfig.getContexts().map(({ name }) => name);
  throw new Error(
    safeText(
      `The context "${kubeConfig.getCurrentContext() ?? ""}" of the kubeconfig ${paths.join(", ")} names no known ` +
        `cluster. Its contexts: ${known.join(", ") || "none"}.`,
      2_048,
    ),
  );
}

function exists(path: string): boolean {
  try {
    accessSync(path);
    return true;
  } catch {
    return false;
  }
}
