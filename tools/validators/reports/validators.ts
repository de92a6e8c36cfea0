/** Official schemas and well-known readers of the report formats, in one Python process. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runOrThrow } from "../../machine/command.ts";
import type { Tell } from "../../machine/progress.ts";
import { pythonVenv } from "../../machine/venv.ts";
import { sarifSchema } from "./sarif-multitool.ts";

/** Texts to look at, by a name for each. */
export type Reports = Readonly<Record<string, string>>;

/** What a reader made of a text. */
export interface Reading {
  /** Empty where the text is valid. */
  readonly errors: readonly string[];
  /** Findings, events or test cases. */
  readonly read: number;
  /** Of ASFF: what moto's Security Hub holds after importing all of it twice. */
  readonly imported?: number;
  /** Of JUnit: the test cases that have each; `unknown` are its errors. */
  readonly failures?: number;
  readonly skipped?: number;
  readonly unknown?: number;
}

const tell: Tell = (line) => {
  process.stderr.write(`validators: ${line}\n`);
};

/** Asks the validators of each format. The first call on a machine installs them from PyPI. */
export async function validateReports<Name extends "sarif" | "ocsf" | "asff" | "junit">(
  reports: Readonly<Record<Name, Reports>>,
): Promise<Record<Name, Record<string, Reading>>> {
  const requirements = new URL("requirements.txt", import.meta.url);
  const content = "validators of reports";
  const bin = await pythonVenv({ requirements, content, tool: "report-validators", env: process.env, tell });
  const script = fileURLToPath(new URL("validate.py", import.meta.url));
  const answer = await runOrThrow(join(bin, "python"), [script, await sarifSchema()], {
    input: JSON.stringify(reports),
  });
  return JSON.parse(answer) as Record<Name, Record<string, Reading>>;
}
