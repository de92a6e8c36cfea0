import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { HOME } from "../support/fleet.ts";
import { venvBin } from "../support/venv.ts";
import { type Contender, cleanEnvironment, lastWords, type Run } from "./contender.ts";

const CHECK = "sagemaker_notebook_instance_without_direct_internet_access_configured";

/** What we read of a finding in Prowler's OCSF file. */
interface Finding {
  readonly status_code: string;
  readonly status_detail: string;
}

/**
 * Prowler with the one check. It asks SageMaker for other resources as well; the simulator does not know those
 * operations, and Prowler goes on without them.
 */
export const prowler: Contender = {
  name: "Prowler 5.46.0",
  async prepare() {
    const bin = await venvBin(new URL("programs/prowler-requirements.txt", import.meta.url));
    const options = ["--checks", CHECK, "--region", HOME, "--no-banner", "--output-formats", "json-ocsf"];
    return {
      command: (run) => ({
        argv: [
          ...[join(bin, "python"), join(bin, "prowler"), "aws", ...options],
          ...["--output-directory", run.folder, "--output-filename", "findings"],
        ],
        env: cleanEnvironment(run),
      }),
      async read(measured, run) {
        const exitCode = String(measured.code);
        const findings = await findingsOf(run);
        if (findings === undefined)
          return { violations: undefined, judged: undefined, says: lastWords(measured), exitCode };
        const count = (status: string) => findings.filter((finding) => finding.status_code === status).length;
        const [violations, passes] = [count("FAIL"), count("PASS")];
        const other = findings.find(({ status_code }) => status_code !== "FAIL" && status_code !== "PASS");
        const others = findings.length - violations - passes;
        const says = other === undefined ? "" : `${others} ${other.status_code}: ${other.status_detail}`;
        return { violations, judged: violations + passes, says, exitCode };
      },
    };
  },
};

async function findingsOf({ folder }: Run): Promise<readonly Finding[] | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, "findings.ocsf.json"), "utf8")) as Finding[];
  } catch {
    return undefined;
  }
}
