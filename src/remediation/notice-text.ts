import { safeText } from "../api/safe-text.ts";
import type { Notice, RemediationPlan } from "./plan.ts";

const MAX_LENGTH = 1_000;

/** Foreign text for a comment or for metadata: one line, bounded. */
export function plainText(text: string): string {
  return safeText(text, MAX_LENGTH);
}

const LABELS: Readonly<Record<Notice["kind"], string>> = {
  precondition: "First",
  lost: "Not carried over",
  network: "Network",
  cost: "Cost",
  owner: "Owner",
};

/** A plan's notices as lines for people. */
export function noticeLines(plan: RemediationPlan): string[] {
  return plan.notices.map(({ kind, text }) => plainText(`${LABELS[kind]}: ${text}`));
}

const COMMENT_WIDTH = 100;

/** A line in lines of whole words, each as long as a comment may be. */
export function wrapped(line: string): string[] {
  const lines: string[] = [];
  for (const word of line.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < COMMENT_WIDTH)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
