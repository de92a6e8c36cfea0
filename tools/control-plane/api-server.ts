import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Daemon, startDaemon, untilReady } from "../machine/daemon.ts";
import { apiGet } from "./api-client.ts";
import type { IdentityFiles } from "./identity-files.ts";

/** What stays the same over all restarts of one API server. */
export interface ApiServerSettings {
  readonly binaries: string;
  readonly dataDir: string;
  readonly port: number;
  readonly etcdUrl: string;
  readonly issuer: string;
  readonly identity: IdentityFiles;
  readonly extraArgs: readonly string[];
}

/** Ready in 3 s on an idle machine; a loaded one takes its time. */
const READY_TIMEOUT_MS = 120_000;

/** Where the API server listens: always the same port of the loopback. */
export function apiServerUrl(settings: ApiServerSettings): string {
  return `https://127.0.0.1:${settings.port}`;
}

/** The PEM certificates that the API server made for itself at its first start: its own and its authority's. */
export function readServerCertificates(settings: ApiServerSettings): Promise<string> {
  return readFile(join(certificateFolder(settings), "apiserver.crt"), "utf8");
}

/** Starts kube-apiserver; {@link untilServing} tells when it serves. */
export function startApiServerDaemon(settings: ApiServerSettings): Promise<Daemon> {
  const { dataDir, identity } = settings;
  return startDaemon(
    join(settings.binaries, "kube-apiserver"),
    [
      `--etcd-servers=${settings.etcdUrl}`,
      "--bind-address=127.0.0.1",
      // Without it the server looks for a default route and refuses to start on a machine that has none.
      "--advertise-address=127.0.0.1",
      // A loopback address is no valid endpoint of the Service "kubernetes"; nobody needs that Service here.
      "--endpoint-reconciler-type=none",
      `--secure-port=${settings.port}`,
      `--cert-dir=${certificateFolder(settings)}`,
      `--service-account-issuer=${settings.issuer}`,
      `--service-account-key-file=${identity.verifyingKeyPath}`,
      `--service-account-signing-key-file=${identity.signingKeyPath}`,
      `--token-auth-file=${identity.tokensPath}`,
      "--authorization-mode=RBAC",
      "--service-cluster-ip-range=10.0.0.0/24",
      // It waits for the default ServiceAccounts that only a kube-controller-manager makes.
      "--disable-admission-plugins=ServiceAccount",
      // Zero, the default, lets an open watch hold up the server's orderly end for a minute.
      "--shutdown-watch-termination-grace-period=1s",
      ...settings.extraArgs,
    ],
    join(dataDir, "kube-apiserver.log"),
  );
}

/**
 * Resolves when the API server is ready and has made the namespace `default`, which /readyz does not wait for.
 * Throws with the server's last words when it ends instead.
 */
export async function untilServing(daemon: Daemon, settings: ApiServerSettings): Promise<void> {
  const url = apiServerUrl(settings);
  const token = settings.identity.adminToken;
  await untilReady(daemon, READY_TIMEOUT_MS, async () => {
    const server = { url, token, ca: await readServerCertificates(settings) };
    for (const path of ["/readyz", "/api/v1/namespaces/default"]) {
      if ((await apiGet(server, path)).status !== 200) return false;
    }
    return true;
  });
}

function certificateFolder(settings: ApiServerSettings): string {
  return join(settings.dataDir, "certificates");
}
