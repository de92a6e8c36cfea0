import { safeText } from "../api/safe-text.ts";
import { type FieldError, isOfName, wordsOf } from "./field-error.ts";

/** One thing to mend in a file. Its texts may hold anything that the file holds: show them by {@link describeProblem}. */
export interface Problem {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
  /** `spec.accounts[0].id`; undefined where the problem is not one of a field. */
  readonly field: string | undefined;
  /** What is wrong. Of a field in the very words of the API server: `Invalid value: "x": id is not …`. */
  readonly message: string;
  /** How to mend it, where that is known beyond the message. */
  readonly hint: string | undefined;
  /** The error behind it; undefined where the problem is not one of a field. */
  readonly error: FieldError | undefined;
}

const MAX_VALUE = 80;
const MAX_LINE = 1_000;

/**
 * A problem in one line, `scan.yaml:12:7: spec.accounts[0].id: Invalid value: "x": …`, safe to print: without control
 * characters, bounded, a long value cut so that what follows it is still told.
 */
export function describeProblem({ file, line, column, field, message, hint, error }: Problem): string {
  const words = error === undefined ? message : wordsOf({ ...error, value: shortened(error.value) });
  const isNamed = error === undefined || isOfName(error.reason) || field === undefined;
  const parts = [`${file}:${line}:${column}`, ...(isNamed ? [] : [field]), words];
  return safeText(parts.join(": ") + (hint === undefined ? "" : ` (${hint})`), MAX_LINE);
}

function shortened(value: string | undefined): string | undefined {
  return value === undefined || value.length <= MAX_VALUE ? value : `${value.slice(0, MAX_VALUE - 1)}…`;
}
