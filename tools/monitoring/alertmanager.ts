import { join } from "node:path";
import { getJson } from "./json-api.ts";
import { type Server, startServer } from "./server.ts";

/** An alert as Alertmanager has it. */
export interface RoutedAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly receivers: readonly { readonly name: string }[];
  readonly status: { readonly state: "unprocessed" | "active" | "suppressed" };
}

/** An Alertmanager that runs, alone. */
export interface Alertmanager extends Server {
  /** The alerts that have not ended. https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml */
  alerts(): Promise<readonly RoutedAlert[]>;
}

/** Starts Alertmanager with `config`, YAML; see {@link startServer}. */
export async function startAlertmanager(setup: {
  readonly program: string;
  readonly config: string;
}): Promise<Alertmanager> {
  const server = await startServer({
    program: setup.program,
    files: { "alertmanager.yaml": setup.config },
    args: (address, folder) => [
      `--config.file=${join(folder, "alertmanager.yaml")}`,
      `--storage.path=${join(folder, "data")}`,
      `--web.listen-address=${address}`,
      `--web.external-url=http://${address}`,
      // No cluster: it would listen on every address and wait for peers before its first notification.
      "--cluster.listen-address=",
    ],
  });
  return { ...server, alerts: () => getJson(`${server.url}/api/v2/alerts`) };
}
