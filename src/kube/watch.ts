import { safeText } from "../api/safe-text.ts";
import { KubeError } from "./errors.ts";
import { LineTooLongError, lines } from "./lines.ts";
import { asKubeError, type Call } from "./transport.ts";
import type { WatchEvent } from "./types.ts";

/** etcd takes 1.5 MB an object by default; ten times that is no object of ours. */
const MAX_EVENT_BYTES = 16 * 1024 * 1024;

const TYPES: readonly unknown[] = ["ADDED", "MODIFIED", "DELETED", "BOOKMARK", "ERROR"];

/**
 * The events of a watch's body, one read ahead at most. Ends when the server ends the watch or `signal` aborts.
 * @throws {KubeError} where the connection is lost or silent, or an event is malformed.
 */
export async function* watchEvents<T>(
  call: Call,
  body: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): AsyncGenerator<WatchEvent<T>, void, void> {
  try {
    for await (const line of lines(body, MAX_EVENT_BYTES)) {
      if (signal?.aborted) return;
      yield parseEvent<T>(call, line);
    }
  } catch (error) {
    if (signal?.aborted) return;
    throw explain(call, error);
  }
}

function parseEvent<T>(call: Call, line: string): WatchEvent<T> {
  try {
    const event: unknown = JSON.parse(line);
    if (isEvent<T>(event)) return event;
  } catch {
    // Told below, with the line that could not be read.
  }
  throw new KubeError(`${call.request}: not a watch event: ${safeText(line, 120)}`, {
    status: 0,
    reason: "MalformedAnswer",
  });
}

/** Whether it has a known type and the fields by which a cache is kept. */
function isEvent<T>(value: unknown): value is WatchEvent<T> {
  if (!isRecord(value) || !TYPES.includes(value["type"]) || !isRecord(value["object"])) return false;
  if (value["type"] === "ERROR") return true;
  const { metadata } = value["object"];
  if (!isRecord(metadata) || typeof metadata["resourceVersion"] !== "string") return false;
  return value["type"] === "BOOKMARK" || typeof metadata["name"] === "string";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function explain(call: Call, error: unknown): KubeError {
  if (error instanceof LineTooLongError) {
    return new KubeError(`${call.request}: ${error.message}`, { status: 0, reason: "AnswerTooLarge" });
  }
  if (error instanceof Error && "code" in error && error.code === "UND_ERR_BODY_TIMEOUT") {
    return new KubeError(`${call.request}: silent for too long`, { status: 0, reason: "IdleWatch" });
  }
  return asKubeError(call, error);
}
