import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { HOME } from "../support/fleet.ts";
import { venvBin } from "../support/venv.ts";
import { type Contender, cleanEnvironment, lastWords, type Run } from "./contender.ts";

const POLICY = fileURLToPath(new URL("programs/custodian-policy.yml", import.meta.url));

/** Cloud Custodian with a value filter, without its cache. It names what matches, and not what it has looked at. */
export const custodian: Contender = {
  name: "Cloud Custodian 0.9.53",
  async prepare() {
    const bin = await venvBin(new URL("programs/custodian-requirements.txt", import.meta.url));
    return {
      command: (run) => ({
        argv: [
          ...[join(bin, "python"), join(bin, "custodian"), "run", "--region", HOME, "--cache-period", "0"],
          ...["--output-dir", run.folder, POLICY],
        ],
        env: cleanEnvironment(run),
      }),
      async read(measured, run) {
        const matching = await resourcesOf(run);
        const says = measured.code === 0 ? "" : lastWords(measured);
        return { violations: matching, judged: undefined, says, exitCode: String(measured.code) };
      },
    };
  },
};

async function resourcesOf({ folder }: Run): Promise<number | undefined> {
  try {
    const text = await readFile(join(folder, "notebooks", "resources.json"), "utf8");
    return (JSON.parse(text) as unknown[]).length;
  } catch {
    return undefined;
  }
}
