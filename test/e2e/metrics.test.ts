import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { API_VERSION, SCAN } from "../../src/api/names.ts";
import type { KubeClient } from "../../src/kube/client.ts";
import type { Fleet } from "../../tools/aws-simulator/fleet.ts";
import { eventually, useNamespace } from "../support/cluster.ts";
import { parseSamples, seriesOf } from "../support/exposition.ts";
import { adminKubeConfig, clientOf } from "../support/kube-client-harness.ts";
import { settled } from "../support/scans.ts";
import { useStack } from "../support/stack.ts";

const A = "111111111111";
const VIOLATIONS = 20;

function fleet(namespace: string): Fleet {
  const subjects = [`system:serviceaccount:${namespace}:scanner`];
  const notebooks = Array.from({ length: VIOLATIONS }, (_, n) => ({
    name: `open-${n}`,
    directInternetAccess: "Enabled" as const,
  }));
  return {
    accounts: [
      {
        id: A,
        name: "one",
        enabledRegions: ["us-east-1"],
        roles: [{ name: "Hub", trust: { webIdentity: { subjects } } }],
        regions: { "us-east-1": { notebooks } },
      },
    ],
  };
}

const others = Array.from({ length: 4 }, (_, n) => useNamespace({ prefix: `churn-${n}` }));
const stack = useStack({ fleet, watch: others });
const spec = {
  credentials: { serviceAccountName: "scanner" },
  regions: { include: ["us-east-1"] },
  interval: "1h",
};
const exemptions = [
  { name: "one", reason: "SEC-1", expiresAt: "2099-01-01T00:00:00Z", match: { names: ["open-0"] } },
];

const exposition = async () => (await fetch(`${stack().operator.metricsUrl}/metrics`)).text();

/** A scan that has ended and is left alone. */
async function scanned(name: string): Promise<void> {
  const { scans, serviceAccount } = stack();
  await serviceAccount("scanner", `arn:aws:iam::${A}:role/Hub`);
  await scans.apply({ name, spec: { ...spec, exemptions } });
  await scans.until(name, "scanned", settled);
}

describe("the metrics of an operator with one finished scan", () => {
  it("have every type and label value that docs/metrics.md tells of, and no operation that it does not", async () => {
    await scanned("baseline");
    const page = await readFile(new URL("../../docs/metrics.md", import.meta.url), "utf8");
    const families = [...page.matchAll(/^\| `((?:awsaccountscan|workqueue)_\w+)` \| (\w+) \|/gm)];
    expect(families.length).toBeGreaterThan(35);
    const text = await exposition();
    for (const [, name, type] of families) expect(text).toContain(`# TYPE ${name} ${type}\n`);
    const live = [...text.matchAll(/^# TYPE ((?:awsaccountscan|workqueue)_\w+)/gm)].map(([, name]) => name);
    expect(live.sort()).toEqual(families.map(([, name]) => name).sort());
    const requests = parseSamples(text).filter(({ name }) => name === "awsaccountscan_aws_requests_total");
    expect(requests).toHaveLength(12 * 9);
  });

  it("have samples of every metric of a scan", async () => {
    const { operator } = stack();
    const page = await readFile(new URL("../../docs/metrics.md", import.meta.url), "utf8");
    const [, section = ""] = /^## Scans\n(.*?)^## /ms.exec(page) ?? [];
    const names = [...section.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name);
    expect(names.length).toBeGreaterThan(10);
    const samples = await operator.scrape(undefined, { scan: "baseline" });
    expect([...new Set(samples.map(({ name }) => name))].sort()).toEqual(names.sort());
  });

  it("tell of another scan of the same name nothing that the one before found", async () => {
    const { scans, operator } = stack();
    await scanned("twin");
    expect(await operator.scrape("awsaccountscan_violation_info", { scan: "twin" })).toHaveLength(
      VIOLATIONS - 1,
    );
    await scans.delete("twin");
    await scans.apply({ name: "twin", spec: { ...spec, suspend: true } });
    const first = await eventually(async () => {
      const samples = await operator.scrape(undefined, { scan: "twin" });
      const suspended = samples.find(({ name }) => name === "awsaccountscan_suspended");
      if (suspended?.value !== 1) throw new Error("the old scan is still shown");
      return samples;
    });
    const found = /_(?:resources|violation_\w+|coverage|account_info|last_success_timestamp_seconds)$/;
    expect(first.map(({ name }) => name).filter((name) => found.test(name))).toEqual([]);
    await scans.delete("twin");
  });
});

describe("scans that come and go", () => {
  const AT_ONCE = 24;
  /** Of each of them: 10,008 scans in all, a minute on two cores of their own. */
  const TIMES = 417;
  const namespaces = () => [stack().namespace, ...others];

  /** Creates a scan, has one in a hundred find something, and deletes it. */
  async function comeAndGo(client: KubeClient, name: string, n: number): Promise<void> {
    const namespace = namespaces()[n % namespaces().length] ?? "";
    const at = { namespace, name };
    const finds = n % 100 === 0;
    const body = {
      apiVersion: API_VERSION,
      kind: "AwsAccountScan",
      metadata: at,
      // Most are as cheap as they can be.
      spec: { ...spec, exemptions, suspend: !finds },
    };
    await client.create(SCAN, at, body);
    if (finds) {
      const seen = await eventually(
        async () => {
          const samples = await stack().operator.scrape("awsaccountscan_violation_info", { scan: name });
          if (samples.length === 0) throw new Error("nothing found yet");
          return samples;
        },
        { timeoutMs: 120_000, describe: `${name} has found something` },
      );
      expect(seen).toHaveLength(VIOLATIONS - 1);
    }
    await client.delete(SCAN, at);
  }

  it("leave no series behind", { timeout: 1_200_000 }, async () => {
    const { operator } = stack();
    const client = clientOf(adminKubeConfig());
    await eventually(async () => expect(await operator.scrape(undefined, { scan: "twin" })).toEqual([]));
    const before = seriesOf(await exposition());
    const names = Array.from({ length: AT_ONCE }, (_, n) => `churn-${n}`);
    await Promise.all(
      names.map(async (name, at) => {
        for (let n = 0; n < TIMES; n++) await comeAndGo(client, name, at * TIMES + n);
      }),
    );
    await eventually(async () => expect(seriesOf(await exposition())).toEqual(before), {
      timeoutMs: 120_000,
      describe: "the series are those of before",
    });
  });
});
