import { describe, expect, it } from "vitest";
import type { Fleet } from "../../tools/aws-simulator/fleet.ts";
import { ownControlPlane } from "../support/cluster.ts";
import { settled } from "../support/scans.ts";
import { useStack } from "../support/stack.ts";

const ACCOUNT = "111111111111";

function fleet(namespace: string): Fleet {
  const subjects = [`system:serviceaccount:${namespace}:scanner`];
  return {
    accounts: [
      {
        id: ACCOUNT,
        name: "one",
        enabledRegions: ["us-east-1"],
        roles: [{ name: "Hub", trust: { webIdentity: { subjects } } }],
        regions: { "us-east-1": { notebooks: [{ name: "open", directInternetAccess: "Enabled" }] } },
      },
    ],
  };
}

const cluster = ownControlPlane();
const stack = useStack({ fleet, cluster });
const spec = { credentials: { serviceAccountName: "scanner" }, regions: { include: ["us-east-1"] } };

describe("an operator whose API server goes away", () => {
  it("stays alive, takes over a scan that ended meanwhile, and goes on where it was", async () => {
    const { scans, operator, serviceAccount, aws } = stack();
    await serviceAccount("scanner", `arn:aws:iam::${ACCOUNT}:role/Hub`);
    await scans.apply({ name: "steady", spec });
    const before = await scans.until("steady", "scanned", settled);
    await aws.setSettings({ latencyMs: 300 });
    await scans.request("steady");
    await scans.until("steady", "running", ({ status }) => expect(status?.currentScan).toBeDefined());
    await cluster().stopApiServer("SIGKILL");
    expect((await fetch(`${operator.healthUrl}/livez`)).status).toBe(200);
    const series = await operator.scrape("awsaccountscan_violation_info", { scan: "steady" });
    expect(series).toHaveLength(1);
    await cluster().startApiServer();
    const after = await scans.until("steady", "scanned again", (scan) => {
      settled(scan);
      expect(scan.status?.lastScan?.id).not.toBe(before.status?.lastScan?.id);
    });
    expect(after.status?.violations?.[0]?.firstSeen).toBe(before.status?.violations?.[0]?.firstSeen);
    await aws.setSettings({ latencyMs: 0 });
    await scans.apply({ name: "later", spec });
    await scans.until("later", "scanned", settled);
    expect(operator.lines.filter((line) => /"level":"(error|fatal)"/.test(line))).toEqual([]);
  });
});
