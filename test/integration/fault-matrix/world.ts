/**
 * One fleet for all cases, each with accounts of its own, so that they can be played side by side: three accounts, of
 * which the first one's first region has all that can be struck. Violations are there alone, so that without them a
 * scan that forgot the rest would look compliant.
 *
 * Cases of an organization ask as an account of their own, which is all that their faults strike; the accounts that
 * they find are the same for all of them.
 */
import type { Exemption } from "../../../src/scan/exemptions.ts";
import type { FaultRule } from "../../../tools/aws-simulator/faults.ts";
import type { AccountSpec, Fleet } from "../../../tools/aws-simulator/fleet.ts";
import type { ScanAsk } from "../../support/engine.ts";
import { domainArn, notebookArn } from "../../support/engine-invariants.ts";
import { CASES, type Case, isOfPages } from "./cases.ts";
import {
  domainId,
  type HeldVerdict,
  HOLDINGS,
  type Items,
  MEMBER_HOLDINGS,
  REGIONS,
  regionSpec,
  STRUCK_REGION,
} from "./holdings.ts";
import { OPERATIONS, PAGE_SIZES } from "./operations.ts";

const HUB = "999999999999";
/** Whose keys cases without an organization scan with. */
export const HUB_KEYS = { accessKeyId: "AKIAHUB", secretAccessKey: "s" };

export const EXEMPTIONS: readonly Exemption[] = [
  { name: "waived", reason: "By name.", match: { names: ["*waived"] } },
  { name: "tagged", reason: "By tag.", match: { names: ["*tagged*"], tags: { waiver: "yes" } } },
];

/** A resource, and its verdict where nothing goes wrong. */
export interface Held {
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  readonly type: "notebook" | "domain";
  readonly verdict: HeldVerdict;
}

/** The members of the organization that hold something; the first one is listed by its id too. */
const MEMBERS = ["900000000001", "900000000002", "900000000003", "900000000004"];
export function isOfOrganization({ operation }: Case): boolean {
  return operation.kind === "organization";
}

/** The accounts that a case scans where nothing goes wrong. */
export function accountsOf(each: Case): readonly string[] {
  return isOfOrganization(each) ? MEMBERS : HOLDINGS.map((_, at) => accountId(each, at + 1));
}

/** The account that a case of an organization asks as. */
export function delegateOf(each: Case): string {
  return accountId(each, 0);
}

export function keysOf(each: Case) {
  if (!isOfOrganization(each)) return HUB_KEYS;
  return { accessKeyId: `AKIA${delegateOf(each)}`, secretAccessKey: "s" };
}

/** All that a case's accounts hold, in the order of AWS's lists. */
export function heldBy(each: Case): readonly Held[] {
  const holdings = isOfOrganization(each) ? MEMBER_HOLDINGS : HOLDINGS;
  return accountsOf(each).flatMap((account, at) =>
    Object.entries(holdings[at] ?? {}).flatMap(([region, { notebooks = [], domains = [] }]) => [
      ...notebooks.map(([name, verdict]) => {
        return {
          arn: notebookArn(account, region, name),
          account,
          region,
          type: "notebook" as const,
          verdict,
        };
      }),
      ...domains.map(([name, verdict]) => {
        const arn = domainArn(account, region, domainId(account, region, name));
        return { arn, account, region, type: "domain" as const, verdict };
      }),
    ]),
  );
}

/** What a case asks of the engine. */
export function askOf(each: Case): ScanAsk {
  if (!isOfOrganization(each)) {
    const accounts = accountsOf(each).map((id) => ({
      id,
      roleArn: `arn:aws:iam::${id}:role/${roleOf(each)}`,
    }));
    return { accounts, exemptions: EXEMPTIONS };
  }
  const [listed = ""] = MEMBERS;
  return {
    accounts: [{ id: listed, roleArn: `arn:aws:iam::${listed}:role/Member` }],
    organization: {
      roleName: "Member",
      excludeAccounts: [HUB, ...DELEGATES],
      organizationalUnits: each.operation.name === "ListAccounts" ? undefined : [unitOf(each)],
    },
    exemptions: EXEMPTIONS,
  };
}

