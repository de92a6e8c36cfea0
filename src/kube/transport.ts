import { setTimeout as sleep } from "node:timers/promises";
import type { Dispatcher } from "undici";
import { safeText } from "../api/safe-text.ts";
import { abortable } from "../async/abortable.ts";
import { Deadline } from "../async/deadline.ts";
import type { Connection } from "./connection.ts";
import { KubeError, refusal } from "./errors.ts";
import { type RateLimit, RequestLimiter } from "./request-limiter.ts";
import { parseRetryAfterMs, retryDelayMs } from "./retry.ts";
import type { KubeStatus } from "./types.ts";

/** One request to the API server. */
export interface Call {
  /** For messages: "get configmaps team/settings". */
  readonly request: string;
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Path and query, below the server's URL. */
  readonly path: string;
  readonly body?: unknown;
  /** Of the body; `application/json` by default. */
  readonly contentType?: string;
  /** What the answer may be; `application/json` by default. */
  readonly accept?: string | undefined;
}

/** The settings of a {@link Transport}. */
export interface TransportOptions {
  /** For a request from the wait for its turn to the last byte of the answer, retries included. */
  readonly requestTimeoutMs: number;
  readonly userAgent: string;
  /** A longer answer is an error rather than a heap that runs full. */
  readonly maxResponseBytes: number;
  /** In [0, 1). */
  readonly random: () => number;
  readonly rateLimit?: RateLimit;
  /** Asked at the moment at which a request goes out that may change something. */
  readonly mayWrite?: () => boolean;
}

/** Sends requests with fresh credentials and a deadline, and turns whatever goes wrong into a {@link KubeError}. */
export class Transport {
  readonly #connection: Connection;
  readonly #options: TransportOptions;
  readonly #limiter: RequestLimiter | undefined;

  constructor(connection: Connection, options: TransportOptions) {
    this.#connection = connection;
    this.#options = options;
    this.#limiter = options.rateLimit && new RequestLimiter(options.rateLimit);
  }

  /**
   * Resolves to the text of a 2xx answer. 429 and 503 are retried as `retryDelayMs` says.
   * @throws {KubeError} on any other end; where `signal` aborts, its reason.
   */
  async send(call: Call, signal?: AbortSignal): Promise<string> {
    const { requestTimeoutMs, maxResponseBytes, random } = this.#options;
    using deadline = new Deadline(requestTimeoutMs, signal);
    const stop = deadline.signal;
    const endMs = performance.now() + requestTimeoutMs;
    try {
      for (let retries = 0; ; retries += 1) {
        const response = await this.#request(call, stop, 0);
        const text = await readText(call, response.body, maxResponseBytes);
        if (isSuccess(response)) return text;
        const error = refusalOf(call, response, text);
        const remainingMs = endMs - performance.now();
        const delayMs = retryDelayMs(error, { method: call.method, retries, remainingMs, random });
        if (delayMs === undefined) throw error;
        await sleep(delayMs, undefined, { signal: stop });
      }
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      throw deadline.expired ? asTimeout(call, requestTimeoutMs, error) : asKubeError(call, error);
    }
  }

  /**
   * Resolves to the body of a 2xx answer as it comes, however long it takes; `idleTimeoutMs` without a byte is an
   * error of the body. The deadline is for the beginning of the answer. The caller must destroy the body.
   * @throws {KubeError} on any other answer or none; where `signal` aborts, its reason.
   */
  async stream(
    call: Call,
    idleTimeoutMs: number,
    signal?: AbortSignal,
  ): Promise<Dispatcher.ResponseData["body"]> {
    const { requestTimeoutMs, maxResponseBytes } = this.#options;
    const opening = new AbortController();
    const timer = setTimeout(() => opening.abort(), requestTimeoutMs);
    const stop = signal === undefined ? opening.signal : AbortSignal.any([opening.signal, signal]);
    try {
      const response = await this.#request(call, stop, idleTimeoutMs);
      if (isSuccess(response)) return response.body;
      throw refusalOf(call, response, await readText(call, response.body, maxResponseBytes));
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      throw opening.signal.aborted ? asTimeout(call, requestTimeoutMs, error) : asKubeError(call, error);
    } finally {
      clearTimeout(timer);
    }
  }

