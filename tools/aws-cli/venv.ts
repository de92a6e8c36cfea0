/** The AWS CLI, for tests of what people are told to run by it. */
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
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

/**
 * Writes a program `aws` into `folder`, for the PATH of a script: it appends its arguments, a line of JSON each call, to
 * `calls.jsonl` there, and runs the AWS CLI. `AWS_CLI_KILLS_AFTER=OPERATION` kills the script's process group with SIGKILL when a
 * call of it has been answered; `AWS_CLI_FAILS=OPERATION` lets the calls of one operation fail instead of being made,
 * as `AWS_CLI_FAILURE` says;
 * `AWS_CLI_INTERRUPTED_AT=OPERATION` has Ctrl-C pressed during them, which the CLI answers by ending with 130.
 */
export async function writeShim(folder: string, cli: readonly [string, string]): Promise<void> {
  const program = join(folder, "aws");
  const [python, aws] = cli.map((path) => JSON.stringify(path));
  await writeFile(
    program,
    `#!${cli[0]}
import json, os, signal, subprocess, sys
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
code = subprocess.run([${python}, ${aws}, *sys.argv[1:]]).returncode
if os.environ.get("AWS_CLI_KILLS_AFTER") in sys.argv[1:3]:
    os.killpg(os.getpgrp(), signal.SIGKILL)
sys.exit(code)
`,
  );
  await chmod(program, 0o755);
}
