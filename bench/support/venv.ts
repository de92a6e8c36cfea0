/** Python environments of the contenders: one each, since their pins of botocore exclude each other. */
import { basename } from "node:path";
import { pythonVenv } from "../../tools/machine/venv.ts";

const tell = (line: string): void => {
  process.stderr.write(`bench: ${line}\n`);
};

/** The `bin` folder of an environment that holds what the requirements file names; see {@link pythonVenv}. */
export function venvBin(requirements: URL): Promise<string> {
  const content = basename(requirements.pathname);
  return pythonVenv({ requirements, content, tool: "bench", env: process.env, tell });
}
