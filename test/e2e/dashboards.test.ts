import { readFile } from "node:fs/promises";
import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dashboardQueries, variableQueries } from "../../monitoring/dashboards/dashboard-queries.ts";
import { fleetCompliance } from "../../monitoring/dashboards/fleet-compliance.ts";
import { operatorHealth } from "../../monitoring/dashboards/operator-health.ts";
import type { Fleet, NotebookSpec } from "../../tools/aws-simulator/fleet.ts";
import { goProgram } from "../../tools/machine/go-program.ts";
import { PROMETHEUS } from "../../tools/monitoring/programs.ts";
import { type Prometheus, startPrometheus, type VectorSample } from "../../tools/monitoring/prometheus.ts";
import { eventually } from "../support/cluster.ts";
import { rescanned, scanned } from "../support/credentials-scan.ts";
import { useStack } from "../support/stack.ts";

const HUB = "111111111111";
const SPOKE = "222222222222";
const HUB_ROLE = `arn:aws:iam::${HUB}:role/Hub`;
const DENIED = "eu-west-1";

const notebook = (name: string, open: boolean): NotebookSpec => ({
  name,
  directInternetAccess: open ? "Enabled" : "Disabled",
});

/** Six violations, of which an exemption covers one, one resource that cannot be judged, and one region that is shut. */
function fleet(namespace: string): Fleet {
  const subjects = [`system:serviceaccount:${namespace}:scanner`];
  return {
    accounts: [
      {
        id: HUB,
        name: "hub",
        enabledRegions: ["us-east-1", DENIED],
        roles: [{ name: "Hub", trust: { webIdentity: { subjects } } }],
        regions: {
          "us-east-1": {
            notebooks: [
              notebook("open-a", true),
              notebook("open-b", true),
              notebook("vendor-appliance", true),
              notebook("closed", false),
              notebook("hidden", false),
            ],
            domains: [
              { id: "d-open", name: "studio", appNetworkAccessType: "PublicInternetOnly" },
              { id: "d-vpc", name: "closed", appNetworkAccessType: "VpcOnly" },
            ],
          },
          [DENIED]: { notebooks: [notebook("nobody-knows", true)] },
        },
      },
      {
        id: SPOKE,
        name: "spoke",
        enabledRegions: ["us-east-1"],
        roles: [{ name: "Member", trust: { principals: [HUB_ROLE] } }],
        regions: { "us-east-1": { notebooks: [notebook("open-c", true), notebook("closed", false)] } },
      },
    ],
  };
}

const stack = useStack({ fleet });
let prometheus: Prometheus;

/** The operator as Prometheus finds it: under one address, or under two as while one pod replaces another. */
const targets = (...hosts: string[]) => {
  const { port } = new URL(stack().operator.metricsUrl);
  return hosts.map((host) => ({
    address: `${host}:${port}`,
    labels: { namespace: "aws-account-scan-system" },
  }));
};

beforeAll(async () => {
  const { aws, scans, serviceAccount } = stack();
  await serviceAccount("scanner", HUB_ROLE);
  await aws.setFaults(
    { kind: "deny", service: "sagemaker", account: HUB, region: DENIED },
    { kind: "deny", operation: "DescribeNotebookInstance", name: "hidden" },
  );
  prometheus = await startPrometheus({
    program: await goProgram(PROMETHEUS),
    scrapeInterval: "1s",
    evaluationInterval: "1s",
    rules: await readFile(new URL("../../deploy/prometheus/rules.yaml", import.meta.url), "utf8"),
    targets: targets("127.0.0.1"),
  });
  const credentials = { serviceAccountName: "scanner" };
  const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
  const exemption = {
    name: "vendor",
    reason: "Ticket SEC-812",
    expiresAt: inDays(5),
    match: { names: ["vendor-*"] },
  };
  // Both see the hub; only the first has an exemption, sees the spoke, and is refused a region.
  await scanned(scans, {
    name: "everything",
    spec: {
      credentials,
      accounts: [
        { id: HUB, name: "hub" },
        { id: SPOKE, name: "spoke", roleArn: `arn:aws:iam::${SPOKE}:role/Member` },
      ],
      exemptions: [exemption],
    },
  });
  await scanned(scans, {
    name: "again",
    spec: {
      credentials,
      regions: { include: ["us-east-1"] },
      exemptions: [{ ...exemption, expiresAt: inDays(90) }],
    },
  });
}, 30 * 60_000);
afterAll(() => prometheus?.stop());

