import { writeFile } from "node:fs/promises";
import { stringify } from "yaml";

/** Where an API server is and how to know that it is the right one. */
export interface ServerIdentity {
  /** `https://127.0.0.1:<port>` */
  readonly url: string;
  /** Base64 of the PEM certificates to trust, as a kubeconfig's `certificate-authority-data` has it. */
  readonly caData: string;
}

/** Writes a kubeconfig with one context to `path`, readable by its owner only, since it carries the token. */
export async function writeKubeconfig(
  path: string,
  server: ServerIdentity,
  user: { readonly token: string; readonly namespace: string },
): Promise<void> {
  const name = "control-plane";
  const config = {
    apiVersion: "v1",
    kind: "Config",
    "current-context": name,
    clusters: [{ name, cluster: { server: server.url, "certificate-authority-data": server.caData } }],
    users: [{ name, user: { token: user.token } }],
    contexts: [{ name, context: { cluster: name, user: name, namespace: user.namespace } }],
  };
  await writeFile(path, stringify(config), { mode: 0o600 });
}
