import { setImmediate as otherWork } from "node:timers/promises";
import { Registry, type RegistryContentType } from "prom-client";
import { ScrapedGauge } from "./scraped-gauge.ts";

/** The text of a scrape, in pieces, and its content type. */
export interface Exposition {
  readonly contentType: string;
  readonly body: AsyncIterable<string>;
}

/** About how much is made at a time: some milliseconds' work. */
const PIECE = 64 * 1_024;

/** What closes an exposition in OpenMetrics. */
const END = "# EOF\n";

/**
 * The text of a scrape in the format that the `Accept` header asks for. It is made as it is read: a fleet's half a
 * million series neither fill the memory nor keep the process from other work.
 */
export function expose(registry: Registry, accept: string | undefined): Exposition {
  const isOpenMetrics = accept?.includes("application/openmetrics-text") ?? false;
  const contentType = isOpenMetrics ? Registry.OPENMETRICS_CONTENT_TYPE : Registry.PROMETHEUS_CONTENT_TYPE;
  return { contentType, body: bodyOf(registry, contentType) };
}

async function* bodyOf(registry: Registry, contentType: RegistryContentType): AsyncGenerator<string> {
  const end = contentType === Registry.OPENMETRICS_CONTENT_TYPE ? END : "";
  const writer = new Registry<RegistryContentType>();
  writer.setContentType(contentType);
  for (const { name, help } of registry.getMetricsAsArray()) {
    const metric = registry.getSingleMetric(name);
    if (metric instanceof ScrapedGauge) {
      yield `# HELP ${name} ${help}\n# TYPE ${name} gauge\n`;
      yield* pieces(metric.sampleLines(name));
    } else if (metric !== undefined) {
      writer.clear();
      // prom-client cuts `_total` off a counter's own name when it writes OpenMetrics, which would show in every later
      // scrape: so it is given an heir.
      writer.registerMetric(Object.create(metric));
      const text = await writer.metrics();
      yield text.slice(0, text.length - end.length);
    }
  }
  yield end;
}

async function* pieces(lines: Iterable<string>): AsyncGenerator<string> {
  let piece = "";
  for (const line of lines) {
    piece += line;
    if (piece.length < PIECE) continue;
    yield piece;
    piece = "";
    await otherWork();
  }
  yield piece;
}
