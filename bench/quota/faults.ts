/** What is measured here: one fleet, and the ways in which it cannot be read at will. */
import type { FaultRule } from "../../tools/aws-simulator/faults.ts";
import type { Fleet } from "../../tools/aws-simulator/fleet.ts";
import type { Shape } from "../support/fleet.ts";

export const SHAPE: Shape = { notebooks: 300, violating: 30, domainsPerRegion: 0, accounts: 1, regions: 1 };

/** Instances whose describes are denied: every violating one, and some others. */
export const DENIED = 40;

const LIMITED = ["ListNotebookInstances", "DescribeNotebookInstance", "ListDomains", "ListTags"] as const;

/** Each operation has a token bucket of its own, of one second's size, which refuses what it cannot serve. */
export function quotaOf(ratePerSecond: number): readonly FaultRule[] {
  return LIMITED.map((operation) => ({ kind: "throttle", operation, ratePerSecond, burst: ratePerSecond }));
}

/** The least time to describe every instance under a quota: its first second's worth is there from the start. */
export function floorMs(ratePerSecond: number): number {
  return (1_000 * (SHAPE.notebooks - ratePerSecond)) / ratePerSecond;
}

/** The hard case: what cannot be read is what matters, so that a tool that says nothing says that all is well. */
export function describeDenied(fleet: Fleet): readonly FaultRule[] {
  const notebooks = fleet.accounts.flatMap(({ regions = {} }) =>
    Object.values(regions).flatMap(({ notebooks: here = [] }) => here),
  );
  const isViolating = (at: number) => notebooks[at]?.directInternetAccess === "Enabled";
  const order = [...notebooks.keys()].sort((a, b) => Number(isViolating(b)) - Number(isViolating(a)));
  return order.slice(0, DENIED).flatMap((at) => {
    const name = notebooks[at]?.name;
    return name === undefined ? [] : [{ kind: "deny", operation: "DescribeNotebookInstance", name }];
  });
}

export const listDenied: readonly FaultRule[] = [{ kind: "deny", operation: "ListNotebookInstances" }];
