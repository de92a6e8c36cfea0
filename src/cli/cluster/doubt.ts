import type { AwsAccountScan } from "../../api/generated/awsaccountscan.ts";
import { freshness, isStale } from "../../controller/decide.ts";
import { planOf } from "../../controller/plan.ts";
import { keyOf } from "./cluster.ts";

/** Why a scan's last result cannot be taken for the state of now. */
export interface Doubt {
  /** CamelCase. */
  readonly reason: string;
  readonly message: string;
}

/**
 * What the scan's conditions doubt, and what time has made of its result (`now` in ms): the status of an operator that
 * is gone stands still, and doubts nothing.
 */
export function doubtOf(scan: AwsAccountScan, now: number): Doubt | undefined {
  const { conditions = [], observedGeneration, lastScan } = scan.status ?? {};
  const key = keyOf(scan);
  if (lastScan === undefined) return { reason: "NoResult", message: `${key} has no result yet` };
  if (observedGeneration !== scan.metadata.generation) {
    return { reason: "SpecChanged", message: `${key} was changed after its last scan` };
  }
  const of = (type: string) => conditions.find((condition) => condition.type === type);
  const doubted =
    of("Ready")?.status !== "True"
      ? of("Ready")
      : [of("Complete"), of("Compliant")].find((condition) => condition?.status === "Unknown");
  if (doubted !== undefined) return { reason: doubted.reason, message: `${key}: ${doubted.message}` };
  if (of("Ready") === undefined)
    return { reason: "NotReady", message: `the operator says nothing of ${key}` };
  return aged(scan, lastScan, now);
}

/** What keeps scans from running, if anything does; it says more than how old the last result is. */
export function haltOf({ spec, status }: AwsAccountScan): Doubt | undefined {
  const of = (type: string) => status?.conditions?.find((condition) => condition.type === type);
  const [ready, stalled] = [of("Ready"), of("Stalled")];
  if (stalled?.status === "True") {
    return { reason: "Stalled", message: `${stalled.reason}: ${stalled.message}` };
  }
  if (spec.suspend !== true) return undefined;
  const message = ready?.reason === "Suspended" ? ready.message : "spec.suspend is true.";
  return { reason: "Suspended", message };
}

const DEFAULT_PERIOD_MS = 3_600_000;

function aged(
  scan: AwsAccountScan,
  { startTime }: { readonly startTime: string },
  now: number,
): Doubt | undefined {
  // The operator's default interval, as far as it can be seen from here.
  const period = Date.parse(scan.status?.nextScanTime ?? "") - Date.parse(startTime);
  const plan = planOf(scan, period > 0 ? period : DEFAULT_PERIOD_MS);
  if (isStale(freshness({ startTime }, plan.schedule, plan.timeoutMs), now)) {
    const message = `${keyOf(scan)}: nothing has been verified since ${startTime}; does the operator run?`;
    return { reason: "Stale", message };
  }
  const mayBeExempt = (scan.status?.summary?.exempt ?? 1) > 0;
  if (mayBeExempt && plan.expiries.some((expiry) => expiry > Date.parse(startTime) && expiry <= now)) {
    return {
      reason: "ExemptionExpired",
      message: `${keyOf(scan)}: an exemption has expired since the last scan`,
    };
  }
  return undefined;
}
