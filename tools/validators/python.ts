/** The validators that are written in Python: cfn-lint and Checkov. */
import { join } from "node:path";
import type { Tell } from "../machine/progress.ts";
import { pythonVenv } from "../machine/venv.ts";

export const tellStderr: Tell = (line) => {
  process.stderr.write(`validators: ${line}\n`);
};

/**
 * The `bin` folder of their environment. The first call on a machine downloads some 120 MB into the cache folder; it
 * needs Python 3.10 or later and PyPI. Run the scripts in it as arguments of its `python`.
 */
export async function validatorsBin(
  env: NodeJS.ProcessEnv = process.env,
  tell: Tell = tellStderr,
): Promise<string> {
  const requirements = new URL("requirements.txt", import.meta.url);
  return pythonVenv({ requirements, content: "cfn-lint and Checkov", tool: "validators", env, tell });
}

/** An installed script by its name, as a command and its first arguments. */
export function script(bin: string, name: string): readonly [command: string, path: string] {
  return [join(bin, "python"), join(bin, name)];
}
