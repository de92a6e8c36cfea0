import {
  TableCellDisplayMode,
  TableCellHeight,
  TableSortByFieldStateBuilder,
} from "@grafana/grafana-foundation-sdk/common";
import type { DynamicConfigValue } from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder as TableBuilder } from "@grafana/grafana-foundation-sdk/table";
import { instant, type PanelSpec, withCommon } from "./panels.ts";
import { mappings, type Step, thresholds, type Words } from "./thresholds.ts";

export interface Link {
  readonly title: string;
  /** May name the row's other fields: `${__data.fields.<label>:percentencode}`. */
  readonly url: string;
}

export interface Column {
  /** A label of the series, or, of a query, `valuesOf(its name)`. */
  readonly field: string;
  readonly title: string;
  readonly unit?: string;
  readonly steps?: readonly Step[];
  readonly words?: Words;
  readonly links?: readonly Link[];
  readonly width?: number;
  /** There for links of other columns, not to be seen. */
  readonly hidden?: boolean;
}

export interface TableSpec extends Omit<PanelSpec, "unit"> {
  /** By name. Their rows are joined by the labels that all of them have. */
  readonly queries: Readonly<Record<string, string>>;
  readonly columns: readonly Column[];
  /** The field by which rows are sorted. */
  readonly sortBy: string;
  readonly descending?: boolean;
}

/** The field with the values of the query of that name in a table of several queries; of one, it is `Value`. */
export function valuesOf(query: string): string {
  return `Value #${query}`;
}

/** Rows as of the end of the time range. */
export function table(spec: TableSpec): TableBuilder {
  const { queries, columns, sortBy, descending = true } = spec;
  const sorted = columns.find(({ field }) => field === sortBy);
  const builder = withCommon(new TableBuilder(), { ...spec, unit: "string" })
    .targets(Object.entries(queries).map(([name, expr]) => instant(name, expr, undefined, true)))
    .withTransformation({ id: "merge", options: {} })
    .withTransformation({
      id: "organize",
      options: {
        excludeByName: { Time: true },
        indexByName: Object.fromEntries(columns.map(({ field }, at) => [field, at])),
        renameByName: {},
      },
    })
    .filterable(true)
    .cellHeight(TableCellHeight.Sm)
    .sortBy([new TableSortByFieldStateBuilder().displayName(sorted?.title ?? sortBy).desc(descending)]);
  for (const column of columns) builder.overrideByName(column.field, properties(column));
  return builder;
}

function properties({ title, unit, steps, words, links, width, hidden }: Column): DynamicConfigValue[] {
  const properties: DynamicConfigValue[] = [{ id: "displayName", value: title }];
  if (unit !== undefined) properties.push({ id: "unit", value: unit });
  if (words !== undefined) properties.push({ id: "mappings", value: mappings(words, "unknown") });
  if (steps !== undefined) properties.push({ id: "thresholds", value: thresholds(steps).build() });
  if (steps !== undefined || words !== undefined) {
    properties.push(
      { id: "color", value: { mode: "thresholds" } },
      { id: "custom.cellOptions", value: { type: TableCellDisplayMode.ColorText } },
    );
  }
  if (links !== undefined) {
    properties.push({ id: "links", value: links.map((link) => ({ ...link, targetBlank: true })) });
  }
  if (width !== undefined) properties.push({ id: "custom.width", value: width });
  // The second is the first since Grafana 12.2.
  if (hidden) {
    properties.push(
      { id: "custom.hidden", value: true },
      { id: "custom.hideFrom", value: { viz: true, legend: true, tooltip: true } },
    );
  }
  return properties;
}
