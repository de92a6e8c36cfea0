/** HTTP as no well-behaved client speaks it. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { onTestFinished } from "vitest";

/** A connection that has been accepted; it ends with the test that calls. */
export interface RawConnection {
  readonly socket: Socket;
  /** All that has come so far, in Latin-1. */
  received(): string;
  /** Resolves to all that came when the other side has closed. */
  closed(): Promise<string>;
  readonly isClosed: boolean;
}

/** Connects to `port` and writes `text`, one byte for each character. Reads all that comes, or the first of it, or nothing. */
export async function rawConnection(
  port: number,
  text: string | Buffer = "",
  reads: "all" | "first" | "nothing" = "all",
): Promise<RawConnection> {
  const socket = connect({ port, host: "127.0.0.1" });
  onTestFinished(() => void socket.destroy());
  const chunks: Buffer[] = [];
  const ended = new Promise<void>((resolve) => void socket.once("close", () => resolve()));
  const connected = once(socket, "connect");
  await connected;
  // Being cut off is what is asked for.
  socket.on("error", () => undefined);
  if (reads !== "nothing") {
    socket.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      if (reads === "first") socket.pause();
    });
  }
  const received = () => Buffer.concat(chunks).toString("latin1");
  if (text.length > 0) socket.write(typeof text === "string" ? Buffer.from(text, "latin1") : text);
  return {
    socket,
    received,
    closed: async () => {
      await ended;
      return received();
    },
    get isClosed() {
      return socket.closed;
    },
  };
}

/** A request of these lines, without a body. */
export function lines(...head: readonly string[]): string {
  return `${head.join("\r\n")}\r\n\r\n`;
}

/** The statuses of all answers in `text`. */
export function statusesOf(text: string): number[] {
  return Array.from(text.matchAll(/^HTTP\/1\.1 (\d{3}) /gm), ([, status]) => Number(status));
}
