import {
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  VariableRefresh,
  VariableSort,
} from "@grafana/grafana-foundation-sdk/dashboard";

/** The data source of every panel and variable: whichever Prometheus the reader chooses. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana's own notation for a variable's value.
export const DATASOURCE = { type: "prometheus", uid: "${datasource}" };

export function datasourceVariable(): DatasourceVariableBuilder {
  return new DatasourceVariableBuilder("datasource")
    .label("Data source")
    .description("The Prometheus that scrapes the operator")
    .type("prometheus");
}

export interface LabelVariable {
  readonly name: string;
  readonly label: string;
  readonly description: string;
  /** A metric with its selector, which may name the variables before this one. */
  readonly series: string;
}

/**
 * Values of the label of the variable's own name. All of them are chosen at first, as a pattern rather than a list:
 * an account that appears while the page is open must not stay unseen.
 */
export function labelVariable({ name, label, description, series }: LabelVariable): QueryVariableBuilder {
  const query = `label_values(${series}, ${name})`;
  return new QueryVariableBuilder(name)
    .label(label)
    .description(description)
    .datasource(DATASOURCE)
    .query({ qryType: 1, query, refId: `variable-${name}` })
    .definition(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.NaturalAsc)
    .multi(true)
    .includeAll(true)
    .allValue(".*")
    .current({ selected: true, text: ["All"], value: ["$__all"] });
}