/** What the panel of that title shows. */
async function shown(panel: string, chosen: Readonly<Record<string, string>> = {}) {
  const queries = dashboardQueries(fleetCompliance(), chosen).filter((query) => query.panel === panel);
  return (await Promise.all(queries.map(({ expr }) => prometheus.query(expr)))).flat();
}
const values = (samples: readonly VectorSample[]) => samples.map(({ value }) => value);
const numbers = async (chosen?: Readonly<Record<string, string>>) => {
  const stats = ["Violations", "Unknown", "Exempt", "Compliant", "Unread places"];
  const answers = await Promise.all(stats.map((panel) => shown(panel, chosen)));
  return Object.fromEntries(stats.map((panel, at) => [panel, values(answers[at] ?? [])]));
};
const ALL = { Violations: [4], Unknown: [1], Exempt: [1], Compliant: [3], "Unread places": [2] };

describe("the dashboards", () => {
  it.each<[string, () => Dashboard]>([
    ["fleet-compliance", fleetCompliance],
    ["operator-health", operatorHealth],
  ])("%s: every query has series", async (_name, made) => {
    const { scans } = stack();
    const dashboard = made();
    const queries = [...dashboardQueries(dashboard), ...variableQueries(dashboard)];
    await eventually(
      async () => {
        // Something to count between two scrapes: rates look back a minute.
        await rescanned(scans, "everything");
        const empty: string[] = [];
        for (const { panel, expr } of queries) {
          const samples = await prometheus.query(expr);
          if (!values(samples).some(Number.isFinite)) empty.push(`${panel}: ${expr}`);
        }
        expect(empty).toEqual([]);
      },
      { describe: "every query has series", timeoutMs: 90_000 },
    );
  });

  it("count a resource once that two scans see", async () => {
    await eventually(async () => expect(await numbers()).toEqual(ALL));
    // 3 of 3 compliant, 4 violating and 1 unknown, cut to two decimals of per cent.
    expect(values(await shown("Compliant of what was read"))).toEqual([0.375]);
  });

  it("show the chosen scans and accounts", async () => {
    expect(await numbers({ scan: "again" })).toEqual({
      ...ALL,
      Violations: [3],
      Compliant: [2],
      "Unread places": [1],
    });
    expect(await numbers({ account: SPOKE })).toEqual({
      Violations: [1],
      Unknown: [0],
      Exempt: [0],
      Compliant: [1],
      "Unread places": [0],
    });
    expect(await numbers({ scan: "none" })).toEqual({
      Violations: [],
      Unknown: [],
      Exempt: [],
      Compliant: [],
      "Unread places": [],
    });
  });

  it("tell of each violation where it is and what leads there", async () => {
    const rows = (await shown("Oldest violations")).filter(({ metric }) => metric["console"] !== undefined);
    const told = rows.map(({ metric: { account, account_name, region, resource, console, page } }) =>
      [account_name, account, `${region}.${console}`, page, resource].join(" "),
    );
    expect(told.sort()).toEqual([
      `hub ${HUB} us-east-1.console.aws.amazon.com notebook-instances open-a`,
      `hub ${HUB} us-east-1.console.aws.amazon.com notebook-instances open-b`,
      `hub ${HUB} us-east-1.console.aws.amazon.com studio d-open`,
      `spoke ${SPOKE} us-east-1.console.aws.amazon.com notebook-instances open-c`,
    ]);
  });

  it("tell of each place that was not read, and why", async () => {
    const holes = await shown("Places not read");
    const told = holes.map(({ metric: { account_name, region, state, scan } }) =>
      [account_name, region, state, scan].join(" "),
    );
    expect(told.sort()).toEqual([
      `hub ${DENIED} denied everything`,
      "hub us-east-1 denied again",
      "hub us-east-1 denied everything",
    ]);
  });

  it("tell of exemptions that end within a month, and of no others", async () => {
    const rows = await shown("Exemptions about to expire");
    expect(rows.map(({ metric: { scan, exemption } }) => ({ scan, exemption }))).toEqual([
      { scan: "everything", exemption: "vendor" },
      { scan: "everything", exemption: "vendor" },
    ]);
    const [left = 0, covered] = values(rows);
    expect(Math.ceil(left / 86_400)).toBe(5);
    expect(covered).toBe(1);
  });

  it("count nothing twice where two processes tell of the same scans", async () => {
    await prometheus.setTargets(targets("127.0.0.1", "localhost"));
    const each = "count by (instance) (awsaccountscan_resources)";
    await eventually(async () => expect(await prometheus.query(each)).toHaveLength(2));
    expect(await numbers()).toEqual(ALL);
    // Two of a kind on one side is what Prometheus refuses to match.
    for (const made of [fleetCompliance(), operatorHealth()])
      for (const { expr } of dashboardQueries(made)) await prometheus.query(expr);
    await prometheus.setTargets(targets("127.0.0.1"));
  });

  it("say that there is no operator, and no number, once it is gone", async () => {
    expect(values(await shown("Operator"))).toEqual([1]);
    await stack().operator.stop();
    await eventually(async () => expect(values(await shown("Operator"))).toEqual([-1]));
    expect(await numbers()).toEqual({
      Violations: [],
      Unknown: [],
      Exempt: [],
      Compliant: [],
      "Unread places": [],
    });
  });
});
