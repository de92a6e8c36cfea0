import type { Fleet, RegionSpec } from "../../tools/aws-simulator/fleet.ts";
import { scanned } from "./credentials-scan.ts";
import type { Stack } from "./stack.ts";

/** The account of {@link onePlace}. */
export const ACCOUNT = "111111111111";

/** Where its notebooks are. */
export const PLACE = { account: ACCOUNT, region: "us-east-1" };

/** An account of one region that the ServiceAccount `scanner` of `namespace` may read. */
export function onePlace(namespace: string, contents: RegionSpec): Fleet {
  const subjects = [`system:serviceaccount:${namespace}:scanner`];
  return {
    accounts: [
      {
        id: ACCOUNT,
        name: "ml-prod",
        enabledRegions: [PLACE.region],
        roles: [{ name: "Hub", trust: { webIdentity: { subjects } } }],
        regions: { [PLACE.region]: contents },
      },
    ],
  };
}

/** Scans the account by the scan `fleet`, which is scanned again only on request. */
export async function scanFleet({ scans, serviceAccount }: Stack): Promise<void> {
  await serviceAccount("scanner", `arn:aws:iam::${ACCOUNT}:role/Hub`);
  const spec = { credentials: { serviceAccountName: "scanner" }, interval: "24h" };
  await scanned(scans, { name: "fleet", spec });
}
