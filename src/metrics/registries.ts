import { type OpenMetricsContentType, type PrometheusContentType, Registry } from "prom-client";

/**
 * The same metrics twice, since prom-client binds a registry to one exposition format. Every metric registers with
 * `all`.
 */
export interface Registries {
  readonly prometheus: Registry<PrometheusContentType>;
  readonly openMetrics: Registry<OpenMetricsContentType>;
  readonly all: Registry[];
}

export function createRegistries(): Registries {
  const prometheus = new Registry<PrometheusContentType>();
  const openMetrics = new Registry<OpenMetricsContentType>();
  openMetrics.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  // The types differ in the content type alone, which metrics do not look at.
  return { prometheus, openMetrics, all: [prometheus, openMetrics as unknown as Registry] };
}

/** The text of a scrape in the format that the `Accept` header prefers, and its content type. */
export async function expose(
  { prometheus, openMetrics }: Registries,
  accept: string | undefined,
): Promise<{ readonly contentType: string; readonly body: string }> {
  const registry = accept?.includes("application/openmetrics-text") ? openMetrics : prometheus;
  return { contentType: registry.contentType, body: await registry.metrics() };
}