/** The faults of a case: its pages are short, and then what it is about. */
export function rulesOf(each: Case): readonly FaultRule[] {
  const { operation, fault, at } = each;
  const [first = ""] = accountsOf(each);
  const place = isOfOrganization(each)
    ? { account: delegateOf(each) }
    : { account: first, region: STRUCK_REGION };
  const short = OPERATIONS.filter(({ name }) => PAGE_SIZES[name] !== undefined).map(({ name }) => {
    return { kind: "short-page", operation: name, pageSize: PAGE_SIZES[name] ?? 1, ...place } as const;
  });
  const strike = {
    ...fault.rule,
    operation: operation.name,
    ...(fault.times !== undefined && { times: fault.times }),
  };
  if (operation.kind !== "account") {
    return [
      ...short,
      { ...strike, ...place, after: isOfPages(fault) ? operation.laterPages.indexOf(at) : at },
    ];
  }
  // STS counts the calls of whoever assumes: the quota is exhausted for all accounts of the case.
  if (isQuotaOfAll(each)) {
    return [...short, { ...strike, name: `arn:aws:iam::*:role/${roleOf(each)}`, after: at }];
  }
  return [...short, { ...strike, account: accountsOf(each)[at] ?? "" }];
}

/** Whether the fault of one account's call is that of all behind it. */
export function isQuotaOfAll({ operation, fault }: Case): boolean {
  return operation.name === "AssumeRole" && fault.name === "is throttled for good";
}

const ORGANIZED = CASES.filter(isOfOrganization);
/** With the members and the hub they fill ten pages of ListAccounts. */
const DELEGATES = Array.from({ length: 184 - MEMBERS.length - 1 }, (_, at) => {
  const each = ORGANIZED[at];
  return each === undefined ? String(800_000_000_001 + at) : delegateOf(each);
});
if (ORGANIZED.length > DELEGATES.length) throw new Error(`${ORGANIZED.length} cases ask an organization`);

/** All accounts of all cases. */
export const FLEET: Fleet = {
  accounts: [
    account(HUB, {}, { accessKeys: [{ ...HUB_KEYS, user: "hub" }] }),
    ...MEMBERS.map((id, at) => account(id, MEMBER_HOLDINGS[at] ?? {}, { roles: [openRole("Member")] })),
    ...DELEGATES.map((id, at) => {
      const each = ORGANIZED[at];
      return account(id, {}, { accessKeys: each ? [{ ...keysOf(each), user: "delegate" }] : [] });
    }),
    ...CASES.filter((each) => !isOfOrganization(each)).flatMap((each) =>
      accountsOf(each).map((id, at) => account(id, HOLDINGS[at] ?? {}, { roles: [openRole(roleOf(each))] })),
    ),
  ],
  organization: {
    id: "o-matrix",
    managementAccount: HUB,
    delegatedAdministrators: DELEGATES,
    root: {
      id: "r-matrix",
      name: "Root",
      accounts: [HUB, ...DELEGATES, ...MEMBERS],
      units: ORGANIZED.map((each) => ({
        id: unitOf(each),
        name: "Case",
        accounts: MEMBERS.slice(0, 2),
        units: [
          { id: `${unitOf(each)}a`, name: "Child", accounts: MEMBERS.slice(2, 3) },
          { id: `${unitOf(each)}b`, name: "Child", accounts: MEMBERS.slice(3, 4) },
        ],
      })),
    },
  },
};

function account(
  id: string,
  holdings: Readonly<Record<string, Items>>,
  more: Partial<AccountSpec>,
): AccountSpec {
  const regions = Object.fromEntries(
    Object.entries(holdings).map(([region, items]) => [region, regionSpec(id, region, items)]),
  );
  return { id, name: `account ${id}`, enabledRegions: REGIONS, regions, ...more };
}

function openRole(name: string) {
  return { name, trust: { principals: ["*"] } };
}

function accountId({ index }: Case, at: number): string {
  return String(100_000_000_000 + index * 10 + at);
}

function roleOf({ index }: Case): string {
  return `Case-${index}`;
}

function unitOf({ index }: Case): string {
  return `ou-matrix-${index}`;
}
