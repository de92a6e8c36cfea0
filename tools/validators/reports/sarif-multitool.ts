/** Microsoft's SARIF Multitool: the validator of the format's editors. */
import { randomUUID } from "node:crypto";
import { access, chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { cacheFolder } from "../../machine/cache-folder.ts";
import { run, runOrThrow } from "../../machine/command.ts";
import { withLock } from "../../machine/lock.ts";
import { type Tell, withProgress } from "../../machine/progress.ts";

const VERSION = "5.7.0";

/** A rule that a SARIF log breaks. */
export interface SarifComplaint {
  /** The log's, as it was given. */
  readonly file: string;
  readonly ruleId: string;
  readonly level: string;
  readonly text: string;
}

const tell: Tell = (line) => {
  process.stderr.write(`validators: ${line}\n`);
};

/**
 * What the Multitool finds wrong with each log, by the standard's rules (`SARIF…`), those of GitHub's code scanning
 * (`GH…`) and the JSON schema (`JSON…`). A value that is not of its enumeration ends its look at a log without a word:
 * that is for a validator of the schema to find.
 */
export async function sarifComplaints(
  logs: Readonly<Record<string, string>>,
): Promise<Record<string, SarifComplaint[]>> {
  const multitool = join(await multitoolFolder(), "Sarif.Multitool");
  const folder = await mkdtemp(join(tmpdir(), "sarif-"));
  try {
    const names = Object.keys(logs);
    for (const [name, log] of Object.entries(logs)) await writeFile(join(folder, `${name}.sarif`), log);
    const output = join(folder, "report.json");
    const inputs = names.map((name) => join(folder, `${name}.sarif`));
    const args = ["validate", ...inputs, "--rule-kind", "Sarif;Ghas", "--level", "Error;Warning"];
    // Complaints are its exit code too; a report that is missing is the failure.
    await run(multitool, [...args, "--output", output, "--quiet"], {
      env: { ...process.env, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: "1" },
    });
    const complaints = complaintsIn(await readFile(output, "utf8"));
    return Object.fromEntries(
      names.map((name) => [name, complaints.filter(({ file }) => file === `${name}.sarif`)]),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Report {
  readonly runs: readonly {
    readonly results?: readonly {
      readonly ruleId: string;
      readonly level?: string;
      readonly message: { readonly arguments?: readonly string[] };
      readonly locations: readonly [
        { readonly physicalLocation: { readonly artifactLocation: { readonly uri: string } } },
      ];
    }[];
  }[];
}

function complaintsIn(report: string): SarifComplaint[] {
  const { runs } = JSON.parse(report.replace(/^\ufeff/, "")) as Report;
  return runs.flatMap(({ results = [] }) =>
    results.map(({ ruleId, level = "warning", message, locations }) => {
      const { uri } = locations[0].physicalLocation.artifactLocation;
      return { file: basename(uri), ruleId, level, text: (message.arguments ?? []).join(" ") };
    }),
  );
}

/** The JSON schema of SARIF 2.1.0, as Microsoft publishes it with its own. */
export async function sarifSchema(): Promise<string> {
  return join(await multitoolFolder(), "sarif-2.1.0.json");
}

/**
 * Where the package lies. The first call on a machine downloads 43 MB from npm; the package is one of Linux, macOS or
 * Windows, for x64.
 */
async function multitoolFolder(): Promise<string> {
  const name = `@microsoft/sarif-multitool-${process.platform}`;
  const cache = cacheFolder(process.env, "sarif-multitool");
  await mkdir(cache, { recursive: true });
  const folder = join(cache, VERSION);
  const found = join(folder, "node_modules", name);
  await withLock(`${folder}.lock`, tell, async () => {
    if (await exists(found)) return;
    const draft = `${folder}.${randomUUID()}`;
    try {
      const args = [
        "install",
        "--prefix",
        draft,
        "--no-audit",
        "--no-fund",
        "--ignore-scripts",
        `${name}@${VERSION}`,
      ];
      await withProgress(tell, "installing the SARIF Multitool from npm, once for this machine", () =>
        runOrThrow("npm", args),
      );
      await chmod(join(draft, "node_modules", name, "Sarif.Multitool"), 0o755);
      await rename(draft, folder);
    } catch (error) {
      await rm(draft, { recursive: true, force: true });
      throw error;
    }
  });
  return found;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
