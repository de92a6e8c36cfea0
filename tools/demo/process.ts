import { spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { createInterface } from "node:readline";

/** A process of the demo, and what it said when it was ready. */
export interface Running<T> {
  readonly ready: T;
  stop(): Promise<void>;
}

/**
 * Starts a Node program whose output goes to the file `logPath`, and resolves when `parse` makes something of a line that it prints. Rejects with its last
 * lines where it ends before.
 */
export async function startProcess<T>(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  logPath: string,
  parse: (line: string) => T | undefined,
): Promise<Running<T>> {
  // In a process group of its own, so that Ctrl-C ends the demo's parts in their order.
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env["PATH"], ...env },
    stdio: ["ignore", "pipe", "inherit"],
    detached: true,
  });
  const exited = once(child, "exit");
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  const log = createWriteStream(logPath);
  const lines: string[] = [];
  let isReady = false;
  const ready = await new Promise<T>((resolve, reject) => {
    createInterface(child.stdout).on("line", (line) => {
      log.write(`${line}\n`);
      if (isReady) return;
      lines.push(line);
      const parsed = parse(line);
      if (parsed === undefined) return;
      isReady = true;
      resolve(parsed);
    });
    exited.then(
      ([code]) => reject(new Error(`${args[0]} ended with code ${code}:\n${lines.slice(-20).join("\n")}`)),
      reject,
    );
  });
  return {
    ready,
    async stop() {
      child.kill("SIGTERM");
      await exited;
      log.end();
      process.off("exit", kill);
    },
  };
}
