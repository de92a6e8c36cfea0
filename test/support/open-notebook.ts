import type { Fleet } from "../../tools/aws-simulator/fleet.ts";

/** An account with one notebook instance that violates, which the ServiceAccount `scanner` of a namespace may read. */
export const OPEN_NOTEBOOK = {
  region: "us-east-1",
  roleArn: "arn:aws:iam::111111111111:role/Hub",
  fleet: (namespace: string): Fleet => ({
    accounts: [
      {
        id: "111111111111",
        name: "one",
        enabledRegions: ["us-east-1"],
        roles: [
          {
            name: "Hub",
            trust: { webIdentity: { subjects: [`system:serviceaccount:${namespace}:scanner`] } },
          },
        ],
        regions: { "us-east-1": { notebooks: [{ name: "open", directInternetAccess: "Enabled" }] } },
      },
    ],
  }),
};
