import { createHash } from "node:crypto";
import type { AgentOptions, RequestOptions } from "node:https";
import type { ConnectionOptions } from "node:tls";
import type { KubeConfig } from "@kubernetes/client-node/dist/config.js";
import { Agent, type buildConnector, type Dispatcher, ProxyAgent, Socks5ProxyAgent } from "undici";

/** What one request needs to reach the API server as the user of the kubeconfig. */
export interface Access {
  readonly dispatcher: Dispatcher;
  readonly origin: string;
  /** The path of the server's URL without a slash at its end: "" unless it stands behind a path of a gateway. */
  readonly basePath: string;
  /** Authentication and impersonation; secret. */
  readonly headers: Readonly<Record<string, string>>;
}

/** An idle connection is kept for less than what load balancers (60 s) and the API server (90 s) grant it. */
const KEEP_ALIVE_MS = 30_000;

/**
 * One pool of connections for all requests. client-node builds a new one, with a TLS handshake, for each request;
 * here it is replaced only when certificates, keys or CA changed, or when it is told to.
 *
 * HTTP/1.1 rather than HTTP/2: a watch then has a connection of its own, and a connection that hangs or is cut
 * takes one request with it, not all of them.
 */
export class Connection {
  readonly #kubeConfig: KubeConfig;
  #pool: { readonly dispatcher: Dispatcher; readonly identity: string } | undefined;
  /** Replaced, but still carrying a watch. */
  readonly #retired = new Set<Dispatcher>();

  constructor(kubeConfig: KubeConfig) {
    this.#kubeConfig = kubeConfig;
  }

  /**
   * Asks the kubeconfig for credentials anew, which reads rotated token and certificate files and runs exec plugins.
   * @throws {Error} where the kubeconfig names no cluster or its credentials cannot be had.
   */
  async access(): Promise<Access> {
    const cluster = this.#kubeConfig.getCurrentCluster();
    if (cluster === null) {
      throw new Error(
        `the kubeconfig's context "${this.#kubeConfig.getCurrentContext()}" names no known cluster`,
      );
    }
    const url = new URL(cluster.server);
    const options: RequestOptions = {};
    await this.#kubeConfig.applyToHTTPSOptions(options);
    return {
      dispatcher: this.#dispatcher(options),
      origin: url.origin,
      basePath: url.pathname.replace(/\/+$/, ""),
      headers: authenticationHeaders(options),
    };
  }

  /** Lets `dispatcher` finish what it carries and makes the next request connect anew. */
  retire(dispatcher: Dispatcher): void {
    if (this.#pool?.dispatcher === dispatcher) this.#pool = undefined;
    this.#retired.add(dispatcher);
    dispatcher
      .close()
      // Closed already, by a retirement of its own.
      .catch(() => undefined)
      .finally(() => this.#retired.delete(dispatcher));
  }

  /** Ends all connections and what runs on them. */
  async close(): Promise<void> {
    const dispatchers = [...this.#retired, ...(this.#pool === undefined ? [] : [this.#pool.dispatcher])];
    this.#pool = undefined;
    await Promise.all(dispatchers.map((dispatcher) => dispatcher.destroy()));
  }

  #dispatcher(options: RequestOptions): Dispatcher {
    const identity = tlsIdentity(options);
    if (this.#pool?.identity === identity) return this.#pool.dispatcher;
    if (this.#pool !== undefined) this.retire(this.#pool.dispatcher);
    const dispatcher = this.#createDispatcher(options);
    this.#pool = { dispatcher, identity };
    return dispatcher;
  }

  #createDispatcher({
    ca,
    cert,
    key,
    pfx,
    passphrase,
    rejectUnauthorized,
    servername,
  }: RequestOptions): Dispatcher {
    const tls = { ca, cert, key, pfx, passphrase, rejectUnauthorized, servername };
    const cluster = this.#kubeConfig.getCurrentCluster();
    const wanted = this.#kubeConfig.createDispatcherOptions(cluster, tls as AgentOptions);
    const pool = { allowH2: false, keepAliveTimeout: KEEP_ALIVE_MS };
    switch (wanted.type) {
      case "proxy": {
        const { uri, requestTls, connect } = wanted;
        return new ProxyAgent({
          ...pool,
          uri,
          requestTls: forUndici(requestTls),
          connect: forUndici(connect),
        });
      }
      case "socks":
        return new Socks5ProxyAgent(wanted.uri, { ...pool, requestTls: forUndici(wanted.requestTls) });
      case "agent":
        return new Agent({ ...pool, connect: forUndici(wanted.connect) });
      case "none":
        return new Agent(pool);
    }
  }
}

/** The same options in undici's type, which wants absent fields where Node's allows undefined ones. */
function forUndici(options: ConnectionOptions): buildConnector.BuildOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

/** A token file that ends in a line feed would make an invalid header: values are trimmed. */
function authenticationHeaders({ auth, headers = {} }: RequestOptions): Record<string, string> {
  const result: Record<string, string> = {};
  if (auth) result["Authorization"] = `Basic ${Buffer.from(auth).toString("base64")}`;
  for (const [name, value] of Object.entries(headers)) result[name] = String(value).trim();
  return result;
}

/** The options that decide whom a connection belongs to; hashed, so that no key stays in memory for this. */
function tlsIdentity({ ca, cert, key, pfx, servername, rejectUnauthorized }: RequestOptions): string {
  const hash = createHash("sha256");
  for (const part of [ca, cert, key, pfx, servername, rejectUnauthorized]) hash.update(`${String(part)}\0`);
  return hash.digest("hex");
}
