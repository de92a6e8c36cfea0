/** moto's Python environment. */
import { join } from "node:path";
import type { Tell } from "../machine/progress.ts";
import { pythonVenv } from "../machine/venv.ts";

/** Where environments are kept, and where progress is told. */
export interface VenvOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly tell?: Tell;
}

const tellStderr: Tell = (line) => {
  process.stderr.write(`moto: ${line}\n`);
};

/**
 * The Python interpreter of an environment that holds `requirements.txt`. The first call on a machine downloads
 * some 100 MB into the cache folder, beside the control plane's binaries; it needs Python 3.10 or later and PyPI.
 */
export async function motoPython({
  env = process.env,
  tell = tellStderr,
}: VenvOptions = {}): Promise<string> {
  const requirements = new URL("requirements.txt", import.meta.url);
  return join(await pythonVenv({ requirements, content: "moto", tool: "moto", env, tell }), "python");
}
