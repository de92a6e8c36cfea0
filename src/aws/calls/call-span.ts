import type { Span } from "../../tracing/span.ts";
import type { AwsCallError } from "../errors.ts";
import type { Route } from "./dispatcher.ts";

/** For whom a call is made, while somebody traces it. */
export interface Traced {
  /** What the call is a piece of. */
  readonly parent: Span;
  /** The account that is asked about: a route's may be a session's key, which holds what no trace may. */
  readonly account: string | undefined;
}

/** As AWS's SDKs name their services. */
const SERVICE_NAMES: Readonly<Record<string, string>> = {
  sagemaker: "SageMaker",
  sts: "STS",
  ec2: "EC2",
  organizations: "Organizations",
};

/**
 * The span of one call, however many attempts it takes.
 * https://opentelemetry.io/docs/specs/semconv/cloud-providers/aws-sdk/
 */
export class CallSpan {
  readonly #span: Span;
  readonly #now: () => number;
  #attempts = 0;
  #sentAt = 0;
  #inFlightMs = 0;
  readonly #startedAt: number;

  constructor(route: Route, { parent, account }: Traced, now: () => number) {
    const service = SERVICE_NAMES[route.service] ?? route.service;
    const attributes = {
      "rpc.system": "aws-api",
      "rpc.service": service,
      "rpc.method": route.operation,
      "cloud.provider": "aws",
      "cloud.region": route.region,
      "cloud.account.id": account,
    };
    this.#span = parent.child(`${service}/${route.operation}`, attributes, "client");
    this.#now = now;
    this.#startedAt = now();
  }

  /** An attempt is sent now. */
  sent(): void {
    this.#attempts += 1;
    this.#sentAt = this.#now();
  }

  /** The attempt came back. */
  cameBack(): void {
    this.#inFlightMs += this.#now() - this.#sentAt;
  }

  /** The attempt came to nothing, and there will be another one. */
  retries({ kind, code, requestId }: AwsCallError): void {
    this.#span.event("attempt failed", {
      "error.type": kind,
      "awsscan.error.code": code,
      "aws.request_id": requestId,
      "awsscan.attempt": this.#attempts,
    });
  }

  succeeded(answer: unknown): void {
    const { requestId, httpStatusCode } = metadataOf(answer);
    this.#span.set({ "aws.request_id": requestId, "http.response.status_code": httpStatusCode });
    this.#end();
  }

  failed({ kind, code, requestId }: AwsCallError): void {
    this.#span.set({ "aws.request_id": requestId });
    this.#span.fail(kind, code);
    this.#end();
  }

  #end(): void {
    this.#span.set({
      "awsscan.attempts": this.#attempts,
      "awsscan.waited_ms": Math.round(this.#now() - this.#startedAt - this.#inFlightMs),
    });
    this.#span.end();
  }
}

interface Metadata {
  readonly requestId?: string | undefined;
  readonly httpStatusCode?: number | undefined;
}

/** What the SDK adds to every answer. */
function metadataOf(answer: unknown): Metadata {
  return (answer as { readonly $metadata?: Metadata } | undefined)?.$metadata ?? {};
}
