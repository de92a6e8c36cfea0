import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { venvBin } from "../support/venv.ts";
import { type Contender, cleanEnvironment, lastWords } from "./contender.ts";
import { PYTHON_REQUIREMENTS } from "./loops.ts";

const LOOP = fileURLToPath(new URL("programs/aws-cli-loop.sh", import.meta.url));

/** The audit commands of the rule's page: the CLI once for the list, and once for every instance. */
export const awsCli: Contender = {
  name: "AWS CLI loop",
  async prepare() {
    const bin = await venvBin(PYTHON_REQUIREMENTS);
    return {
      command: (run) => ({
        argv: ["sh", LOOP, join(bin, "python"), join(bin, "aws")],
        env: cleanEnvironment(run),
      }),
      async read(measured) {
        const answers = measured.stdout.trim().split("\n");
        const violations = answers.filter((answer) => answer === "Enabled").length;
        const judged = violations + answers.filter((answer) => answer === "Disabled").length;
        const says = measured.stderr === "" ? "" : lastWords(measured);
        return { violations, judged, says, exitCode: String(measured.code) };
      },
    };
  },
};
