import { visibleText } from "../api/visible-text.ts";
import { stallOf } from "../controller/plan.ts";
import { type Manifests, parseManifests, type ScanManifest } from "../manifest/manifests.ts";
import { describeProblem } from "../manifest/problem.ts";
import { readInput } from "./input.ts";
import { note } from "./note.ts";
import { write } from "./output.ts";
import { UsageError } from "./usage-error.ts";

/**
 * The AwsAccountScans of the files, `-` for standard input, with defaults.
 * @throws {UsageError} that tells every problem of every file.
 */
export async function readScans(files: readonly string[]): Promise<readonly ScanManifest[]> {
  const read = await readFiles(files);
  refuseProblems(read);
  const scans = read.flatMap((manifests) => manifests.scans);
  // A misspelt rule must not pass for one that found nothing.
  const stalls = scans.flatMap(stallsOf);
  if (stalls.length > 0) throw new UsageError(stalls.map((line) => `error: ${line}`).join("\n"));
  return scans;
}

/** `awsscan validate -f`: says of every manifest whether a cluster would take it, and why not. */
export async function validateCommand({ filename }: { readonly filename: readonly string[] }): Promise<void> {
  const read = await readFiles(filename);
  await write(
    read.flatMap(({ scans, skipped }) => [
      ...scans.map((scan) => `AwsAccountScan ${nameOf(scan)}: valid\n`),
      ...skipped.map(
        ({ file, line, kind, name }) =>
          `${visibleText(`${file}:${line}: ${kind} ${name}`)}: not an AwsAccountScan, not looked at\n`,
      ),
    ]),
  );
  for (const line of read.flatMap(({ scans }) => scans.flatMap(stallsOf))) {
    note(`warning: a cluster takes it, and the operator will not scan it: ${line}`);
  }
  refuseProblems(read);
}

function stallsOf(scan: ScanManifest): string[] {
  const stall = stallOf(scan.spec);
  return stall === undefined ? [] : [`${nameOf(scan)}: ${stall.reason}: ${stall.message}`];
}

function refuseProblems(read: readonly Manifests[]): void {
  const lines = read.flatMap(({ problems }) =>
    problems.map((problem) => `error: ${describeProblem(problem)}`),
  );
  if (lines.length === 0) return;
  if (read.some(({ rulesSkipped }) => rulesSkipped)) {
    lines.push("Rules across fields were not looked at yet: mend these first, and ask again.");
  }
  throw new UsageError(lines.join("\n"));
}

/** A name for people; one that the API server completes ends in what it begins with. */
export function nameOf({ metadata }: Pick<ScanManifest, "metadata">): string {
  const name = metadata.name ?? `${metadata.generateName ?? ""}…`;
  return metadata.namespace === undefined ? name : `${metadata.namespace}/${name}`;
}

function readFiles(files: readonly string[]): Promise<Manifests[]> {
  return Promise.all(
    files.map(async (file) => {
      try {
        return parseManifests(await readInput(file), file === "-" ? "standard input" : file);
      } catch (error) {
        throw new UsageError(`error: ${error instanceof Error ? error.message : String(error)}`);
      }
    }),
  );
}
