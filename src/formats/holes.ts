import type { Coverage, CoverageState } from "../report/record.ts";

/** Places of one account that were not read for one reason. */
export interface Hole extends Omit<Coverage, "region" | "requestId"> {
  /** Empty: the account as a whole. */
  readonly regions: readonly string[];
  /** Of the first place, to ask AWS Support about. */
  readonly requestId: string | undefined;
  readonly advice: string;
}

/** `rows` told once for each account and reason, so that a role that is denied everywhere is one line. */
export function groupHoles(rows: readonly Coverage[]): Hole[] {
  const holes = Map.groupBy(rows, ({ account, region, state, operation, code, message }) =>
    JSON.stringify([account, region === "", state, operation, code, message]),
  );
  return [...holes.values()].map((group) => {
    const [{ region: _, ...facts }] = group as [Coverage];
    const regions = group.map(({ region }) => region).filter(Boolean);
    return { ...facts, requestId: facts.requestId, regions, advice: ADVICE[facts.state] };
  });
}

/** What the reader can do; docs/verdicts.md says more. */
const ADVICE: Readonly<Record<CoverageState, string>> = {
  covered: "",
  unsupported: "",
  denied: "Grant the role the action that is named, or let its trust policy admit the caller.",
  "denied-by-scp": "Where the policy is meant, leave the region out of the scan; else change the policy.",
  "not-enabled": "Leave the region out of the scan, or opt in to it.",
  throttled: "Find who else uses the quota or raise it, and scan again.",
  "timed-out": "Give the scan more time, or fewer regions at once, and scan again.",
  unreachable: "Look at network policy, DNS, proxy and endpoint, and scan again.",
  failed: "Scan again; if it stays, look at the code and at AWS's status page.",
};
