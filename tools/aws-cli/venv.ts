/** The AWS CLI, for tests of what people are told to run by it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Tell } from "../machine/progress.ts";
import { pythonVenv } from "../machine/venv.ts";

const tellStderr: Tell = (line) => {
  process.stderr.write(`aws-cli: ${line}\n`);
};

/**
 * The AWS CLI as words to begin a command with. Version 1, since PyPI has no other: it parses the same options by the
 * same models of botocore as version 2. The first call on a machine installs it from PyPI into the cache folder.
 */
export async function awsCli(env: NodeJS.ProcessEnv = process.env): Promise<readonly [string, string]> {
  const requirements = new URL("requirements.txt", import.meta.url);
  const content = "the AWS CLI";
  const bin = await pythonVenv({ requirements, content, tool: "aws-cli", env, tell: tellStderr });
  return [join(bin, "python"), join(bin, "aws")];
}

/** An AWS CLI that has been loaded already. */
export interface AwsCliServer {
  /** Where it listens. */
  readonly socket: string;
  stop(): Promise<void>;
}

const SERVER = fileURLToPath(new URL("server.py", import.meta.url));

/** Starts `server.py` with its socket in `folder`. `services`: those that will be asked for, by their names in botocore. */
export async function startAwsCliServer(
  folder: string,
  [python]: readonly [string, string],
  services: readonly string[],
): Promise<AwsCliServer> {
  const socket = join(folder, "aws-cli.sock");
  const child = spawn(python, [SERVER, socket, ...services], { stdio: ["pipe", "pipe", "inherit"] });
  const closed = once(child, "close");
  await Promise.race([
    once(child.stdout, "data"),
    closed.then(() => {
      throw new Error("the AWS CLI's server ended before it listened");
    }),
  ]);
  return {
    socket,
    async stop() {
      child.stdin.end();
      await closed;
    },
  };
}

/**
 * Writes a program `aws` into `folder`, for the PATH of a script: it appends its arguments, a line of JSON each call, to
 * `calls.jsonl` there, and has `server` run the AWS CLI. `AWS_CLI_KILLS_AFTER=OPERATION` kills the script's process group with
 * SIGKILL when a call of it has been answered; `AWS_CLI_FAILS=OPERATION` lets the calls of one operation fail instead of
 * being made, as `AWS_CLI_FAILURE` says; `AWS_CLI_INTERRUPTED_AT=OPERATION` has Ctrl-C pressed during them, which the CLI
 * answers by ending with 130.
 */
export async function writeShim(
  folder: string,
  [python]: readonly [string, string],
  { socket }: AwsCliServer,
): Promise<void> {
  const program = join(folder, "aws");
  await writeFile(
    program,
    `#!${python} -SE
import json, os, signal, socket, struct, sys
calls = os.path.join(os.path.dirname(os.path.abspath(__file__)), "calls.jsonl")
with open(calls, "a") as log:
    log.write(json.dumps(sys.argv[1:]) + "\\n")
if os.environ.get("AWS_CLI_FAILS") in sys.argv[1:3]:
    why = os.environ.get("AWS_CLI_FAILURE", "failed for the test")
    sys.exit("An error occurred (InternalFailure) when calling it: " + why)
if os.environ.get("AWS_CLI_INTERRUPTED_AT") in sys.argv[1:4]:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.killpg(os.getpgrp(), signal.SIGINT)
    sys.exit(130)
call = json.dumps({"args": sys.argv[1:], "env": dict(os.environ), "cwd": os.getcwd()}).encode()
with socket.socket(socket.AF_UNIX) as server:
    server.connect(${JSON.stringify(socket)})
    socket.send_fds(server, [struct.pack("!I", len(call))], [0, 1, 2])
    server.sendall(call)
    code = server.recv(1)
if os.environ.get("AWS_CLI_KILLS_AFTER") in sys.argv[1:3]:
    os.killpg(os.getpgrp(), signal.SIGKILL)
sys.exit(code[0] if code else "the AWS CLI ended without an exit code")
`,
  );
  await chmod(program, 0o755);
}
