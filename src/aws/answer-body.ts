import type { Readable } from "node:stream";

/**
 * The most that is read of one answer. A page of a hundred instances is some 150 kB; the SDK itself would read whatever an
 * endpoint sends, into memory.
 */
export const MAX_ANSWER_BYTES = 4 * 2 ** 20;

/**
 * The SDK's `streamCollector`: the body of an answer. Rejects where the connection breaks, and where the body is larger than
 * any true one; the connection is closed then.
 */
export function collectAnswer(stream: Readable): Promise<Uint8Array> {
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
  const chunks: Buffer[] = [];
  let size = 0;
  stream.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES) {
      chunks.length = 0;
      stream.destroy(new Error(`the answer is larger than ${MAX_ANSWER_BYTES / 2 ** 20} MiB`));
    } else {
      chunks.push(chunk);
    }
  });
  stream.once("end", () => resolve(Buffer.concat(chunks, size)));
  stream.once("error", reject);
  // Whoever destroyed it may have given no reason.
  stream.once("close", () => reject(new Error("the connection was closed before the answer's end")));
  return promise;
}
