import type { LoggedRequest } from "../../../tools/aws-simulator/request-log.ts";

/** The beginning of a scan, as the operator's log tells it. */
export interface StartedScan {
  readonly namespace: string;
  readonly scan: string;
  readonly scanId: string;
  readonly trigger: string;
}

export function startedScans(lines: readonly string[]): StartedScan[] {
  return lines
    .filter((line) => line.includes('"msg":"scan started"') && line.endsWith("}"))
    .map((line) => JSON.parse(line) as StartedScan);
}

/** What may start scans of one `namespace/name`. */
export interface Causes {
  /** Resources that had the name. */
  readonly creations: number;
  /** Different values of the annotation that asks for a scan. */
  readonly requests: number;
}

/**
 * Scans without a cause, in words. Every cause is good for one scan, and for one more in each process that had not heard of
 * it: that is what "at least once" means here. The clock's own scans are the schedule's affair; `lives`: processes so far.
 */
export function needlessScans(
  started: readonly StartedScan[],
  causes: ReadonlyMap<string, Causes>,
  lives: number,
): string[] {
  return [...causes].flatMap(([key, { creations, requests }]) => {
    const count = (trigger: string) =>
      started.filter((s) => `${s.namespace}/${s.scan}` === key && s.trigger === trigger).length;
    const bounds: [string, number][] = [
      ["Initial", creations + lives - 1],
      ["Requested", requests + lives - 1],
      ["RecordLost", lives - 1],
    ];
    return bounds
      .filter(([trigger, most]) => count(trigger) > most)
      .map(
        ([trigger, most]) => `${key}: ${count(trigger)} scans by ${trigger}, at most ${most} have a cause`,
      );
  });
}

/**
 * Regions that were read more often than scans of them were begun, and more often than answers were `lost`, after each of which a
 * scan asks again: something reads AWS that is no scan.
 */
export function untoldReads(
  requests: readonly LoggedRequest[],
  started: readonly StartedScan[],
  lost: number,
): string[] {
  const reads = new Map<string, number>();
  for (const { operation, outcome, caller = "", account, region } of requests) {
    if (operation !== "ListDomains" || outcome !== "success") continue;
    const key = [caller.slice(caller.lastIndexOf("/") + 1), account, region].join(" ");
    reads.set(key, (reads.get(key) ?? 0) + 1);
  }
  let excess = 0;
  const untold = [...reads].flatMap(([key, count]) => {
    const [session = ""] = key.split(" ");
    const begun = started.filter(
      ({ namespace, scan }) => `awsscan-${namespace}.${scan}`.slice(0, 64) === session,
    ).length;
    excess += Math.max(0, count - begun);
    return count > begun ? [`${key} was read ${count} times by ${begun} scans, ${lost} answers lost`] : [];
  });
  return excess > lost ? untold : [];
}
