import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import type { Dataquery } from "@grafana/grafana-foundation-sdk/prometheus";

/** A query of a dashboard as Prometheus gets it. */
export interface DashboardQuery {
  /** The title of the panel, or `variable` and the name of the variable. */
  readonly panel: string;
  readonly expr: string;
}

/** What Grafana fills in by itself, for a page of an hour and scrapes every 15 seconds. */
const BUILT_IN: Readonly<Record<string, string>> = {
  __rate_interval: "1m",
  __interval: "15s",
  __range: "1h",
};

/**
 * Every query of the panels, with variables filled in: by `chosen`, else as with «All».
 * @throws where one names a variable that the dashboard does not have.
 */
export function dashboardQueries(
  dashboard: Dashboard,
  chosen: Readonly<Record<string, string>> = {},
): readonly DashboardQuery[] {
  const fill = filler(dashboard, chosen);
  return (dashboard.panels ?? []).flatMap((panel) =>
    "targets" in panel
      ? (panel.targets ?? []).map((target) => ({
          panel: panel.title ?? "",
          expr: fill((target as Dataquery).expr),
        }))
      : [],
  );
}

/** The series that the variables take their values from, in PromQL. */
export function variableQueries(
  dashboard: Dashboard,
  chosen: Readonly<Record<string, string>> = {},
): readonly DashboardQuery[] {
  const fill = filler(dashboard, chosen);
  return (dashboard.templating?.list ?? []).flatMap(({ name, definition }) => {
    const [, series, label] = /^label_values\((.+), (\w+)\)$/.exec(definition ?? "") ?? [];
    if (series === undefined) return [];
    return [{ panel: `variable ${name}`, expr: `group by (${label}) (${fill(series)})` }];
  });
}

function filler({ templating }: Dashboard, chosen: Readonly<Record<string, string>>) {
  const all = Object.fromEntries((templating?.list ?? []).map(({ name, allValue }) => [name, allValue]));
  const values: Readonly<Record<string, string | undefined>> = { ...all, ...BUILT_IN, ...chosen };
  return (expr: string) =>
    expr.replaceAll(/\$\{?([A-Za-z_]\w*)\}?/g, (text, name: string) => {
      const value = values[name];
      if (value === undefined) throw new Error(`${text} is no variable with a value: ${expr}`);
      return value;
    });
}
