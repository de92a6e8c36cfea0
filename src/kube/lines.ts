const LINE_FEED = 0x0a;

/** A line that is longer than the reader is willing to hold. */
export class LineTooLongError extends Error {
  override readonly name = "LineTooLongError";
}

/**
 * Splits a stream of bytes at line feeds, and decodes whole lines only, so that a character split over two chunks
 * comes out whole. Empty lines are left out; what follows the last line feed is a line too.
 * @throws {LineTooLongError} for a line of more than `maxBytes`.
 */
export async function* lines(chunks: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<string> {
  let parts: Uint8Array[] = [];
  let length = 0;

  const add = (part: Uint8Array) => {
    length += part.byteLength;
    if (length > maxBytes) throw new LineTooLongError(`a line of more than ${maxBytes} bytes`);
    if (part.byteLength > 0) parts.push(part);
  };
  const take = () => {
    const line = Buffer.concat(parts).toString("utf8");
    parts = [];
    length = 0;
    return line.trim();
  };

  for await (const chunk of chunks) {
    let from = 0;
    for (let to = chunk.indexOf(LINE_FEED); to !== -1; to = chunk.indexOf(LINE_FEED, from)) {
      add(chunk.subarray(from, to));
      from = to + 1;
      const line = take();
      if (line !== "") yield line;
    }
    add(chunk.subarray(from));
  }
  const rest = take();
  if (rest !== "") yield rest;
}
