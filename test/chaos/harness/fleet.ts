/** The accounts that every chaos scenario begins with, the scans of them, and what is true of each scan. */
import type { AwsAccountScanSpec } from "../../../src/api/generated/awsaccountscan.ts";
import type { Fleet, NotebookSpec } from "../../../tools/aws-simulator/fleet.ts";
import { truthOf } from "../../support/engine-invariants.ts";

/** Holds violations in {@link HOME}. */
export const OPEN = "111111111111";
/** Holds nothing but what is as it should be. */
export const CLOSED = "222222222222";
/** Its role trusts nobody: nothing of it can be read. */
export const UNREADABLE = "333333333333";
export const HOME = "us-east-1";
export const AWAY = "eu-west-1";
/** The ServiceAccount of all scans, and the role that it assumes. */
export const SCANNER = "scanner";
export const SCANNER_ROLE = `arn:aws:iam::${OPEN}:role/Hub`;

const REGIONS = [HOME, AWAY];
const named = (prefix: string, count: number, directInternetAccess: "Enabled" | "Disabled"): NotebookSpec[] =>
  Array.from({ length: count }, (_, at) => ({ name: `${prefix}-${at}`, directInternetAccess }));

/** `namespaces` may hold scans. */
export function fleetFor(namespaces: readonly string[]): Fleet {
  const subjects = namespaces.map((namespace) => `system:serviceaccount:${namespace}:${SCANNER}`);
  const member = (principals: string[]) => [{ name: "Member", trust: { principals } }];
  return {
    accounts: [
      {
        id: OPEN,
        name: "open",
        enabledRegions: REGIONS,
        roles: [{ name: "Hub", trust: { webIdentity: { subjects } } }],
        regions: {
          [HOME]: {
            notebooks: [...named("open", 3, "Enabled"), ...named("shut", 9, "Disabled")],
            domains: [{ id: "d-open", name: "open", appNetworkAccessType: "PublicInternetOnly" }],
          },
          [AWAY]: { notebooks: named("far", 2, "Disabled") },
        },
      },
      {
        id: CLOSED,
        name: "closed",
        enabledRegions: REGIONS,
        roles: member([SCANNER_ROLE]),
        regions: {
          [HOME]: { notebooks: named("closed", 5, "Disabled") },
          [AWAY]: { domains: [{ id: "d-vpc", name: "vpc", appNetworkAccessType: "VpcOnly" }] },
        },
      },
      { id: UNREADABLE, name: "unreadable", enabledRegions: REGIONS, roles: member([]) },
    ],
  };
}

function spec(accounts: readonly string[], include: string[], schedule: object): AwsAccountScanSpec {
  const member = (id: string) => (id === OPEN ? {} : { roleArn: `arn:aws:iam::${id}:role/Member` });
  return {
    credentials: { serviceAccountName: SCANNER },
    accounts: accounts.map((id) => ({ id, ...member(id) })),
    regions: { include },
    ...schedule,
  };
}

/** By name: one that violates, one that complies, one of both and more, one that cannot say. */
export const SCANS = {
  violating: spec([OPEN], [HOME], { interval: "1m" }),
  compliant: spec([CLOSED], REGIONS, { schedule: "*/2 * * * *" }),
  mixed: spec([OPEN, CLOSED, UNREADABLE], REGIONS, { interval: "1h" }),
  unknown: spec([CLOSED, UNREADABLE], [HOME], { interval: "5m" }),
} satisfies Readonly<Record<string, AwsAccountScanSpec>>;

/** What a scan of everything that its spec names must find. */
export interface Verdict {
  /** ARNs, sorted. */
  readonly violations: readonly string[];
  /** False where something of it cannot be read. */
  readonly complete: boolean;
}

/** What `Compliant` must say of it. */
export function compliantOf({ violations, complete }: Verdict): "True" | "False" | "Unknown" {
  if (violations.length > 0) return "False";
  return complete ? "True" : "Unknown";
}

/** The truth about the scope of a spec: accounts by id, regions by name. */
export function verdictOf(fleet: Fleet, { accounts = [], regions }: AwsAccountScanSpec): Verdict {
  const ids = accounts.map(({ id }) => id);
  const readable = ids.filter((id) => id !== UNREADABLE);
  const isInScope = (arn: string) => {
    const [, , , region = "", account = ""] = arn.split(":");
    return readable.includes(account) && (regions?.include ?? []).includes(region);
  };
  const violations = [...truthOf(fleet)].filter(([arn, truth]) => truth === "violating" && isInScope(arn));
  return { violations: violations.map(([arn]) => arn).sort(), complete: readable.length === ids.length };
}
