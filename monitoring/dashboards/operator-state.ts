import { ORANGE, RED, TEAL } from "./palette.ts";

/**
 * 1 where the process that scans has restored its records, 0 where it has not yet, -1 where there is none: the one
 * query whose answer is never empty. Of several leaders the least counts.
 */
export const OPERATOR_STATE = "min(awsaccountscan_restored and awsaccountscan_leader == 1) or vector(-1)";

export const OPERATOR_WORDS = {
  "-1": { text: "NO OPERATOR: nothing is known", color: RED },
  "0": { text: "RESTORING: numbers are incomplete", color: ORANGE },
  "1": { text: "Reporting", color: TEAL },
};
