/** Processes of a clock of their own, see clock-control.ts. */
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { eventually } from "./cluster-eventually.ts";

const CONTROL = fileURLToPath(new URL("clock-control.ts", import.meta.url));

/** A wall clock that a test sets. */
export interface SteeredClock {
  /** Of the processes that are to have it. */
  readonly env: Readonly<Record<string, string>>;
  /** Sets it this far (ms) ahead of the machine's, or behind; resolves when the process that logs `lines` has it. */
  set(offsetMs: number, process: { readonly lines: readonly string[] }): Promise<void>;
}

/** The environment of processes that live `speed` times as fast as the machine, from `originMs` (ms since the epoch) on. */
export function fastClock(speed: number, originMs: number): Readonly<Record<string, string>> {
  const [CLOCK_SPEED, CLOCK_ORIGIN] = [String(speed), String(originMs)];
  return { NODE_OPTIONS: `--import=${CONTROL}`, CLOCK_SPEED, CLOCK_ORIGIN };
}

/** A clock as the machine's at first; `folder` takes a file of it. */
export async function steeredClock(folder: string): Promise<SteeredClock> {
  const path = join(folder, "clock-offset");
  await writeFile(path, "0");
  let toldMs = 0;
  return {
    env: { NODE_OPTIONS: `--import=${CONTROL}`, CLOCK_FILE: path },
    async set(offsetMs, { lines }) {
      if (offsetMs === toldMs) return;
      const told = lines.length;
      // A reader never sees half a number.
      await writeFile(`${path}.new`, String(offsetMs));
      await rename(`${path}.new`, path);
      const line = JSON.stringify({ clockOffsetMs: offsetMs });
      await eventually(
        () => {
          if (!lines.slice(told).includes(line)) throw new Error("not yet");
        },
        { describe: `the clock is ${offsetMs} ms off` },
      );
      toldMs = offsetMs;
    },
  };
}
