import { UNTOLD } from "../rules/promql.ts";
import { ORANGE, RED, TEAL } from "./palette.ts";

/**
 * 1 where every process that scans has restored its records, 0 where one has not yet or a scan is on its way from one to
 * another, -1 where none scans: the one query whose answer is never empty.
 */
export const OPERATOR_STATE = `min((awsaccountscan_restored and awsaccountscan_leader == 1) or 0 * count(awsaccountscan_leader == 1 and on () ${UNTOLD})) or vector(-1)`;

export const OPERATOR_WORDS = {
  "-1": { text: "NO OPERATOR: nothing is known", color: RED },
  "0": { text: "RESTORING: numbers are incomplete", color: ORANGE },
  "1": { text: "Reporting", color: TEAL },
};
