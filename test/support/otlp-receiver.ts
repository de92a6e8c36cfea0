/** A collector as far as traces go: takes OTLP over HTTP, as protobuf or JSON, and tells what came. */
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { afterAll, beforeAll } from "vitest";
import { decodeTraceRequests } from "../../tools/otlp/decode.ts";

/** A span that arrived. Ids are hexadecimal. */
export interface ReceivedSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  /** Empty where it has none. */
  readonly parentSpanId: string;
  readonly kind: "internal" | "client" | "other";
  /** Of an error: what the status says. */
  readonly error: string | undefined;
  readonly attributes: Attributes;
  readonly events: readonly { readonly name: string; readonly attributes: Attributes }[];
  readonly resource: Attributes;
}

export type Attributes = Readonly<Record<string, string | number | boolean>>;

/** `hang`: takes requests and never answers. */
export type Behaviour = "ok" | "hang" | "refuse";

export interface OtlpReceiver {
  /** For OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly url: string;
  readonly headers: readonly IncomingHttpHeaders[];
  /** The bodies as they came. */
  readonly bodies: readonly Buffer[];
  behave(behaviour: Behaviour): void;
  spans(): Promise<ReceivedSpan[]>;
  clear(): void;
}

/** The calling file's own receiver; good from `beforeAll` on. */
export function useOtlpReceiver(): OtlpReceiver {
  const headers: IncomingHttpHeaders[] = [];
  const bodies: Buffer[] = [];
  let behaviour: Behaviour = "ok";
  const server: Server = createServer(async (request, response) => {
    if (`${request.method} ${request.url}` !== "POST /v1/traces") throw new Error(`not OTLP: ${request.url}`);
    const body = await buffer(request);
    headers.push(request.headers);
    bodies.push(body);
    const type = request.headers["content-type"] ?? "";
    if (behaviour === "refuse") response.writeHead(400).end();
    if (behaviour === "ok")
      response.writeHead(200, { "content-type": type }).end(type.endsWith("json") ? "{}" : "");
  });
  beforeAll(async () => {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    get url() {
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    },
    headers,
    bodies,
    behave(next) {
      behaviour = next;
    },
    async spans() {
      const isJson = (at: number) => headers[at]?.["content-type"] === "application/json";
      const binary = bodies.filter((_, at) => !isJson(at));
      const text = bodies.filter((_, at) => isJson(at)).map((body) => JSON.parse(body.toString()) as Request);
      const decoded = binary.length === 0 ? [] : ((await decodeTraceRequests(binary)) as Request[]);
      return [
        ...text.flatMap((request) => spansOf(request, (id) => id)),
        ...decoded.flatMap((request) => spansOf(request, hex)),
      ];
    },
    clear() {
      headers.length = 0;
      bodies.length = 0;
      behaviour = "ok";
    },
  };
}

interface KeyValue {
  readonly key: string;
  readonly value: Readonly<Record<string, string | number | boolean>>;
}

interface Request {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly KeyValue[] };
    readonly scopeSpans: readonly {
      readonly spans: readonly {
        readonly name: string;
        readonly traceId: string;
        readonly spanId: string;
        readonly parentSpanId?: string;
        readonly kind: number;
        readonly status?: { readonly code?: number; readonly message?: string };
        readonly attributes?: readonly KeyValue[];
        readonly events?: readonly { readonly name: string; readonly attributes?: readonly KeyValue[] }[];
      }[];
    }[];
  }[];
}

/** Of OTLP's SpanKind and StatusCode. */
const KINDS: Readonly<Record<number, ReceivedSpan["kind"]>> = { 1: "internal", 3: "client" };
const ERROR = 2;

function spansOf({ resourceSpans }: Request, idOf: (id: string) => string): ReceivedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map((span) => ({
        name: span.name,
        traceId: idOf(span.traceId),
        spanId: idOf(span.spanId),
        parentSpanId: idOf(span.parentSpanId ?? ""),
        kind: KINDS[span.kind] ?? "other",
        error: span.status?.code === ERROR ? (span.status.message ?? "") : undefined,
        attributes: attributesOf(span.attributes),
        events: (span.events ?? []).map(({ name, attributes }) => ({
          name,
          attributes: attributesOf(attributes),
        })),
        resource: attributesOf(resource.attributes),
      })),
    ),
  );
}

function attributesOf(pairs: readonly KeyValue[] = []): Attributes {
  return Object.fromEntries(
    pairs.map(({ key, value }) => {
      const [[type, content] = ["", ""]] = Object.entries(value);
      // 64-bit integers are text in protobuf's JSON.
      return [key, type === "intValue" ? Number(content) : content];
    }),
  );
}

function hex(base64: string): string {
  return Buffer.from(base64, "base64").toString("hex");
}
