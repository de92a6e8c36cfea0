import { spawn } from "node:child_process";
import { once } from "node:events";

/** Ends processes and removes a folder when their owner is gone, however it went. */
export interface Reaper {
  /** Replaces the list of processes to end. */
  watch(pids: readonly number[]): void;
  /** Ends what is watched, removes the folder, and resolves when both are done. */
  finish(): Promise<void>;
}

/**
 * Each line of stdin is the list of processes as of now. The owner's death closes the pipe, even death by
 * SIGKILL, and that is the sign to clean up. A process that is just dying may still write a file into the
 * folder, hence the second attempt.
 */
const SCRIPT = `
pids=
while read -r line; do pids=$line; done
[ -z "$pids" ] || kill -KILL $pids 2>/dev/null
rm -rf "$1" 2>/dev/null || { sleep 1; rm -rf "$1"; }
`;

/**
 * Starts the reaper of `folder`: a shell in a session of its own, which needs nothing but POSIX. Its limit: where
 * the reaper is killed as well, as by the end of a container or by kill -9 of every process, nobody cleans up.
 */
export async function startReaper(folder: string): Promise<Reaper> {
  const shell = spawn("/bin/sh", ["-c", SCRIPT, "reaper", folder], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  shell.stdin.on("error", () => undefined);
  await once(shell, "spawn");
  const ended = once(shell, "exit");
  shell.unref();
  return {
    watch(pids) {
      shell.stdin.write(`${pids.join(" ")}\n`);
    },
    async finish() {
      shell.ref();
      shell.stdin.end();
      await ended;
    },
  };
}
