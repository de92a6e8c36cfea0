import { kubectlOrThrow } from "./kubectl.ts";

/** What to ask the TokenRequest API for. */
export interface TokenOptions {
  /** At least 600, the API server's minimum. */
  readonly expirationSeconds: number;
  /** Who shall accept the token; omitted: the API server itself. */
  readonly audiences?: readonly string[] | undefined;
}

/** Mints a token of an existing ServiceAccount through the TokenRequest API, as an administrator. */
export async function mintServiceAccountToken(
  cluster: { readonly adminKubeconfigPath: string },
  namespace: string,
  name: string,
  options: TokenOptions,
): Promise<string> {
  const args = ["create", "token", name, `--duration=${options.expirationSeconds}s`];
  for (const audience of options.audiences ?? []) args.push(`--audience=${audience}`);
  const { stdout } = await kubectlOrThrow(args, { kubeconfig: cluster.adminKubeconfigPath, namespace });
  return stdout.trim();
}
