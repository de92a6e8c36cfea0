/** What a benchmark asks of the engine's process, and what that process tells. Plain JSON, both of it. */

import type { RequestLimits } from "../../src/aws/calls/dispatcher.ts";

/** The only argument of the engine's process. */
export interface EngineJob {
  /** Keys of an IAM user; `AWS_ENDPOINT_URL` says where they are good. */
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Each is entered by its role. Undefined: the account of the keys, with nothing assumed. */
  readonly accounts?: readonly { readonly id: string; readonly roleArn: string }[] | undefined;
  /** Literal names; undefined: every region that is enabled, which costs a look-up. */
  readonly regions?: readonly string[] | undefined;
  /** How many in a row, in one process: the first is cold, the others know what the one before them saw. */
  readonly scans: number;
  readonly limits: RequestLimits;
  /** Wait for a line on stdin before every scan but the first, so that calls can be counted by scan. */
  readonly stepwise: boolean;
}

/** One line of stdout for every scan. */
export interface EngineScan {
  readonly wallMs: number;
  /** Of the process during this scan; the first one's includes the start of the process. */
  readonly cpuMs: number;
  /** Of the process up to now. */
  readonly peakMiB: number;
  readonly compliant: number;
  readonly violations: number;
  readonly exempt: number;
  readonly unknown: number;
  /** Complete, Incomplete or Failed. */
  readonly outcome: string;
  /** What the record says could not be read: a line for each kind of failure. */
  readonly failures: readonly string[];
}
