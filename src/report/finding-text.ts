import type { RecordedFinding } from "./record.ts";

/** What was found, in a sentence or two that stand alone; without the resource's name. */
export function findingText({
  message,
  verdict,
  reason,
  exemption,
  lastVerified,
}: Pick<RecordedFinding, "message" | "verdict" | "reason" | "exemption" | "lastVerified">): string {
  const sentences = [verdict === "unknown" ? `Could not be judged: ${reason}: ${message}` : message];
  if (verdict === "exempt") sentences.push(exemptionText(exemption));
  if (lastVerified !== undefined) {
    sentences.push(`This scan could not read it: it stands as it was last read, at ${lastVerified}.`);
  }
  return sentences.filter((sentence) => sentence !== "").join(" ");
}

export function exemptionText(exemption: string | undefined): string {
  return exemption === undefined ? "An exemption covers it." : `The exemption ${exemption} covers it.`;
}
