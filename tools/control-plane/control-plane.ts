import { randomUUID } from "node:crypto";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Daemon } from "../machine/daemon.ts";
import { freePort } from "../machine/free-port.ts";
import { type Reaper, startReaper } from "../machine/reaper.ts";
import { apiGet } from "./api-client.ts";
import {
  type ApiServerSettings,
  apiServerUrl,
  readServerCertificates,
  startApiServerDaemon,
  untilServing,
} from "./api-server.ts";
import { auditArgs } from "./audit.ts";
import { compactEtcd, startEtcd } from "./etcd.ts";
import { writeIdentityFiles } from "./identity-files.ts";
import { type ServerIdentity, writeKubeconfig } from "./kubeconfig.ts";

/** Everything another process needs to use a control plane; plain data. */
export interface ClusterAccess extends ServerIdentity {
  /** A kubeconfig of an administrator (group `system:masters`). */
  readonly adminKubeconfigPath: string;
  /** Holds keys, kubeconfigs, logs and etcd's data; removed at the end. */
  readonly dataDir: string;
  /** The `iss` of ServiceAccount tokens. */
  readonly issuer: string;
  /** A file with the JSON Web Key Set that verifies ServiceAccount tokens. */
  readonly jwksPath: string;
}

/** How to start a control plane. */
export interface ControlPlaneOptions {
  /** The folder with `etcd` and `kube-apiserver`, see `resolveBinaries`. */
  readonly binaries: string;
  /** The `iss` of ServiceAccount tokens; `https://kubernetes.default.svc` by default. */
  readonly issuer?: string;
  /** Whether what ServiceAccounts ask is written down: {@link ControlPlane.auditLogPath}. */
  readonly audit?: boolean;
  /** Further arguments of kube-apiserver, such as `--event-ttl=1m`. */
  readonly apiServerArgs?: readonly string[];
}

/** A running etcd and kube-apiserver. No controller runs: nothing is garbage collected and no namespace ends. */
export interface ControlPlane extends ClusterAccess {
  /** Events of `audit.k8s.io/v1` as JSON lines, each written before its request is answered; a file where there is an audit. */
  readonly auditLogPath: string;
  /** The JSON Web Key Set as the API server publishes it, as JSON text. */
  jwks(): Promise<string>;
  /** Writes a kubeconfig for a bearer token and resolves to its path, by default a new one in the data folder. */
  kubeconfigFor(user: { token: string; namespace: string; path?: string }): Promise<string>;
  /** Ends the API server with `kill` (SIGTERM by default), waits `downMs` and starts it again. */
  restartApiServer(how?: { kill?: NodeJS.Signals; downMs?: number }): Promise<void>;
  /** Ends the API server, by default with SIGTERM, and resolves when it has ended; etcd stays. */
  stopApiServer(kill?: NodeJS.Signals): Promise<void>;
  /** Starts an API server that does not run, with the same address, keys, tokens and data; resolves when it serves. */
  startApiServer(): Promise<void>;
  /** Has etcd forget every revision but the last; what the API server still has in memory, it still serves. */
  compact(): Promise<void>;
  /** Ends everything at once and removes the data folder. Once is enough, twice does no harm. */
  stop(): Promise<void>;
}

const DEFAULT_ISSUER = "https://kubernetes.default.svc";

/**
 * Starts etcd and kube-apiserver on free ports of the loopback with new keys and an empty store, in about 3 s.
 * Both end and their folder is removed with {@link ControlPlane.stop}, or when this process dies.
 * Throws with the last words of the server that did not start.
 */
export async function startControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const dataDir = await mkdtemp(join(tmpdir(), "control-plane-"));
  const reaper = await startReaper(dataDir);
  try {
    return await start(options, dataDir, reaper);
  } catch (error) {
    await reaper.finish();
    throw error;
  }
}

async function start(options: ControlPlaneOptions, dataDir: string, reaper: Reaper): Promise<ControlPlane> {
  const identity = await writeIdentityFiles(dataDir);
  const etcd = await startEtcd(options.binaries, dataDir);
  const auditLogPath = join(dataDir, "audit.log");
  const settings: ApiServerSettings = {
    binaries: options.binaries,
    dataDir,
    port: await freePort(),
    etcdUrl: etcd.url,
    issuer: options.issuer ?? DEFAULT_ISSUER,
    identity,
    extraArgs: [
      ...(options.audit ? await auditArgs(dataDir, auditLogPath) : []),
      ...(options.apiServerArgs ?? []),
    ],
  };

  let apiServer: Daemon | undefined;
  const tellReaper = () =>
    reaper.watch([etcd.daemon, apiServer].flatMap((daemon) => (daemon?.running() ? [daemon.pid] : [])));

  async function startApiServer(): Promise<void> {
    if (apiServer?.running()) throw new Error("the API server runs already; stop it first");
    apiServer = await startApiServerDaemon(settings);
    tellReaper();
    await untilServing(apiServer, settings);
  }

  async function stopApiServer(kill?: NodeJS.Signals): Promise<void> {
    await apiServer?.stop(kill);
    tellReaper();
  }

  tellReaper();
  await startApiServer();

  const url = apiServerUrl(settings);
  const ca = await readServerCertificates(settings);
  const server = { url, caData: Buffer.from(ca).toString("base64") };
  const adminKubeconfigPath = join(dataDir, "admin.kubeconfig");
  await writeKubeconfig(adminKubeconfigPath, server, { token: identity.adminToken, namespace: "default" });

  async function jwks(): Promise<string> {
    const { status, body } = await apiGet({ url, ca, token: identity.adminToken }, "/openid/v1/jwks");
    if (status !== 200) throw new Error(`${url}/openid/v1/jwks answered ${status}: ${body}`);
    return body;
  }
  const jwksPath = join(dataDir, "jwks.json");
  await writeFile(jwksPath, await jwks());

  return {
    ...server,
    adminKubeconfigPath,
    dataDir,
    issuer: settings.issuer,
    jwksPath,
    auditLogPath,
    jwks,
    async kubeconfigFor({ token, namespace, path = join(dataDir, `${randomUUID()}.kubeconfig`) }) {
      await writeKubeconfig(path, server, { token, namespace });
      return path;
    },
    startApiServer,
    stopApiServer,
    compact: () => compactEtcd(etcd.url),
    async restartApiServer({ kill, downMs = 0 } = {}) {
      await stopApiServer(kill);
      await sleep(downMs);
      await startApiServer();
    },
    async stop() {
      await Promise.all([apiServer?.stop("SIGKILL"), etcd.daemon.stop("SIGKILL")]);
      tellReaper();
      await reaper.finish();
    },
  };
}
