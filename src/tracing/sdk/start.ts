/** OpenTelemetry's SDK, put together: a piece of the bundle that only a process with tracing on loads. */
import { type Context, DiagLogLevel, diag, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { parseTraceParent, setGlobalErrorHandler, TraceState } from "@opentelemetry/core";
import { defaultResource, resourceFromAttributes } from "@opentelemetry/resources";
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import { safeText } from "../../api/safe-text.ts";
import type { OpenTracingOptions } from "../open.ts";
import type { SamplerSettings, TracingSettings } from "../settings.ts";
import { FLUSH_MS, type Tracing } from "../span.ts";
import type { Environment } from "../variables.ts";
import { consoleExporter, otlpExporter, tellingLosses } from "./exporters.ts";
import { tracerOf } from "./spans.ts";

export function startSdk(settings: TracingSettings, options: OpenTracingOptions): Tracing {
  const { env, serviceName, version, inherit, tell } = options;
  tellDiagnostics(tell);
  const { url } = settings.otlp;
  const where = new URL(url).origin;
  const exporterOf = (name: TracingSettings["exporters"][number]): SpanExporter =>
    name === "console"
      ? consoleExporter(process.stderr)
      : tellingLosses(otlpExporter(settings.otlp, `${serviceName}/${version}`, tell), where, tell);
  const { delayMs, timeoutMs, maxQueueSize, maxBatchSize } = settings.batch;
  const provider = new TracerProvider({
    resource: defaultResource().merge(
      resourceFromAttributes({ "service.version": version, ...settings.resource }),
    ),
    sampler: samplerOf(settings.sampler),
    spanProcessors: settings.exporters.map(
      (name) =>
        new BatchSpanProcessor({
          exporter: exporterOf(name),
          scheduledDelayMillis: delayMs,
          exportTimeoutMillis: timeoutMs,
          maxQueueSize,
          maxExportBatchSize: maxBatchSize,
        }),
    ),
  });
  const parent = inherit ? inheritedParent(env, tell) : ROOT_CONTEXT;
  return {
    ...tracerOf(provider.getTracer("awsscan", version), parent),
    async close() {
      const isDone = await within(FLUSH_MS, provider.shutdown());
      if (!isDone)
        tell(`the last spans were given up: ${where} did not take them within ${FLUSH_MS / 1_000} s`);
      return isDone;
    },
  };
}

/** What the SDK complains of: each complaint once, whatever the numbers in it. */
function tellDiagnostics(tell: (line: string) => void): void {
  const told = new Set<string>();
  const once = (message: string) => {
    const kind = message.replace(/\d+/g, "");
    if (told.has(kind)) return;
    told.add(kind);
    tell(safeText(message));
  };
  const silent = () => {};
  const logger = { error: once, warn: once, info: silent, debug: silent, verbose: silent };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  // Failed exports, which the exporter's wrapper tells.
  setGlobalErrorHandler(silent);
}

function samplerOf({ root: name, parentBased, ratio }: SamplerSettings): Sampler {
  const samplers = {
    always_on: () => new AlwaysOnSampler(),
    always_off: () => new AlwaysOffSampler(),
    traceidratio: () => new TraceIdRatioBasedSampler(ratio),
  };
  const root = samplers[name]();
  return parentBased ? new ParentBasedSampler({ root }) : root;
}

/**
 * The span that the environment names as the parent, so that a pipeline's trace goes on here.
 * https://opentelemetry.io/docs/specs/otel/context/env-carriers/
 */
function inheritedParent(env: Environment, tell: (line: string) => void): Context {
  const { TRACEPARENT: parent, TRACESTATE: state } = env;
  if (!parent) return ROOT_CONTEXT;
  const context = parseTraceParent(parent);
  if (context === null) {
    tell(
      `TRACEPARENT is ${JSON.stringify(safeText(parent, 128))}, not a W3C trace context; a trace of its own begins instead`,
    );
    return ROOT_CONTEXT;
  }
  const traceState = state ? { traceState: new TraceState(state) } : {};
  return trace.setSpanContext(ROOT_CONTEXT, { ...context, ...traceState, isRemote: true });
}

/** Whether `work` ended in time, by success or failure. */
async function within(ms: number, work: Promise<unknown>): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), ms);
  const ended = () => true;
  try {
    return await Promise.race([work.then(ended, ended), late]);
  } finally {
    clearTimeout(timer);
  }
}
