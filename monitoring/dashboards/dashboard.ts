import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import {
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  type Panel,
  RowBuilder,
  type VariableModel,
} from "@grafana/grafana-foundation-sdk/dashboard";

/** On both dashboards; each links to the others that have it. */
const TAG = "aws-account-scan-operator";

/** Panels under one heading, from left to right and line by line; each line fills the grid's 24 columns. */
export interface Row {
  readonly title: string;
  readonly panels: readonly Builder<Panel>[];
}

export interface DashboardSpec {
  /** In the page's address: never to change. */
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  /** How far back it looks, such as `24h`. */
  readonly range: string;
  /** How often it asks again, such as `1m`. */
  readonly refresh: string;
  readonly variables: readonly Builder<VariableModel>[];
  readonly rows: readonly Row[];
}

export function dashboard(spec: DashboardSpec): Dashboard {
  const builder = new DashboardBuilder(spec.title)
    .uid(spec.uid)
    .description(spec.description)
    .tags([TAG, "compliance", "sagemaker"])
    .timezone("browser")
    .time({ from: `now-${spec.range}`, to: "now" })
    .refresh(spec.refresh)
    .tooltip(DashboardCursorSync.Crosshair)
    .editable()
    .annotations([])
    .variables([...spec.variables])
    .link(
      new DashboardLinkBuilder("AWS account scans")
        .type(DashboardLinkType.Dashboards)
        .tags([TAG])
        .icon("external link")
        .tooltip("The other dashboard of the operator, for the same data source and time")
        .includeVars(true)
        .keepTime(true),
    );
  for (const { title, panels } of spec.rows) {
    builder.withRow(new RowBuilder(title));
    for (const panel of panels) builder.withPanel(panel);
  }
  return numbered(builder.build());
}

/** Ids in the order of the page, so that links to single panels last as long as that order. */
function numbered(built: Dashboard): Dashboard {
  return { ...built, panels: built.panels?.map((panel, at) => ({ ...panel, id: at + 1 })) ?? [] };
}