  async #request(call: Call, signal: AbortSignal, bodyTimeout: number): Promise<Dispatcher.ResponseData> {
    await this.#turn(call, signal);
    const access = await abortable(this.#connection.access(), signal).catch((error: unknown) => {
      if (signal.aborted) throw error;
      throw new KubeError(`${call.request}: no way to the API server: ${safeText(messageOf(error))}`, {
        status: 0,
        reason: "Configuration",
      });
    });
    if (call.method !== "GET" && this.#options.mayWrite?.() === false) {
      const message = `${call.request}: not sent: this process may not write, since it is not the one that scans`;
      throw new KubeError(message, { status: 0, reason: "NotLeading" });
    }
    const response = await access.dispatcher.request({
      origin: access.origin,
      path: access.basePath + call.path,
      method: call.method,
      headers: {
        accept: call.accept ?? "application/json",
        "user-agent": this.#options.userAgent,
        ...(call.body !== undefined && { "content-type": call.contentType ?? "application/json" }),
        ...access.headers,
      },
      body: call.body === undefined ? null : JSON.stringify(call.body),
      signal,
      headersTimeout: 0,
      bodyTimeout,
    });
    // A body that is given up may still report an error when nobody listens any more.
    response.body.on("error", () => undefined);
    // A client certificate belongs to the connection: a new one may be accepted where this one was not.
    if (response.statusCode === 401) this.#connection.retire(access.dispatcher);
    return response;
  }

  /** Waits for the client-side rate limit, where there is one. */
  async #turn(call: Call, signal: AbortSignal): Promise<void> {
    try {
      await this.#limiter?.turn(signal);
    } catch {
      const limit = `${this.#options.rateLimit?.qps} requests a second`;
      const message = `${call.request}: not sent: the client-side rate limit of ${limit} left no turn in time`;
      throw new KubeError(message, { status: 0, reason: "Timeout" });
    }
  }
}

/** What became of `call` where the connection or its body failed. */
export function asKubeError(call: Call, error: unknown): KubeError {
  if (error instanceof KubeError) return error;
  const message = `${call.request}: no answer from the API server: ${safeText(messageOf(error))}`;
  return new KubeError(message, { status: 0, reason: "NoAnswer", cause: error });
}

function asTimeout(call: Call, timeoutMs: number, error: unknown): KubeError {
  if (error instanceof KubeError) return error;
  const message = `${call.request}: no whole answer from the API server within ${timeoutMs} ms`;
  return new KubeError(message, { status: 0, reason: "Timeout" });
}

function isSuccess({ statusCode }: Dispatcher.ResponseData): boolean {
  return statusCode >= 200 && statusCode < 300;
}

function refusalOf(call: Call, response: Dispatcher.ResponseData, text: string): KubeError {
  return refusal(
    call.request,
    response.statusCode,
    parseStatus(text),
    parseRetryAfterMs(response.headers["retry-after"]),
  );
}

/** Gateways answer with HTML or plain text: their words serve as the message. */
function parseStatus(text: string): KubeStatus {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === "object" && parsed !== null && "message" in parsed) return parsed as KubeStatus;
  } catch {
    // Not a Status.
  }
  return { message: text };
}

async function readText(call: Call, body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.byteLength;
    if (length > maxBytes) {
      throw new KubeError(`${call.request}: an answer of more than ${maxBytes} bytes`, {
        status: 0,
        reason: "AnswerTooLarge",
      });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Some errors (of a connection tried on two addresses) have a code, but no message. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message || ("code" in error ? String(error.code) : error.name);
}
