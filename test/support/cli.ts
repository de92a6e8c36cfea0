/** The commands as users run them: the bundle, in a process of its own. */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const DIST = new URL("../../dist/", import.meta.url);

export interface CliRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** Called once the process runs, to signal it, for example. */
  onStart?(kill: (signal: NodeJS.Signals) => void): void;
  readonly program?: "awsscan" | "kubectl-awsscan";
  readonly nodeArgs?: readonly string[];
}

/** Runs a command with nothing of this process's environment but the PATH. */
export async function cli(args: readonly string[], options: CliOptions = {}): Promise<CliRun> {
  const { env = {}, stdin = "", onStart, program = "awsscan", nodeArgs = [] } = options;
  const script = fileURLToPath(new URL(`${program}.js`, DIST));
  const child = spawn(process.execPath, [...nodeArgs, script, ...args], {
    env: { PATH: process.env["PATH"] ?? "", HOME: "/nonexistent", ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const output = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output.stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    output.stderr += text;
  });
  // A command that reads nothing may end before its input is written.
  child.stdin.on("error", () => undefined).end(stdin);
  onStart?.((signal) => child.kill(signal));
  const code = await new Promise<number>((resolve) => {
    child.on("close", (status, signal) => resolve(status ?? (signal === null ? -1 : 128)));
  });
  return { code, ...output };
}
