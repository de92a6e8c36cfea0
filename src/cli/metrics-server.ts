import { Server } from "node:https";
import { hostname } from "node:os";
import type { KubeConfig } from "@kubernetes/client-node/dist/config.js";
import type { Logger } from "pino";
import type { MetricsOptions } from "../config/operator-options.ts";
import { Gate } from "../http/auth/gate.ts";
import { METRICS_PATH, type MetricsServerOptions, metricsServer } from "../http/metrics.ts";
import { listen } from "../http/server.ts";
import { keyPairFiles } from "../http/tls/files.ts";
import { KeyPairFollower } from "../http/tls/follow.ts";
import { checkKeyPair, type KeyPairSource, serverTls } from "../http/tls/serving.ts";
import { KubeClient } from "../kube/client.ts";
import { KubeReviews } from "../kube/reviews.ts";

/** What the server is made of, besides its options. */
export interface MetricsParts {
  readonly expose: MetricsServerOptions["expose"];
  readonly kubeConfig: KubeConfig;
  readonly userAgent: string;
  readonly log: Logger;
}

/** Both reviews of a scrape together stay below the 10 s that Prometheus waits by default. */
const REVIEW_TIMEOUT_MS = 4_000;

/**
 * Serves `/metrics` as the options have it: plain, over TLS, or over TLS for those whom the API server lets. Resolves
 * when it listens.
 * @throws where the port is taken, or a certificate or key cannot be used.
 */
export async function startMetricsServer(
  options: MetricsOptions,
  { expose, kubeConfig, userAgent, log }: MetricsParts,
): Promise<{ close(): Promise<void> }> {
  const source = await keyPairSource(options);
  const pair = await source?.();
  // Its own client: scrapers do not wait for as long as the controller does.
  const client = options.auth
    ? new KubeClient(kubeConfig, { userAgent, requestTimeoutMs: REVIEW_TIMEOUT_MS })
    : undefined;
  const now = () => performance.now();
  const gate =
    client &&
    new Gate({
      reviewer: new KubeReviews(client),
      path: METRICS_PATH,
      log: log.child({ server: "metrics" }),
      now,
    });
  const server = metricsServer({ expose, gate, tls: pair && serverTls(pair) });
  await listen(server, "metrics", options.port, log);
  let follower: KeyPairFollower | undefined;
  if (source !== undefined && pair !== undefined && server.server instanceof Server) {
    const selfSigned = options.tls === undefined;
    log.info({ ...checkKeyPair(pair), selfSigned, auth: options.auth }, "metrics are served over TLS");
    follower = new KeyPairFollower({ server: server.server, source, pair, log });
    follower.start();
  }
  return {
    async close() {
      follower?.stop();
      await server.close();
      await client?.close();
    },
  };
}

/** Undefined: no TLS. */
async function keyPairSource({ auth, tls }: MetricsOptions): Promise<KeyPairSource | undefined> {
  if (tls !== undefined) return keyPairFiles(tls.certFile, tls.keyFile);
  if (!auth) return undefined;
  // A token is never asked for in the clear.
  const { selfSignedSource } = await import("../http/tls/self-signed.ts");
  return selfSignedSource(hostname(), Date.now);
}
