/** Every contender is measured in the same way: from outside, by its parent's resource usage. */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";

const WRAPPER = fileURLToPath(new URL("measure.py", import.meta.url));

/** What a process took, its start included. */
export interface Usage {
  readonly wallMs: number;
  /** Of the process and all that it started. */
  readonly cpuMs: number;
  /** The resident memory of the largest of its processes. */
  readonly peakMiB: number;
  /** Negative where a signal ended it. */
  readonly code: number;
}

/** A finished process: what it took and what it said. */
export interface Measured extends Usage {
  readonly stdout: string;
  readonly stderr: string;
}

/** A command, its whole environment, and its patience. */
export interface Command {
  readonly argv: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd?: string | undefined;
  /** It is killed after this time, and then `measure` throws. */
  readonly timeoutMs?: number | undefined;
}

const running = new Set<number>();
process.on("exit", () => running.forEach(kill));
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

/** Runs a command to its end. Throws where it cannot be started or does not end in time. */
export async function measure(command: Command): Promise<Measured> {
  const { child, usage } = await startMeasured(command);
  child.stdin.end();
  const [stdout, stderr] = await Promise.all([child.stdout.toArray(), child.stderr.toArray()]);
  return { ...(await usage), stdout: text(stdout), stderr: text(stderr) };
}

/** A process that is under way: `usage` resolves when it has ended. */
export interface MeasuredProcess {
  readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly usage: Promise<Usage>;
}

/** Starts a command whose caller talks with it. */
export async function startMeasured({ argv, env, cwd, timeoutMs }: Command): Promise<MeasuredProcess> {
  const folder = await mkdtemp(join(tmpdir(), "bench-"));
  const result = join(folder, "usage.json");
  // A group of its own, so that a timeout ends the wrapper and all beneath it.
  const child = spawn("python3", [WRAPPER, result, ...argv], { env, cwd, stdio: "pipe", detached: true });
  await once(child, "spawn");
  const { pid = 0 } = child;
  running.add(pid);
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => kill(pid), timeoutMs);
  const usage = once(child, "close").then(async () => {
    clearTimeout(timer);
    running.delete(pid);
    try {
      return JSON.parse(await readFile(result, "utf8")) as Usage;
    } catch {
      throw new Error(`${argv[0]} could not be started, or did not end within ${timeoutMs ?? "any"} ms`);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
  return { child, usage };
}

function kill(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has just ended by itself.
  }
}

function text(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks).toString("utf8");
}
