/** What Checkov says of folders of templates. */
import { run } from "../machine/command.ts";
import { script } from "./python.ts";

export interface CheckovFinding {
  readonly check: string;
  readonly resource: string;
  readonly file: string;
  readonly passed: boolean;
}

interface Report {
  readonly results: Readonly<Record<"passed_checks" | "failed_checks" | "parsing_errors", readonly Check[]>>;
}

interface Check {
  readonly check_id: string;
  readonly resource: string;
  readonly file_path: string;
}

/**
 * Runs the named checks over all templates below `folder`, in one process of some seconds. A file that Checkov cannot
 * parse throws, since it would otherwise pass for one without findings.
 */
export async function checkov(
  bin: string,
  folder: string,
  checks: readonly string[],
): Promise<CheckovFinding[]> {
  const [python, path] = script(bin, "checkov");
  const options = ["--directory", folder, "--output", "json", "--check", checks.join(","), "--skip-download"];
  const env = { PATH: process.env["PATH"], HOME: folder };
  const { stdout, stderr } = await run(python, [path, ...options], { env });
  if (!stdout.trim()) throw new Error(`Checkov said nothing: ${stderr}`);
  const answer = JSON.parse(stdout) as Report | Report[];
  return [answer].flat().flatMap(({ results }) => {
    if (results.parsing_errors.length > 0)
      throw new Error(`Checkov cannot parse ${JSON.stringify(results.parsing_errors)}`);
    const finding = (passed: boolean) => (check: Check) => ({
      check: check.check_id,
      resource: check.resource,
      file: check.file_path.replace(/^\//, ""),
      passed,
    });
    return [...results.passed_checks.map(finding(true)), ...results.failed_checks.map(finding(false))];
  });
}
