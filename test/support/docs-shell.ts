/** A reader's terminal: bash with our commands, kubectl and Helm on the PATH, and a record of how each call ended. */
import { spawn } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
/** What commands of the docs read of a checkout. */
const CHECKOUT = ["charts", "deploy", "docs", "test"];

/** Exit codes of ours that tell of a finding, and not of a command that is wrong. */
const FINDINGS: readonly string[] = ["2", "3"];

/** Long enough for a scan on a slow machine; a command that waits for a reader would never end. */
const HANGS_AFTER_MS = 120_000;

/** A terminal in a working directory of its own. */
export interface DocsShell {
  /** Runs the commands, and resolves to what was wrong with them, one entry for each: none is as it should be. */
  run(script: string, env: Readonly<Record<string, string>>): Promise<string[]>;
  readonly folder: string;
  stop(): Promise<void>;
}

/** `programs`: executables by the name that they shall have on the PATH, besides our own. */
export async function startDocsShell(programs: Readonly<Record<string, string>>): Promise<DocsShell> {
  const folder = await mkdtemp(join(tmpdir(), "docs-"));
  const [bin, work, journal] = [join(folder, "bin"), join(folder, "work"), join(folder, "journal")];
  await mkdir(bin);
  await mkdir(work);
  for (const name of CHECKOUT) await symlink(join(ROOT, name), join(work, name));
  for (const name of ["awsscan", "kubectl-awsscan"]) {
    await writeWrapper(join(bin, name), name, `"${process.execPath}" "${join(ROOT, "dist", `${name}.js`)}"`);
  }
  for (const [name, path] of Object.entries(programs)) await writeWrapper(join(bin, name), name, `"${path}"`);
  return {
    folder: work,
    async run(script, extra) {
      await writeFile(journal, "");
      const env = {
        PATH: [bin, dirname(process.execPath), process.env["PATH"]].join(delimiter),
        HOME: folder,
        KUBECACHEDIR: join(dirname(extra["KUBECONFIG"] ?? folder), "kubectl-cache"),
        // What an editor leaves as it is, kubectl leaves too.
        EDITOR: "true",
        DOCS_JOURNAL: journal,
        ...extra,
      };
      const { code, said } = await bash(`${PREAMBLE}${script}`, work, env);
      const calls = (await readFile(journal, "utf8")).split("\0").filter((entry) => entry !== "");
      const wrong = calls.filter((call) => !isGood(call));
      // The API server takes it, drops the field and warns.
      if (/unknown field "/.test(said)) wrong.push("a field that there is none of");
      if (code === undefined) wrong.push(`did not end within ${HANGS_AFTER_MS / 1_000} s`);
      return wrong.map((call) => `${call}\n${said.trim().slice(-2_000)}`);
    },
    stop: () => rm(folder, { recursive: true }),
  };
}

/** What no call in the journal tells: a command that there is none of, and one that is not ours and fails. */
const PREAMBLE = `
command_not_found_handle() { printf '127 %s\\0' "$*" >>"$DOCS_JOURNAL"; return 127; }
trap 'docs_code=$?; case "$BASH_COMMAND" in *kubectl*|*helm*|*awsscan*|grep*) ;; *) printf "%s %s\\0" "$docs_code" "$BASH_COMMAND" >>"$DOCS_JOURNAL" ;; esac' ERR
`;

/** A program that does as the one behind it, and writes down how that went: `<code> <name> <arguments>`. */
async function writeWrapper(path: string, name: string, command: string): Promise<void> {
  const script = `#!/bin/sh
${command} "$@"
code=$?
printf '%s %s\\0' "$code" "${name} $*" >>"$DOCS_JOURNAL"
exit $code
`;
  await writeFile(path, script);
  await chmod(path, 0o755);
}

function isGood(call: string): boolean {
  const [code, name = "", first] = call.split(" ");
  // Its own entry tells how the plugin ended.
  if (name === "kubectl" && first === "awsscan") return code !== "1" && code !== "127";
  return code === "0" || (/^(kubectl-)?awsscan$/.test(name) && FINDINGS.includes(code ?? ""));
}

function bash(
  script: string,
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<{ code: number | undefined; said: string }> {
  return new Promise((resolve, reject) => {
    // In a group of its own, so that what hangs ends with all that it started.
    const child = spawn("bash", ["--noprofile", "--norc", "-s"], { cwd, env, detached: true });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        said += text;
      });
    }
    const timer = setTimeout(() => process.kill(-(child.pid ?? 0), "SIGKILL"), HANGS_AFTER_MS);
    child.on("error", reject);
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve({ code: code ?? undefined, said });
    });
    child.stdin.on("error", () => undefined).end(script);
  });
}
