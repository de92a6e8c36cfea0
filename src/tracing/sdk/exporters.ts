import { readFileSync } from "node:fs";
import { type ExportResult, ExportResultCode } from "@opentelemetry/core";
import { CompressionAlgorithm, OTLPExporterBase } from "@opentelemetry/otlp-exporter-base";
import {
  createOtlpHttpExportDelegate,
  httpAgentFactoryFromOptions,
} from "@opentelemetry/otlp-exporter-base/node-http";
import {
  JsonTraceSerializer,
  ProtobufTraceSerializer,
  TraceExporterMetricsHelper,
} from "@opentelemetry/otlp-transformer";
import type { ReadableSpan, SpanExporter } from "@opentelemetry/sdk-trace";
import { safeText } from "../../api/safe-text.ts";
import type { OtlpSettings } from "../settings.ts";

/** Exports under way at once; the exporter's own default. */
const CONCURRENT_EXPORTS = 30;

const ENCODINGS = {
  "http/protobuf": { serializer: ProtobufTraceSerializer, contentType: "application/x-protobuf" },
  "http/json": { serializer: JsonTraceSerializer, contentType: "application/json" },
} as const;

/**
 * To a collector over HTTP, retrying within the timeout as OTLP says. Made of the parts that the official exporters
 * are made of, since those read the environment for themselves and say nothing of what they make of it.
 */
export function otlpExporter(
  settings: OtlpSettings,
  userAgent: string,
  tell: (line: string) => void,
): SpanExporter {
  const { serializer, contentType } = ENCODINGS[settings.protocol];
  const delegate = createOtlpHttpExportDelegate(
    {
      url: settings.url,
      headers: async () => ({ ...settings.headers, "Content-Type": contentType }),
      timeoutMillis: settings.timeoutMs,
      concurrencyLimit: CONCURRENT_EXPORTS,
      compression: settings.compression === "gzip" ? CompressionAlgorithm.GZIP : CompressionAlgorithm.NONE,
      agentFactory: httpAgentFactoryFromOptions({ keepAlive: true, ...certificates(settings.files, tell) }),
      userAgent,
    },
    serializer,
    "otlp_http_span_exporter",
    TraceExporterMetricsHelper,
    undefined,
  );
  return new OTLPExporterBase<ReadableSpan[]>(delegate);
}

function certificates(
  files: OtlpSettings["files"],
  tell: (line: string) => void,
): Partial<Record<"ca" | "cert" | "key", Buffer>> {
  const read = Object.entries(files).flatMap(([name, path]) => {
    try {
      return path === undefined ? [] : [[name, readFileSync(path)] as const];
    } catch (error) {
      const { message } = error as Error;
      tell(`the ${name} file of OTEL_EXPORTER_OTLP_* cannot be read and is not used: ${safeText(message)}`);
      return [];
    }
  });
  return Object.fromEntries(read);
}

/** One line of OTLP's JSON for each batch, on standard error: standard output is the log's or the result's. */
export function consoleExporter(stream: NodeJS.WritableStream): SpanExporter {
  return {
    export(spans, done) {
      stream.write(JsonTraceSerializer.serializeRequest(spans) ?? "");
      stream.write("\n", () => done({ code: ExportResultCode.SUCCESS }));
    },
    shutdown: async () => {},
  };
}

/** Tells once that spans are lost, and once that they no longer are, however many there are in between. */
export function tellingLosses(
  exporter: SpanExporter,
  where: string,
  tell: (line: string) => void,
): SpanExporter {
  let lost = 0;
  const note = ({ code, error }: ExportResult, count: number) => {
    if (code === ExportResultCode.SUCCESS) {
      if (lost > 0) tell(`traces reach ${where} again; ${lost} spans were lost`);
      lost = 0;
      return;
    }
    const reason = safeText(error?.message || "no reason was given");
    if (lost === 0) tell(`traces do not reach ${where}, and are lost until they do: ${reason}`);
    lost += count;
  };
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        note(result, spans.length);
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
    ...(exporter.forceFlush && { forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve() }),
  };
}
