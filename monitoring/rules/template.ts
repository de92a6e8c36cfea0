/** Pieces of Go templates for annotations: https://prometheus.io/docs/prometheus/latest/configuration/template_reference/ */

/**
 * `query` with the alert's own labels filled in for `%q`, one for each of `labels` in order. %q writes a string that
 * PromQL reads back as it was, whatever the label's value is.
 */
export function queryWith(labels: readonly string[], promql: string): string {
  const values = labels.map((label) => `$labels.${label}`);
  return `query (printf \`${promql}\` ${values.join(" ")})`;
}

/** A label selector for `queryWith`, such as `cluster=%q,namespace=%q`. */
export function matching(labels: readonly string[]): string {
  return labels.map((label) => `${label}=%q`).join(",");
}

/** A time in seconds, a template value, as people read it. */
export function time(seconds: string): string {
  return `{{ (${seconds} | toTime).UTC.Format "2006-01-02 15:04 UTC" }}`;
}

/** The one value of a query's result, which is `.` inside `with`. */
export const FIRST = ". | first | value";

/** As many items of a list as a page can have and still be read. */
export const MOST = 10;

/**
 * The first items of a query's result, in its order, and how many there are beside them. `item` is the template of one
 * sample, which is `.`. That number is PromQL: `hidden` is its format, `values` are the template values of the format, in
 * which `.` is the whole result. `otherwise` stands where the result is empty.
 */
export function listOf(options: {
  readonly query: string;
  readonly item: string;
  readonly hidden: string;
  readonly values: string;
  readonly otherwise: string;
}): string {
  const { query, item, hidden, values, otherwise } = options;
  return [
    `{{ with ${query} }}`,
    `{{ range $i, $sample := . }}{{ if lt $i ${MOST} }}{{ if $i }}, {{ end }}${item}{{ end }}{{ end }}`,
    `{{ with query (printf "vector(${hidden}) > 0" ${values}) }} and {{ ${FIRST} | printf "%.0f" }} more{{ end }}`,
    `{{ else }}${otherwise}{{ end }}`,
  ].join("");
}
