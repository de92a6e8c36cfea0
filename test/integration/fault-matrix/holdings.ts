/** What the accounts of a case hold, and what becomes of it where nothing goes wrong. */
import type { DomainSpec, RegionSpec, Tags } from "../../../tools/aws-simulator/fleet.ts";

/** The region of which the first account's part is struck; the home of global calls too. */
export const STRUCK_REGION = "us-east-1";
const OTHER_REGION = "eu-west-1";
export const REGIONS: readonly string[] = [OTHER_REGION, STRUCK_REGION];

export type HeldVerdict = "compliant" | "violation" | "exempt";
type Item = readonly [name: string, verdict: HeldVerdict, tags?: Tags];
export interface Items {
  readonly notebooks?: readonly Item[];
  readonly domains?: readonly Item[];
}

/** By place, in the order of AWS's lists. */
const STRUCK: Items = {
  notebooks: [
    ["0-open", "violation"],
    ["1-tagged", "exempt", { waiver: "yes" }],
    ["2-tagged-otherwise", "violation", { a: "1", b: "2", waiver: "no" }],
    ["3-vpc", "compliant"],
    ["4-tagged", "exempt", { waiver: "yes" }],
  ],
  domains: [
    ["0-open", "violation"],
    ["1-vpc", "compliant"],
    ["2-waived", "exempt"],
  ],
};
const VPC_NOTEBOOK: Items = { notebooks: [["vpc", "compliant"]] };
const TAGGED_NOTEBOOK: Items = { notebooks: [["tagged", "exempt", { waiver: "yes" }]] };
const VPC_DOMAIN: Items = { domains: [["vpc", "compliant"]] };
const WAIVED_DOMAIN: Items = { domains: [["waived", "exempt"]] };

/** What each account of a case holds, by region. */
export const HOLDINGS: readonly Readonly<Record<string, Items>>[] = [
  { [STRUCK_REGION]: STRUCK, [OTHER_REGION]: VPC_NOTEBOOK },
  { [STRUCK_REGION]: WAIVED_DOMAIN, [OTHER_REGION]: TAGGED_NOTEBOOK },
  { [STRUCK_REGION]: VPC_DOMAIN, [OTHER_REGION]: VPC_NOTEBOOK },
];

/** What the members of the organization hold. */
export const MEMBER_HOLDINGS: readonly Readonly<Record<string, Items>>[] = [
  { [STRUCK_REGION]: WAIVED_DOMAIN, [OTHER_REGION]: TAGGED_NOTEBOOK },
  { [STRUCK_REGION]: { domains: [["0-open", "violation"]] } },
  { [OTHER_REGION]: VPC_NOTEBOOK },
  { [STRUCK_REGION]: TAGGED_NOTEBOOK },
];

/** A region as fleets have it. */
export function regionSpec(id: string, region: string, { notebooks = [], domains = [] }: Items): RegionSpec {
  return {
    notebooks: notebooks.map(([name, verdict, tags = {}]) => ({
      ...{ name, tags, directInternetAccess: verdict === "compliant" ? "Disabled" : "Enabled" },
    })),
    domains: domains.map(
      ([name, verdict]): DomainSpec => ({
        id: domainId(id, region, name),
        name,
        appNetworkAccessType: verdict === "compliant" ? "VpcOnly" : "PublicInternetOnly",
      }),
    ),
  };
}

export function domainId(id: string, region: string, name: string): string {
  return `d-${name}-${id}-${region}`;
}
