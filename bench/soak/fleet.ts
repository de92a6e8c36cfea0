/** What is scanned: one region of some accounts, each entered by a role, some of its notebooks in violation. */
import type { Fleet, NotebookSpec } from "../../tools/aws-simulator/fleet.ts";
import { HOME, KEYS } from "../support/fleet.ts";

const ACCOUNTS = 20;
const ROLE = "Scan";

export const ACCOUNT_IDS = Array.from({ length: ACCOUNTS }, (_, at) => String(100_000_000_000 + at));

/** How a scan enters an account. */
export function roleArnOf(account: string): string {
  return `arn:aws:iam::${account}:role/${ROLE}`;
}

/** A notebook, every tenth of which violates. */
export function notebookOf(at: number): NotebookSpec {
  return { name: `notebook-${at}`, directInternetAccess: at % 10 === 0 ? "Enabled" : "Disabled" };
}

/** `notebooks` in each account, beside a domain. */
export function soakFleet(notebooks: number): Fleet {
  const region = {
    notebooks: Array.from({ length: notebooks }, (_, at) => notebookOf(at)),
    domains: [{ id: "d-soak", name: "soak", appNetworkAccessType: "VpcOnly" as const }],
  };
  return {
    accounts: ACCOUNT_IDS.map((id, at) => ({
      id,
      name: `account-${at}`,
      enabledRegions: [HOME],
      roles: [{ name: ROLE, trust: { principals: ["*"] } }],
      regions: { [HOME]: region },
      ...(at === 0 && { accessKeys: [{ ...KEYS, user: "soak" }] }),
    })),
  };
}
