/** The kinds of panels that the dashboards are made of, each with what it must not lack. */

import { PanelBuilder as BarGaugeBuilder } from "@grafana/grafana-foundation-sdk/bargauge";
import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizOrientation,
  VizTooltipOptionsBuilder,
} from "@grafana/grafana-foundation-sdk/common";
import {
  type DashboardLinkBuilder,
  FieldColorBuilder,
  FieldColorModeId,
  type Panel,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { DataqueryBuilder, PromQueryFormat } from "@grafana/grafana-foundation-sdk/prometheus";
import { PanelBuilder as StatBuilder } from "@grafana/grafana-foundation-sdk/stat";
import { PanelBuilder as TimeSeriesBuilder } from "@grafana/grafana-foundation-sdk/timeseries";
import { mappings, type Step, thresholds, type Words } from "./thresholds.ts";
import { DATASOURCE } from "./variables.ts";

/** What every panel has. */
export interface PanelSpec {
  readonly title: string;
  /** What the numbers mean and what to do about them, in Markdown. */
  readonly description: string;
  /** Of the grid's 24 columns. */
  readonly span: number;
  readonly height: number;
  /** Grafana's id of the unit: https://grafana.com/docs/grafana/latest/panels-visualizations/configure-standard-options/ */
  readonly unit: string;
  /** What stands where there is no data; never anything that could be taken for a pass. */
  readonly noValue: string;
  readonly links?: readonly DashboardLinkBuilder[];
}

/** One query: where the legend is omitted, the panel shows a single series. */
export interface Query {
  readonly expr: string;
  readonly legend?: string;
}

export interface StatSpec extends PanelSpec {
  readonly expr: string;
  readonly steps?: readonly Step[];
  readonly words?: Words;
  readonly decimals?: number;
  /** Shows the name of the series, in words of Grafana's legend format, in place of its value. */
  readonly name?: string;
}

/**
 * One number, as of the end of the time range. Its query is an instant one: the last value of a range would stay when
 * the operator is long gone.
 */
export function stat(spec: StatSpec): StatBuilder {
  const { expr, steps = [], words = {}, decimals, name, noValue } = spec;
  const builder = withCommon(new StatBuilder(), spec)
    .withTarget(instant("A", expr, name))
    .mappings(mappings(words, noValue))
    .thresholds(thresholds(steps))
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds))
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(["lastNotNull"]))
    .graphMode(BigValueGraphMode.None)
    .colorMode(
      steps.length > 0 || Object.keys(words).length > 0
        ? BigValueColorMode.Background
        : BigValueColorMode.None,
    )
    .textMode(name === undefined ? BigValueTextMode.Value : BigValueTextMode.Name);
  return decimals === undefined ? builder : builder.decimals(decimals);
}

export interface TrendSpec extends PanelSpec {
  readonly queries: readonly Query[];
  readonly stacked?: boolean;
  readonly min?: number;
  readonly max?: number;
  /** By the name of the series. */
  readonly colours?: Readonly<Record<string, string>>;
}

/** Values over time. Gaps stay gaps: a line across them would show what nobody has seen. */
export function trend(spec: TrendSpec): TimeSeriesBuilder {
  const { queries, stacked = false, min = 0, max, colours = {} } = spec;
  const builder = withCommon(new TimeSeriesBuilder(), spec)
    .targets(queries.map(({ expr, legend }, at) => ranged(refId(at), expr, legend)))
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.PaletteClassicByName))
    .min(min)
    .lineWidth(2)
    .fillOpacity(stacked ? 40 : 10)
    .showPoints(VisibilityMode.Auto)
    .spanNulls(false)
    .stacking(new StackingConfigBuilder().mode(stacked ? StackingMode.Normal : StackingMode.None).group("A"))
    .legend(
      new VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .calcs(["lastNotNull"]),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending));
  if (max !== undefined) builder.max(max);
  for (const [series, fixedColor] of Object.entries(colours)) {
    builder.overrideByName(series, [{ id: "color", value: { mode: FieldColorModeId.Fixed, fixedColor } }]);
  }
  return builder;
}

export interface BarsSpec extends PanelSpec {
  readonly expr: string;
  readonly legend: string;
  readonly colour: string;
}

/** A bar for each series, as of the end of the time range, largest first where the query sorts them. */
export function bars(spec: BarsSpec): BarGaugeBuilder {
  const { expr, legend, colour } = spec;
  return withCommon(new BarGaugeBuilder(), spec)
    .withTarget(instant("A", expr, legend))
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Fixed).fixedColor(colour))
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(["lastNotNull"]))
    .orientation(VizOrientation.Horizontal)
    .min(0);
}

/** A query for now, as a time series or as rows of a table. */
export function instant(refId: string, expr: string, legend?: string, table = false): DataqueryBuilder {
  const query = new DataqueryBuilder()
    .refId(refId)
    .datasource(DATASOURCE)
    .expr(expr)
    .instant()
    .format(table ? PromQueryFormat.Table : PromQueryFormat.TimeSeries);
  return legend === undefined ? query : query.legendFormat(legend);
}

function ranged(refId: string, expr: string, legend: string | undefined): DataqueryBuilder {
  const query = new DataqueryBuilder().refId(refId).datasource(DATASOURCE).expr(expr).range();
  return legend === undefined ? query : query.legendFormat(legend);
}

/** A, B, C, … as Grafana names queries. */
function refId(at: number): string {
  return String.fromCharCode("A".charCodeAt(0) + at);
}

/** What the builders of all kinds of panels have in common. */
interface CommonBuilder extends Builder<Panel> {
  title(title: string): this;
  description(description: string): this;
  datasource(ref: typeof DATASOURCE): this;
  span(columns: number): this;
  height(rows: number): this;
  unit(unit: string): this;
  noValue(text: string): this;
  links(links: DashboardLinkBuilder[]): this;
}

export function withCommon<B extends CommonBuilder>(builder: B, spec: PanelSpec): B {
  return builder
    .title(spec.title)
    .description(spec.description)
    .datasource(DATASOURCE)
    .span(spec.span)
    .height(spec.height)
    .unit(spec.unit)
    .noValue(spec.noValue)
    .links([...(spec.links ?? [])]);
}
