import {
  type Attributes as ApiAttributes,
  type Context,
  type Span as SdkSpan,
  type Tracer as SdkTracer,
  SpanKind,
  SpanStatusCode,
  trace,
} from "@opentelemetry/api";
import type { Attributes, Span, Trace, Tracer } from "../span.ts";

/** Traces of the SDK's tracer; each begins below `parent`, where that holds a span. */
export function tracerOf(tracer: SdkTracer, parent: Context): Tracer {
  return {
    begin(name, attributes): Trace {
      const span = tracer.startSpan(name, { attributes: present(attributes) }, parent);
      const { traceId, spanId, traceFlags } = span.spanContext();
      return {
        ids: {
          trace_id: traceId,
          span_id: spanId,
          trace_flags: traceFlags.toString(16).padStart(2, "0"),
        },
        // Every sampler that can be chosen decides by the trace: what is below a span left out is left out too.
        span: span.isRecording() ? new RecordedSpan(tracer, span, parent) : undefined,
      };
    },
  };
}

const KINDS = { internal: SpanKind.INTERNAL, client: SpanKind.CLIENT } as const;

class RecordedSpan implements Span {
  readonly #tracer: SdkTracer;
  readonly #span: SdkSpan;
  readonly #outer: Context;
  #inner: Context | undefined;

  constructor(tracer: SdkTracer, span: SdkSpan, outer: Context) {
    this.#tracer = tracer;
    this.#span = span;
    this.#outer = outer;
  }

  child(name: string, attributes: Attributes, kind: keyof typeof KINDS = "internal"): Span {
    // Most spans have no children.
    this.#inner ??= trace.setSpan(this.#outer, this.#span);
    const options = { kind: KINDS[kind], attributes: present(attributes) };
    return new RecordedSpan(this.#tracer, this.#tracer.startSpan(name, options, this.#inner), this.#inner);
  }

  set(attributes: Attributes): void {
    this.#span.setAttributes(present(attributes));
  }

  event(name: string, attributes: Attributes): void {
    this.#span.addEvent(name, present(attributes));
  }

  fail(kind: string, code?: string): void {
    this.set({ "error.type": kind, "awsscan.error.code": code });
    this.#span.setStatus({
      code: SpanStatusCode.ERROR,
      message: code === undefined ? kind : `${kind}: ${code}`,
    });
  }

  end(): void {
    this.#span.end();
  }
}

function present(attributes: Attributes): ApiAttributes {
  const entries = Object.entries(attributes).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries);
}
