import { styleText } from "node:util";
import type { ReportedFinding } from "../../report/result.ts";
import type { Conclusion } from "../conclusion.ts";

/** What text stands for; the one place that knows its colour. */
export type Tone = "bad" | "doubtful" | "good" | "muted" | "heading";

const STYLES = {
  bad: ["bold", "red"],
  doubtful: ["bold", "yellow"],
  good: ["bold", "green"],
  muted: ["dim"],
  heading: ["bold"],
} as const;

export type Paint = (tone: Tone, text: string) => string;

/** Colours where the reader sees them. Whether it does is the caller's to know: nothing here looks at a stream. */
export function painter(color: boolean): Paint {
  return (tone, text) => (color ? styleText([...STYLES[tone]], text, { validateStream: false }) : text);
}

export const VERDICT_TONES: Readonly<Record<ReportedFinding["verdict"], Tone>> = {
  violation: "bad",
  unknown: "doubtful",
  exempt: "muted",
  compliant: "good",
};

export const CONCLUSION_TONES: Readonly<Record<Conclusion["verdict"], Tone>> = {
  violations: "bad",
  incomplete: "doubtful",
  compliant: "good",
};
