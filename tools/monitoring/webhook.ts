import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** What Alertmanager posts: https://prometheus.io/docs/alerting/latest/configuration/#webhook_config */
export interface Notification {
  /** Of the route that led here. */
  readonly receiver: string;
  /** `resolved` where every alert of it is. */
  readonly status: "firing" | "resolved";
  readonly groupKey: string;
  readonly groupLabels: Readonly<Record<string, string>>;
  readonly alerts: readonly NotifiedAlert[];
}

export interface NotifiedAlert {
  readonly status: "firing" | "resolved";
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt: string;
}

/** Whoever is paged. */
export interface Webhook {
  readonly url: string;
  /** All that came so far, in its order. */
  readonly notifications: readonly Notification[];
  stop(): Promise<void>;
}

/** Starts a receiver of Alertmanager's webhooks, at any path of a free port of 127.0.0.1. */
export async function startWebhook(): Promise<Webhook> {
  const notifications: Notification[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      try {
        notifications.push(JSON.parse(Buffer.concat(chunks).toString("utf8")) as Notification);
        response.end();
      } catch {
        response.writeHead(400).end();
      }
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    notifications,
    async stop() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
