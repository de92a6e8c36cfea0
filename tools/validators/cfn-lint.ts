/** What cfn-lint says of templates. */
import { run } from "../machine/command.ts";
import { script } from "./python.ts";

export interface LintFinding {
  /** `E3030`: errors begin with an E, warnings with a W, information with an I. */
  readonly rule: string;
  readonly message: string;
  readonly file: string;
}

/** Runs every rule of the region's schemas, information included, over all files in one process of some seconds. */
export async function cfnLint(bin: string, region: string, files: readonly string[]): Promise<LintFinding[]> {
  const [python, path] = script(bin, "cfn-lint");
  const options = ["--format", "json", "--include-checks", "I", "--regions", region, "--"];
  const { stdout, stderr } = await run(python, [path, ...options, ...files]);
  if (!stdout.trim()) throw new Error(`cfn-lint said nothing: ${stderr}`);
  const matches = JSON.parse(stdout) as { Rule: { Id: string }; Message: string; Filename: string }[];
  return matches.map(({ Rule, Message, Filename }) => ({ rule: Rule.Id, message: Message, file: Filename }));
}
