import type { ReportedFinding } from "../report/result.ts";
import { shellWord } from "./shell-word.ts";
import { visibleText } from "./visible-text.ts";

/**
 * The command that plans how to put a violation right; undefined where there is nothing to do, and where the ARN has
 * characters that nobody could see in what he copies.
 */
export function planCommand({ verdict, arn }: Pick<ReportedFinding, "verdict" | "arn">): string | undefined {
  if (verdict !== "violation" || visibleText(arn) !== arn) return undefined;
  return `awsscan plan ${shellWord(arn)}`;
}
