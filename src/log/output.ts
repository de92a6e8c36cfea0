import { writeSync } from "node:fs";
import type { DestinationStream } from "pino";

/** How long (ms) a line waits for a reader that is slow. The whole process waits with it. */
const PATIENCE_MS = 1_000;
const STEP_MS = 10;

/** As `fs.writeSync`: writes a part of `bytes` at least, and says how much. */
type Write = (fd: number, bytes: Uint8Array) => number;

/**
 * Where lines go that are to be there whatever happens next: each is written at once. What cannot be written, since the disk
 * is full or nobody reads, is lost, and the next line that can says how many were. It neither throws nor keeps anything: a log
 * is no reason for a process to end, to wait for long or to grow.
 */
export class LogOutput implements DestinationStream {
  readonly #fd: number;
  readonly #write: Write;
  readonly #now: () => Date;
  #lost = 0;
  #reason: string | undefined;
  /** Whether what was written last is the beginning of a line. */
  #torn = false;

  constructor(fd: number, write: Write = writeSync, now = () => new Date()) {
    this.#fd = fd;
    this.#write = write;
    this.#now = now;
  }

  write(line: string): void {
    if (this.#lost > 0 && this.#attempt(this.#notice())) this.#lost = 0;
    // After lines that are lost none comes: where they were, nobody could tell.
    if (this.#lost > 0 || !this.#attempt(line)) this.#lost += 1;
  }

  #attempt(line: string): boolean {
    let rest: Uint8Array = Buffer.from(this.#torn ? `\n${line}` : line);
    const { length } = rest;
    // Whoever has kept one line waiting keeps no other.
    let patienceMs = this.#lost > 0 ? 0 : PATIENCE_MS;
    while (rest.length > 0) {
      try {
        rest = rest.subarray(this.#write(this.#fd, rest));
      } catch (error) {
        this.#reason = (error as NodeJS.ErrnoException).code;
        if (this.#reason === "EAGAIN" && patienceMs > 0) {
          patienceMs -= STEP_MS;
          pause(STEP_MS);
          continue;
        }
        this.#torn ||= rest.length < length;
        return false;
      }
    }
    this.#torn = false;
    return true;
  }

  #notice(): string {
    const facts = { lines: this.#lost, reason: this.#reason };
    const time = this.#now().toISOString();
    return `${JSON.stringify({ level: "warn", time, ...facts, msg: "lines of the log could not be written" })}\n`;
  }
}

/** Nothing at all happens in the process for so long. */
function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
