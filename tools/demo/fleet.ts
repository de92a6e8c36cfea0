import type {
  AccountSpec,
  DomainSpec,
  Fleet,
  NotebookSpec,
  RegionSpec,
  RoleSpec,
} from "../aws-simulator/fleet.ts";

const REGIONS = ["us-east-1", "us-west-2", "eu-central-1", "eu-west-1"];
const EXTERNAL_ID = "acme-7f3a";
const HUB_ROLE = "arn:aws:iam::111111111111:role/ScanHub";

const member: RoleSpec = {
  name: "ComplianceScan",
  trust: { principals: [HUB_ROLE], externalId: EXTERNAL_ID },
};
const hub: RoleSpec = {
  name: "ScanHub",
  trust: {
    webIdentity: { subjects: ["system:serviceaccount:team-ml:ml-scanner"], audience: "sts.amazonaws.com" },
  },
};

/** Three accounts in four regions with 60 notebook instances and five domains, some of them violating. */
export const DEMO_FLEET: Fleet = {
  accounts: [
    account("111111111111", "ml-hub", hub, 0),
    account("222222222222", "ml-prod", member, 1),
    account("333333333333", "ml-research", member, 2),
  ],
};

/** The region whose lists are denied to the scan, as a service control policy would. */
export const DENIED = { account: "333333333333", region: "eu-west-1" };

function account(id: string, name: string, role: RoleSpec, index: number): AccountSpec {
  const regions = Object.fromEntries(
    REGIONS.map((region, at) => [region, regionOf(name, region, index, at)]),
  );
  return { id, name, enabledRegions: REGIONS, roles: [role], regions };
}

function regionOf(owner: string, region: string, index: number, at: number): RegionSpec {
  const notebooks = Array.from({ length: 5 }, (_, n): NotebookSpec => {
    const violating = (n * 3 + at * 2 + index) % 7 === 0;
    return { name: `${owner}-${region}-${n}`, directInternetAccess: violating ? "Enabled" : "Disabled" };
  });
  if (index === 1 && at === 0) notebooks[0] = { name: "vendor-appliance", directInternetAccess: "Enabled" };
  return { notebooks, domains: domainsOf(owner, index, at) };
}

function domainsOf(owner: string, index: number, at: number): DomainSpec[] {
  if (at > 1 || (index === 2 && at === 1)) return [];
  const public_ = index === 1 && at === 1;
  return [
    {
      id: `d-${owner}${at}`,
      name: `${owner}-studio`,
      appNetworkAccessType: public_ ? "PublicInternetOnly" : "VpcOnly",
    },
  ];
}
