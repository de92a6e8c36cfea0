import { spawn } from "node:child_process";

/** What a finished command said. The code of a command that a signal ended is 128. */
export interface CommandResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

/** How to run a command: `input` goes to its stdin, `env` replaces the whole environment. */
export interface CommandOptions {
  readonly cwd?: string | undefined;
  readonly env?: NodeJS.ProcessEnv | undefined;
  readonly input?: string | undefined;
}

/** The program is neither in PATH nor at the given path. */
export class CommandNotFoundError extends Error {
  override readonly name = "CommandNotFoundError";
}

/** Runs a command to its end. A failing command is a result; one that does not exist throws {@link CommandNotFoundError}. */
export function run(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: options.cwd, env: options.env, stdio: "pipe" });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    // A command that ends without reading its input breaks the pipe; its exit code tells the story.
    child.stdin.on("error", () => undefined);
    child.stdin.end(options.input);
    child.on("error", (error: NodeJS.ErrnoException) =>
      reject(error.code === "ENOENT" ? new CommandNotFoundError(`${command} was not found`) : error),
    );
    child.on("close", (code) =>
      resolve({
        stdout: Buffer.concat(stdout).toString("utf8"),
        stderr: Buffer.concat(stderr).toString("utf8"),
        code: code ?? 128,
      }),
    );
  });
}

/** Like {@link run}, and throws with what the command wrote to stderr when it fails. Resolves to its stdout. */
export async function runOrThrow(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  const result = await run(command, args, options);
  if (result.code === 0) return result.stdout;
  const said = result.stderr.trim() || result.stdout.trim() || "it said nothing";
  throw new Error(`${[command, ...args].join(" ")} failed with code ${result.code}: ${said}`);
}
