import { beforeAll, describe, expect, it } from "vitest";
import type { Fleet, NotebookSpec } from "../../tools/aws-simulator/fleet.ts";
import { accountsOf, expectPassed, rescanned, scanned } from "../support/credentials-scan.ts";
import { recreateNotebook, useMoto } from "../support/moto-fleet.ts";
import { condition } from "../support/scans.ts";
import { useStack } from "../support/stack.ts";
import { serviceAccountFor } from "../support/tenant.ts";

const A = "111111111111";
const B = "222222222222";
const REGIONS = ["us-east-1", "eu-west-1"];

const notebooks = (count: number, violating: number): NotebookSpec[] =>
  Array.from({ length: count }, (_, n) => ({
    name: `notebook-${n}`,
    directInternetAccess: n < violating ? "Enabled" : "Disabled",
  }));

const fleet: Fleet = {
  accounts: [
    {
      id: A,
      name: "one",
      regions: {
        "us-east-1": {
          // More than the 100 of a page.
          notebooks: notebooks(105, 3),
          domains: [
            { id: "d-closed", name: "closed", appNetworkAccessType: "VpcOnly" },
            { id: "d-open", name: "open", appNetworkAccessType: "PublicInternetOnly" },
          ],
        },
        "eu-west-1": { notebooks: [{ name: "stopped", directInternetAccess: "Enabled", status: "Stopped" }] },
      },
    },
    {
      id: B,
      name: "two",
      regions: {
        "eu-west-1": {
          notebooks: notebooks(4, 1),
          domains: [{ id: "d-shut", name: "shut", appNetworkAccessType: "VpcOnly" }],
        },
      },
    },
  ],
};

const moto = useMoto(fleet);
// The stack's simulator stays empty and unasked: the operator's AWS is moto.
const stack = useStack({
  fleet: () => ({ accounts: [] }),
  lateEnv: async () => ({ AWS_ENDPOINT_URL: moto().url }),
});

/** Literal regions, since moto's DescribeRegions answers those of all partitions. */
const spec = {
  credentials: { serviceAccountName: "scanner" },
  accounts: [
    { id: A, name: "one" },
    { id: B, name: "two", roleArn: `arn:aws:iam::${B}:role/Member` },
  ],
  regions: { include: REGIONS },
  interval: "1h",
};

beforeAll(async () => {
  const { namespace } = stack();
  await serviceAccountFor({ namespace, name: "scanner" }, `arn:aws:iam::${A}:role/Hub`, namespace);
});

describe("the operator against moto", () => {
  it("counts violations exactly in two accounts, in status, conditions and metrics", async () => {
    const { operator, scans, namespace } = stack();
    const scan = await scanned(scans, { name: "exact", spec });
    expect(scan.status?.summary).toEqual({
      accounts: 2,
      regions: 2,
      resources: 113,
      compliant: 107,
      violations: 6,
      exempt: 0,
      unknown: 0,
    });
    const found = scan.status?.violations?.map(({ account, region, name }) => `${account} ${region} ${name}`);
    expect(found?.sort()).toEqual([
      `${A} eu-west-1 stopped`,
      `${A} us-east-1 notebook-0`,
      `${A} us-east-1 notebook-1`,
      `${A} us-east-1 notebook-2`,
      `${A} us-east-1 open`,
      `${B} eu-west-1 notebook-0`,
    ]);
    expect(accountsOf(scan)).toEqual([A, B]);
    expect(scan.status?.failures).toEqual([]);
    expect(condition(scan, "Ready")).toMatchObject({ status: "True", reason: "Succeeded" });
    expect(condition(scan, "Complete")).toMatchObject({ status: "True", reason: "EverythingRead" });
    expect(condition(scan, "Compliant")).toMatchObject({ status: "False", reason: "ViolationsFound" });
    const violating = { namespace, scan: "exact", verdict: "violation" };
    for (const [account, count] of [
      [A, 5],
      [B, 1],
    ] as const) {
      const series = await operator.scrape("awsaccountscan_resources", { ...violating, account });
      expect(series.reduce((sum, { value }) => sum + value, 0)).toBe(count);
    }
    expect(await operator.scrape("awsaccountscan_violation_info", { scan: "exact" })).toHaveLength(6);
    const refused = (await operator.scrape("awsaccountscan_aws_requests_total")).filter(
      ({ labels, value }) => labels["outcome"] !== "success" && value > 0,
    );
    expect(refused).toEqual([]);
  });

  it("resolves a violation when the notebook is re-created without internet access", async () => {
    const { operator, scans } = stack();
    const name = "fixed";
    const only = { ...spec, accounts: spec.accounts.slice(1) };
    const before = await scanned(scans, { name, spec: only });
    expect(before.status?.violations).toMatchObject([{ account: B, name: "notebook-0" }]);
    expect(condition(before, "Compliant").status).toBe("False");
    const place = { account: B, region: "eu-west-1" };
    await recreateNotebook(moto().url, place, { name: "notebook-0", directInternetAccess: "Disabled" });
    expectPassed(await rescanned(scans, name), [B], 5);
    expect(await operator.scrape("awsaccountscan_violation_info", { scan: name })).toEqual([]);
  });

  it("never lets one identity pass for two accounts", async () => {
    const accounts = [{ id: A }, { id: B }];
    const regions = { include: ["ap-south-1"] };
    const scan = await scanned(stack().scans, { name: "borrowed", spec: { ...spec, accounts, regions } });
    expect(condition(scan, "Complete")).toMatchObject({ status: "False", reason: "AccountMismatch" });
    expect(condition(scan, "Compliant").status).toBe("Unknown");
    expect(scan.status?.failures).toMatchObject([{ account: B, reason: "AccountMismatch" }]);
  });

  it("asks no AWS but moto", async () => {
    expect(await stack().aws.requests()).toEqual([]);
  });
});
