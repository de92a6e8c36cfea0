import type { ScanResult } from "../report/result.ts";

export interface FormatOptions {
  /** Whether the reader is a terminal that shows colours. */
  readonly color: boolean;
  /** Columns of the terminal; undefined where there is none. */
  readonly columns?: number | undefined;
}

/**
 * Writes a result down. Pure; yields the text in pieces, so that a hundred thousand findings need not stand in memory
 * as one string. All text of a result is foreign: names, tags and messages come from AWS accounts, and each format makes
 * them harmless in its own way.
 */
export type Format = (result: ScanResult, options: FormatOptions) => Iterable<string>;
