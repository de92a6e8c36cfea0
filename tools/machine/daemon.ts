import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** A server process of ours whose output goes to a file. */
export interface Daemon {
  readonly name: string;
  readonly pid: number;
  /** False as soon as the process has ended, for whatever reason. */
  running(): boolean;
  /**
   * Sends the signal, by default SIGTERM, and resolves when the process has ended. One that has not ended after
   * 30 s is killed, and then it throws with the process's last words.
   */
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** The last lines of its output, for error messages. */
  lastWords(): Promise<string>;
}

const GRACE_MS = 30_000;
const POLL_MS = 50;

/**
 * Starts a program as a daemon that appends its output to `logPath`. It gets a session of its own: Ctrl-C in
 * a terminal reaches every process of the foreground group, and a server that vanished first would fail the
 * orderly end of the programs that use it. What ends it instead when its owner dies is the reaper.
 */
export async function startDaemon(
  program: string,
  args: readonly string[],
  logPath: string,
): Promise<Daemon> {
  const log = openSync(logPath, "a");
  const child = spawn(program, args, { stdio: ["ignore", log, log], detached: true });
  closeSync(log);
  await once(child, "spawn");
  const { pid } = child;
  if (pid === undefined) throw new Error(`${program} started without a process id`);
  const ended = once(child, "exit");
  const running = () => child.exitCode === null && child.signalCode === null;
  const name = basename(program);
  const lastWords = async () => (await readFile(logPath, "utf8")).trimEnd().split("\n").slice(-20).join("\n");
  return {
    name,
    pid,
    running,
    async stop(signal = "SIGTERM") {
      if (!running()) return;
      child.kill(signal);
      let killed = false;
      const killer = setTimeout(() => {
        killed = child.kill("SIGKILL");
      }, GRACE_MS);
      await ended;
      clearTimeout(killer);
      if (!killed) return;
      throw new Error(
        `${name} did not end within ${GRACE_MS} ms of ${signal}. Its last words:\n${await lastWords()}`,
      );
    },
    lastWords,
  };
}

/**
 * Resolves when `ready` answers true, asking every 50 ms; what it throws counts as "not yet".
 * Throws with the daemon's last words when it has ended or `timeoutMs` are over.
 */
export async function untilReady(
  daemon: Daemon,
  timeoutMs: number,
  ready: () => Promise<boolean>,
): Promise<void> {
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    if (!daemon.running()) {
      throw new Error(
        `${daemon.name} ended before it was ready. Its last words:\n${await daemon.lastWords()}`,
      );
    }
    if (await ready().catch(() => false)) return;
    if (performance.now() > deadlineMs) {
      throw new Error(
        `${daemon.name} was not ready after ${timeoutMs} ms. Its last words:\n${await daemon.lastWords()}`,
      );
    }
    await sleep(POLL_MS);
  }
}
