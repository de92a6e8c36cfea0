import { fleetCompliance } from "../../monitoring/dashboards/fleet-compliance.ts";
import { operatorHealth } from "../../monitoring/dashboards/operator-health.ts";
import type { GeneratedFile } from "./files.ts";

/** Where dashboards are for whoever imports them or uses kustomize, and where the chart reads them. */
const FOLDERS = ["deploy/grafana/", "charts/aws-account-scan-operator/monitoring/dashboards/"].map(
  (path) => new URL(`../../${path}`, import.meta.url),
);

/** The dashboards in Grafana's JSON, each in both places. */
export function dashboardFiles(): readonly GeneratedFile[] {
  const dashboards = { "fleet-compliance": fleetCompliance(), "operator-health": operatorHealth() };
  return Object.entries(dashboards).flatMap(([name, dashboard]) => {
    const text = `${JSON.stringify(dashboard, null, 2)}\n`;
    return FOLDERS.map((folder) => ({ file: new URL(`${name}.json`, folder), text }));
  });
}
