import { describe, expect, it } from "vitest";
import type { Attributes, Span } from "../../tracing/span.ts";
import { AwsCallError, type Remedy } from "../errors.ts";
import { Caller } from "./caller.ts";

/** A span that remembers what it was told. */
class NotedSpan implements Span {
  readonly name: string;
  readonly kind: string;
  attributes: Attributes;
  readonly events: [string, Attributes][] = [];
  readonly children: NotedSpan[] = [];
  failure: readonly [string, string | undefined] | undefined;
  ended = 0;

  constructor(name: string, attributes: Attributes, kind = "internal") {
    this.name = name;
    this.attributes = attributes;
    this.kind = kind;
  }

  child(name: string, attributes: Attributes, kind?: string): Span {
    const child = new NotedSpan(name, attributes, kind);
    this.children.push(child);
    return child;
  }

  set(attributes: Attributes): void {
    this.attributes = { ...this.attributes, ...attributes };
  }

  event(name: string, attributes: Attributes): void {
    this.events.push([name, attributes]);
  }

  fail(kind: string, code?: string): void {
    this.failure = [kind, code];
  }

  end(): void {
    this.ended += 1;
  }
}

const refusal = (remedy: Remedy) =>
  new AwsCallError({
    kind: "failed",
    operation: "ListDomains",
    code: "InternalFailure",
    message: "a message with a secret",
    requestId: "request-of-the-failure",
    remedy,
  });

/** Calls by what each attempt comes to, the last over and over, and tells what the span of the call was told. */
async function spanOf(
  attempts: readonly (AwsCallError | object)[],
  signal: AbortSignal = new AbortController().signal,
): Promise<NotedSpan> {
  const parent = new NotedSpan("scan region", {});
  const limits = { process: 1, account: 1, region: 1 };
  const retries = { attemptTimeoutMs: 1_000, attempts: 3, baseMs: 1, capMs: 2, maxStrikes: 3, patienceMs: 0 };
  const waiting = [...attempts];
  await new Caller({ limits, retries, random: () => 0 })
    .call({
      route: { account: "a key", region: "eu-west-1", service: "sagemaker", operation: "ListDomains" },
      traced: { parent, account: "111111111111" },
      signal,
      prepare: () => undefined,
      renew: () => true,
      async send() {
        const next = waiting.length > 1 ? waiting.shift() : waiting[0];
        if (next instanceof Error) throw next;
        return next;
      },
    })
    .catch(() => undefined);
  const [span, ...others] = parent.children;
  if (span === undefined || others.length > 0) throw new Error("a call has one span");
  expect(span.ended).toBe(1);
  return span;
}

const answer = { Domains: [], $metadata: { requestId: "request-of-the-answer", httpStatusCode: 200 } };

describe("the span of a call", () => {
  it("says what was asked where, in the words of the semantic conventions, and which request answered", async () => {
    const span = await spanOf([answer]);
    expect([span.name, span.kind]).toEqual(["SageMaker/ListDomains", "client"]);
    expect(span.attributes).toEqual({
      "rpc.system": "aws-api",
      "rpc.service": "SageMaker",
      "rpc.method": "ListDomains",
      "cloud.provider": "aws",
      "cloud.region": "eu-west-1",
      "cloud.account.id": "111111111111",
      "aws.request_id": "request-of-the-answer",
      "http.response.status_code": 200,
      "awsscan.attempts": 1,
      "awsscan.waited_ms": expect.any(Number),
    });
    expect(span.failure).toBeUndefined();
    expect(span.events).toEqual([]);
  });

  it("has an event for each attempt that another one followed, and no failure where one succeeded", async () => {
    const span = await spanOf([refusal("transient"), refusal("transient"), answer]);
    const facts = { "error.type": "failed", "awsscan.error.code": "InternalFailure" };
    const request = { "aws.request_id": "request-of-the-failure" };
    expect(span.events).toEqual([
      ["attempt failed", { ...facts, ...request, "awsscan.attempt": 1 }],
      ["attempt failed", { ...facts, ...request, "awsscan.attempt": 2 }],
    ]);
    expect(span.failure).toBeUndefined();
    expect(span.attributes).toMatchObject({
      "awsscan.attempts": 3,
      "aws.request_id": "request-of-the-answer",
    });
  });

  it("fails by the kind and the code of the last attempt, never by its message", async () => {
    const span = await spanOf([refusal("transient")]);
    expect(span.failure).toEqual(["failed", "InternalFailure"]);
    expect(span.attributes).toMatchObject({
      "awsscan.attempts": 3,
      "aws.request_id": "request-of-the-failure",
    });
    expect(span.events).toHaveLength(2);
    expect(JSON.stringify(span)).not.toContain("secret");
  });

  it("says that the deadline came first, and that nothing was sent", async () => {
    const span = await spanOf([answer], AbortSignal.abort(new DOMException("late", "TimeoutError")));
    expect(span.failure).toEqual(["timed-out", "TimeoutError"]);
    expect(span.attributes).toMatchObject({ "awsscan.attempts": 0, "aws.request_id": undefined });
  });
});
