import { describe, expect, it } from "vitest";
import type { Fleet } from "../../tools/aws-simulator/fleet.ts";
import { eventually, getJson, kubectl } from "../support/cluster.ts";
import type { Sample } from "../support/exposition.ts";
import { settled } from "../support/scans.ts";
import { useStack } from "../support/stack.ts";

const ACCOUNT = "111111111111";
const VIOLATIONS = 3_000;
const PLACE = { account: ACCOUNT, region: "us-east-1" };

function fleet(namespace: string): Fleet {
  const subjects = [`system:serviceaccount:${namespace}:scanner`];
  const notebooks = Array.from({ length: VIOLATIONS }, (_, n) => ({
    name: `notebook-${n}`,
    directInternetAccess: "Enabled" as const,
  }));
  return {
    accounts: [
      {
        id: ACCOUNT,
        name: "crowded",
        enabledRegions: ["us-east-1"],
        roles: [{ name: "Hub", trust: { webIdentity: { subjects } } }],
        regions: { "us-east-1": { notebooks } },
      },
    ],
  };
}

const stack = useStack({ fleet, args: ["--shutdown-grace=1s"] });
const spec = {
  credentials: { serviceAccountName: "scanner" },
  regions: { include: ["us-east-1"] },
  interval: "1h",
};
const SERIES = [
  "awsaccountscan_violation_info",
  "awsaccountscan_violation_first_seen_timestamp_seconds",
  "awsaccountscan_resources",
];

async function series(): Promise<readonly Sample[]> {
  const samples = await stack().operator.scrape(undefined, { scan: "crowded" });
  return samples.filter(({ name }) => SERIES.includes(name));
}

async function scanned() {
  await stack().serviceAccount("scanner", `arn:aws:iam::${ACCOUNT}:role/Hub`);
  await stack().scans.apply({ name: "crowded", spec });
  return stack().scans.until("crowded", "scanned", settled);
}

interface Report {
  readonly metadata: {
    readonly name: string;
    readonly resourceVersion?: string;
    readonly uid?: string;
    readonly creationTimestamp?: string;
  };
  readonly index?: { readonly shards?: readonly { readonly name: string }[] };
}

describe("an operator that is killed", () => {
  it("loses no violation, no firstSeen and no metric, and scans nothing that is not due", async () => {
    const before = await scanned();
    expect(before.status?.summary?.violations).toBe(VIOLATIONS);
    expect(before.status?.truncated?.violations).toBeGreaterThan(VIOLATIONS - 101);
    expect(JSON.stringify(before.status).length).toBeLessThan(64 * 1024);
    const known = await series();
    expect(known.filter(({ name }) => name === "awsaccountscan_violation_info")).toHaveLength(VIOLATIONS);
    await stack().aws.clearRequests();
    await stack().restart("SIGKILL");
    // Ready: every record has been restored, so the first scrape has them all.
    expect(await series()).toEqual(known);
    expect(await stack().aws.requests()).toEqual([]);
    const after = await stack().scans.get("crowded");
    expect(after.status).toEqual(before.status);
  });

  it("keeps its record in objects that the API server can hold", async () => {
    await scanned();
    const { items } = await getJson<{ items: Report[] }>(["aasr"], { namespace: stack().namespace });
    expect(items.length).toBeGreaterThan(1);
    for (const report of items) expect(JSON.stringify(report).length).toBeLessThan(512 * 1024);
  });

  it("scans at once where a part of its record is gone, and keeps the age of what is left", async () => {
    const before = await scanned();
    const { namespace } = stack();
    const { items } = await getJson<{ items: Report[] }>(["aasr"], { namespace });
    const shard = items.find(({ index }) => index?.shards !== undefined)?.index?.shards?.[0];
    await stack().operator.stop("SIGKILL");
    await kubectl(["delete", "aasr", shard?.name ?? ""], { namespace });
    await stack().restart();
    const after = await stack().scans.until("crowded", "scanned again", ({ status }) => {
      expect(status?.lastScan?.trigger).toBe("RecordLost");
    });
    expect(after.status?.summary).toEqual(before.status?.summary);
    const firstSeen = await stack().operator.scrape("awsaccountscan_violation_first_seen_timestamp_seconds", {
      scan: "crowded",
    });
    const oldest = Date.parse(before.status?.violations?.[0]?.firstSeen ?? "") / 1_000;
    expect(firstSeen).toHaveLength(VIOLATIONS);
    expect(firstSeen.filter(({ value }) => value === oldest).length).toBeGreaterThan(VIOLATIONS / 2);
  });

  it("removes what an interrupted write left behind", async () => {
    const before = await scanned();
    const { namespace, scans } = stack();
    const { items } = await getJson<{ items: Report[] }>(["aasr"], { namespace });
    const [orphan] = items.filter(({ index }) => index === undefined);
    const {
      resourceVersion: _,
      uid: __,
      creationTimestamp: ___,
      ...metadata
    } = orphan?.metadata ?? { name: "" };
    const left = { ...orphan, metadata: { ...metadata, name: "left-behind" } };
    await kubectl(["create", "--filename=-"], { namespace, input: JSON.stringify(left) });
    await stack().restart("SIGKILL");
    await scans.request("crowded");
    await eventually(async () => {
      const reports = await getJson<{ items: Report[] }>(["aasr"], { namespace });
      expect(reports.items.map(({ metadata: { name } }) => name)).not.toContain("left-behind");
    });
    const after = await scans.until("crowded", "scanned", settled);
    expect(after.status?.summary).toEqual(before.status?.summary);
  });

  it("begins an interrupted scan anew", async () => {
    await scanned();
    const { aws, scans } = stack();
    await aws.setFaults({ kind: "hang", operation: "ListDomains" });
    const token = await scans.request("crowded");
    await scans.until("crowded", "running", ({ status }) => expect(status?.currentScan).toBeDefined());
    await stack().operator.stop("SIGKILL");
    await aws.setFaults();
    await aws.putNotebook(PLACE, { name: "notebook-0", directInternetAccess: "Disabled" });
    await stack().restart();
    const after = await scans.until("crowded", "scanned", ({ status }) =>
      expect(status?.lastHandledReconcileAt).toBe(token),
    );
    expect(after.status?.currentScan).toBeUndefined();
    expect(after.status?.summary?.violations).toBe(VIOLATIONS - 1);
  });
});

describe("an operator that is asked to end", () => {
  it("abandons a scan that does not end in time, says so in the status, and exits with 0", async () => {
    await scanned();
    const { aws, scans } = stack();
    await aws.setFaults({ kind: "hang", operation: "ListDomains" });
    await scans.request("crowded");
    await scans.until("crowded", "running", ({ status }) => expect(status?.currentScan).toBeDefined());
    expect(await stack().operator.stop("SIGTERM")).toBe(0);
    await aws.setFaults();
    const left = await scans.get("crowded");
    expect(left.status?.currentScan).toBeUndefined();
    await stack().restart();
    await eventually(async () =>
      expect((await scans.get("crowded")).status?.lastHandledReconcileAt).toBeDefined(),
    );
  });
});
