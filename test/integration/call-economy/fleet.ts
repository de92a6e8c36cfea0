/** Two accounts with a large region each, and what a scan of them takes. */
import type { DomainSpec, Fleet, NotebookSpec, RegionSpec } from "../../../tools/aws-simulator/fleet.ts";

export const ACCOUNTS = ["111111111111", "222222222222"];
const HUB = "999999999999";
export const HUB_KEYS = { accessKeyId: "AKIAHUB", secretAccessKey: "s" };

/** The large region, the home of global calls too. */
export const BIG = "us-east-1";
/** A region of instances alone, some of them open. */
export const KIOSK = "eu-west-1";
const EMPTY = "eu-central-1";
export const ALL_REGIONS = [EMPTY, KIOSK, BIG];

/** Every tenth is open, and the one at 5; the first of those says that it is accepted. */
const notebooks = (count: number): NotebookSpec[] =>
  Array.from({ length: count }, (_, at) => ({
    name: `nb-${String(at).padStart(3, "0")}`,
    directInternetAccess: at % 10 === 0 || at === 5 ? "Enabled" : "Disabled",
    tags: at === 0 ? { waiver: "yes" } : {},
  }));

/** Of {@link BIG}, in both accounts. */
export const NOTEBOOKS = notebooks(250);
export const DOMAINS: readonly DomainSpec[] = Array.from({ length: 105 }, (_, at) => ({
  id: `d-${at}`,
  name: `domain-${at}`,
  appNetworkAccessType: at % 50 === 0 ? "PublicInternetOnly" : "VpcOnly",
}));

const REGIONS: Readonly<Record<string, RegionSpec>> = {
  [BIG]: { notebooks: NOTEBOOKS, domains: DOMAINS },
  [KIOSK]: { notebooks: notebooks(60).map((notebook) => ({ ...notebook, name: `kiosk-${notebook.name}` })) },
};

export const FLEET: Fleet = {
  accounts: [
    { id: HUB, name: "hub", accessKeys: [{ ...HUB_KEYS, user: "hub" }] },
    ...ACCOUNTS.map((id) => ({
      ...{ id, name: id, enabledRegions: ALL_REGIONS, regions: REGIONS },
      roles: ["Scan", "Audit"].map((name) => ({ name, trust: { principals: [HUB] } })),
    })),
  ],
};

/** Resources of both accounts that violate the rule. */
export const VIOLATING =
  ACCOUNTS.length *
  Object.values(REGIONS).reduce((sum, { notebooks: instances = [], domains = [] }) => {
    const open = instances.filter(({ directInternetAccess }) => directInternetAccess === "Enabled");
    const exposed = domains.filter(({ appNetworkAccessType }) => appNetworkAccessType !== "VpcOnly");
    return sum + open.length + exposed.length;
  }, 0);

export interface ScanKind {
  /** Whether the account is to be asked which regions it has. */
  readonly isLookedUp: boolean;
  /** Whether a scan has been here before, with the same identity. */
  readonly isWarm: boolean;
}

const PAGE = 100;

/** The least that a scan of the whole fleet takes, by account, region and operation. */
export function expectedCalls({ isLookedUp, isWarm }: ScanKind): Record<string, number> {
  const calls: Record<string, number> = {};
  const add = (account: string, region: string, operation: string, count: number) => {
    if (count > 0) calls[`${account} ${region} ${operation}`] = count;
  };
  for (const account of ACCOUNTS) {
    add(account, BIG, "sts:AssumeRole", isWarm ? 0 : 1);
    add(account, BIG, "sts:GetCallerIdentity", isWarm ? 0 : 1);
    add(account, BIG, "ec2:DescribeRegions", isLookedUp ? 1 : 0);
    for (const region of ALL_REGIONS) {
      const { notebooks: instances = [], domains = [] } = REGIONS[region] ?? {};
      const pagesOf = (count: number) => Math.max(1, Math.ceil(count / PAGE));
      add(account, region, "sagemaker:ListNotebookInstances", pagesOf(instances.length));
      add(account, region, "sagemaker:DescribeNotebookInstance", isWarm ? 0 : instances.length);
      add(account, region, "sagemaker:ListDomains", pagesOf(domains.length));
      add(account, region, "sagemaker:DescribeDomain", domains.length);
    }
  }
  return calls;
}
