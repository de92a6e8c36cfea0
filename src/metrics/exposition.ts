import { type OpenMetricsContentType, type Registry, Registry as RegistryOf } from "prom-client";

/** The text of a scrape in the format that the `Accept` header asks for, and its content type. */
export async function expose(
  registry: Registry,
  accept: string | undefined,
): Promise<{ readonly contentType: string; readonly body: string }> {
  const chosen = accept?.includes("application/openmetrics-text") ? openMetricsView(registry) : registry;
  return { contentType: chosen.contentType, body: await chosen.metrics() };
}

/**
 * The registry's metrics in a registry of the other format. prom-client cuts `_total` off a counter's own name when
 * it writes OpenMetrics, which would show in every later scrape; so it is given objects that inherit from the metrics.
 */
function openMetricsView(registry: Registry): RegistryOf<OpenMetricsContentType> {
  const view = new RegistryOf<OpenMetricsContentType>();
  view.setContentType(RegistryOf.OPENMETRICS_CONTENT_TYPE);
  for (const { name } of registry.getMetricsAsArray()) {
    const metric = registry.getSingleMetric(name);
    if (metric !== undefined) view.registerMetric(Object.create(metric));
  }
  return view;
}
