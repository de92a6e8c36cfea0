/**
 * What the program knows of tracing. Off is `undefined`: `span?.child(…)` then makes neither the call nor what it would
 * have been given, so that a process that nobody traces pays nothing. Spans are handed down as arguments, which is why
 * no context has to follow every promise. The SDK behind them is loaded where tracing is on: see open.ts.
 */

/** Fields of a log line by which a back end finds its trace: OpenTelemetry's names for logs that are JSON. */
export interface TraceIds {
  /** 32 hexadecimal digits. */
  readonly trace_id: string;
  /** 16 of them. */
  readonly span_id: string;
  /** `01` where the trace is recorded, else `00`. */
  readonly trace_flags: string;
}

/** Only what is listed in docs/tracing.md: never a token, a key, a message of others, or a policy's or trust's content. */
export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** A piece of work, from its making to its `end`. */
export interface Span {
  /** Begins a piece of this one; `client`: a request to somebody else. */
  child(name: string, attributes: Attributes, kind?: "internal" | "client"): Span;
  set(attributes: Attributes): void;
  /** Something that happened at a time within it. */
  event(name: string, attributes: Attributes): void;
  /** It came to nothing, for a reason of this kind; `code` is what the side that failed calls it. */
  fail(kind: string, code?: string): void;
  /** To be called once, last. */
  end(): void;
}

/** A trace that has begun, by its first span. */
export interface Trace {
  readonly ids: TraceIds;
  /** Undefined where the sampler has left this trace out. */
  readonly span: Span | undefined;
}

export interface Tracer {
  begin(name: string, attributes: Attributes): Trace;
}

/** What a process holds while tracing is on. */
export interface Tracing extends Tracer {
  /** Sends what has not been sent, within {@link FLUSH_MS}; false where that was not enough. Never rejects. */
  close(): Promise<boolean>;
}

/** The longest that a process outlives its work for a collector that does not answer. */
export const FLUSH_MS = 3_000;
