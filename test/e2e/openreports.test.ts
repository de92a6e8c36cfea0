import { beforeEach, describe, expect, it } from "vitest";
import type { KubeObject } from "../../src/kube/client.ts";
import type { Fleet, NotebookSpec } from "../../tools/aws-simulator/fleet.ts";
import { applyYaml, eventually, getJson, kubectl, ownControlPlane } from "../support/cluster.ts";
import {
  installReportsApi,
  removeReportsApi,
  reportsOfScan,
  resultsIn,
  versionsOf,
} from "../support/open-reports.ts";
import { plainIdentities, resourceIdentity, resultIdentity } from "../support/policy-reporter.ts";
import { settled } from "../support/scans.ts";
import { useStack } from "../support/stack.ts";

const A = "111111111111";
const B = "222222222222";
const SMALL = "us-east-1";
const CROWDED = "eu-west-1";
const VIOLATIONS = 2_500;

const open = (name: string): NotebookSpec => ({ name, directInternetAccess: "Enabled" });

function fleet(namespace: string): Fleet {
  const subjects = [`system:serviceaccount:${namespace}:scanner`];
  const notebooks = Array.from({ length: VIOLATIONS }, (_, n) => open(`n-${n}`));
  return {
    accounts: [
      {
        id: A,
        name: "one",
        enabledRegions: [SMALL, CROWDED],
        roles: [{ name: "Hub", trust: { webIdentity: { subjects } } }],
        regions: {
          [SMALL]: {
            notebooks: [open("same"), open("waived"), { name: "closed", directInternetAccess: "Disabled" }],
            domains: [{ id: "d-open", name: "studio" }],
          },
          [CROWDED]: { notebooks, domains: [{ id: "d-crowd", name: "crowd" }] },
        },
      },
      {
        id: B,
        name: "two",
        enabledRegions: [SMALL],
        roles: [{ name: "Member", trust: { principals: [`arn:aws:iam::${A}:role/Hub`] } }],
        regions: { [SMALL]: { notebooks: [open("same")] } },
      },
    ],
  };
}

const cluster = ownControlPlane();
const kubeconfig = () => cluster().adminKubeconfigPath;
const stack = useStack({ fleet, cluster });
const at = () => ({ namespace: stack().namespace, kubeconfig: kubeconfig() });

const base = { credentials: { serviceAccountName: "scanner" }, interval: "1h" };
const twoAccounts = {
  ...base,
  accounts: [
    { id: A, name: "ml-prod" },
    { id: B, roleArn: `arn:aws:iam::${B}:role/Member` },
  ],
  regions: { include: [SMALL] },
  exemptions: [{ name: "sandbox", match: { names: ["waived"] }, reason: "until June" }],
};
const crowded = { ...base, regions: { include: [CROWDED] } };

const reports = (scan: string) => reportsOfScan(scan, at());

/** Applies a scan and resolves to it when it has ended. */
async function scanned(name: string, spec: object) {
  await stack().scans.apply({ name, spec });
  return stack().scans.until(name, "scanned", settled);
}

/** Another scan of the same, to its end and to the end of what follows it. */
async function scannedAgain(name: string): Promise<void> {
  const exports = () => stack().operator.scrape("awsaccountscan_report_exports_total", { result: "success" });
  const [before] = await exports();
  const token = await stack().scans.request(name);
  await stack().scans.until(name, "scanned again", ({ status }) =>
    expect(status?.lastHandledReconcileAt).toBe(token),
  );
  await eventually(async () => expect((await exports())[0]?.value).toBeGreaterThan(before?.value ?? 0), {
    describe: `${name} is exported again`,
  });
}

/** The scan's reports once all that is to be in them is. */
function exported(scan: string, count: number, timeoutMs = 60_000) {
  return eventually(
    async () => {
      const found = await reports(scan);
      expect(resultsIn(found)).toHaveLength(count);
      return found;
    },
    { describe: `${scan} is exported`, timeoutMs },
  );
}

beforeEach(async () => {
  await stack().serviceAccount("scanner", `arn:aws:iam::${A}:role/Hub`);
});

describe("a cluster without the Reports API", () => {
  it("is told of once; when the API comes, every scan is exported without another scan", async () => {
    await removeReportsApi(kubeconfig());
    await stack().restart("SIGTERM");
    const one = await scanned("early", twoAccounts);
    await scanned("early-too", { ...twoAccounts, accounts: [{ id: A }] });
    const tries = { result: "not_served" };
    await eventually(async () => {
      const [counter] = await stack().operator.scrape("awsaccountscan_report_exports_total", tries);
      expect(counter?.value).toBeGreaterThanOrEqual(2);
    });
    const told = stack().operator.lines.filter((line) => line.includes("does not serve openreports.io"));
    expect(told).toHaveLength(1);
    expect(told[0]).toContain('"level":"info"');
    await installReportsApi(kubeconfig());
    await exported("early", 4, 90_000);
    await exported("early-too", 3);
    expect((await stack().scans.get("early")).status?.lastScan).toEqual(one.status?.lastScan);
  });

  it("that loses the API while it runs keeps its results, and exports when the API is back", async () => {
    await installReportsApi(kubeconfig());
    await scanned("loser", twoAccounts);
    await exported("loser", 4, 90_000);
    await removeReportsApi(kubeconfig());
    const token = await stack().scans.request("loser");
    const after = await stack().scans.until("loser", "scanned", ({ status }) =>
      expect(status?.lastHandledReconcileAt).toBe(token),
    );
    expect(after.status?.summary?.violations).toBe(3);
    await installReportsApi(kubeconfig());
    await exported("loser", 4, 90_000);
  });
});

describe("the Reports of a scan", () => {
  beforeEach(() => installReportsApi(kubeconfig()));

  it("tell violations, exempt ones and what could not be read, and are owned by the scan", async () => {
    await stack().aws.setFaults({
      kind: "error",
      operation: "ListDomains",
      code: "AccessDeniedException",
      account: B,
    });
    const scan = await scanned("told", twoAccounts);
    await stack().aws.setFaults();
    const [report, ...more] = await exported("told", 5, 90_000);
    expect(more).toEqual([]);
    expect(report?.summary).toEqual({ pass: 0, fail: 3, warn: 0, error: 1, skip: 1 });
    expect(report?.scope).toMatchObject({ kind: "AwsAccountScan", name: "told", uid: scan.metadata.uid });
    expect(report?.metadata.ownerReferences).toMatchObject([
      { kind: "AwsAccountScan", uid: scan.metadata.uid },
    ]);
    const told = (report?.results ?? []).map(({ result, resources: [{ name }] }) => `${result} ${name}`);
    expect(told.sort()).toEqual([
      `error ${B}/${SMALL}`,
      `fail ${A}/${SMALL}/d-open`,
      `fail ${A}/${SMALL}/same`,
      `fail ${B}/${SMALL}/same`,
      `skip ${A}/${SMALL}/waived`,
    ]);
    const { stdout } = await kubectl(
      ["get", "reports", "--output=wide", "--selector=awsaccountscan.dev/scan=told"],
      at(),
    );
    expect(stdout).toMatch(/NAME +KIND +NAME +PASS +FAIL +WARN +ERROR +SKIP +AGE/);
    expect(stdout).toMatch(/AwsAccountScan +told +0 +3 +0 +1 +1 /);
  });

  it("hold passes where they are asked for", async () => {
    await scanned("all", { ...twoAccounts, reports: { include: "All" } });
    const found = await exported("all", 5, 90_000);
    expect(resultsIn(found).filter(({ result }) => result === "pass")).toMatchObject([
      { resources: [{ name: `${A}/${SMALL}/closed` }] },
    ]);
  });

  it("keep two accounts' instances of one name apart in Policy Reporter", async () => {
    await scanned("twins", twoAccounts);
    const [report] = await exported("twins", 4, 90_000);
    const { scope, results } = report ?? {
      scope: { apiVersion: "", kind: "", name: "", uid: "" },
      results: [],
    };
    const twins = results.filter(({ properties }) => properties["name"] === "same");
    expect(twins).toHaveLength(2);
    expect(new Set(twins.map((result) => resultIdentity({ scope }, result))).size).toBe(2);
    expect(new Set(plainIdentities({ scope, results: twins })).size).toBe(2);
    expect(new Set(twins.map(({ resources: [resource] }) => resourceIdentity(resource))).size).toBe(2);
  });

  it("are not written again by a scan that finds the same, nor by a restart", async () => {
    await scanned("quiet", twoAccounts);
    const before = versionsOf(await exported("quiet", 4, 90_000));
    await scannedAgain("quiet");
    expect(versionsOf(await reports("quiet"))).toEqual(before);
    await stack().restart("SIGKILL");
    await eventually(async () => {
      const [counter] = await stack().operator.scrape("awsaccountscan_report_exports_total", {
        result: "success",
      });
      const { items } = await getJson<{ items: unknown[] }>(["aas"], at());
      expect(counter?.value).toBe(items.length);
    });
    expect(versionsOf(await reports("quiet"))).toEqual(before);
  });

  it("are mended where somebody has changed or deleted one", async () => {
    await scanned("meddled", twoAccounts);
    const [report] = await exported("meddled", 4, 90_000);
    const patch = JSON.stringify({ results: [], summary: { fail: 0 } });
    await kubectl(["patch", "report", report?.metadata.name ?? "", "--type=merge", `--patch=${patch}`], at());
    await scannedAgain("meddled");
    expect(resultsIn(await reports("meddled"))).toHaveLength(4);
    await kubectl(["delete", "report", report?.metadata.name ?? ""], at());
    await scannedAgain("meddled");
    expect(resultsIn(await reports("meddled"))).toHaveLength(4);
  });
});

describe("the Reports of a result that is not of today", () => {
  const doubts = async (scan: string) =>
    resultsIn(await reports(scan)).filter(({ resources: [{ kind }] }) => kind === "AwsAccountScan");
  const saysAsTheCondition = (scan: string, reason: string) =>
    eventually(
      async () => {
        const { status } = await stack().scans.get(scan);
        const complete = status?.conditions?.find(({ type }) => type === "Complete");
        expect(complete).toMatchObject({ status: "Unknown", reason });
        const { message } = complete ?? {};
        const found = await doubts(scan);
        expect(found).toMatchObject([{ result: "error", properties: { reason } }]);
        expect(found[0]?.message).toContain(message);
      },
      { describe: `the Reports of ${scan} say ${reason}`, timeoutMs: 60_000 },
    );

  it("say so with the condition's reason until a scan has ended again", async () => {
    await installReportsApi(kubeconfig());
    const violations = { ...twoAccounts, accounts: [{ id: A }] };
    await scanned("doubted", violations);
    await exported("doubted", 3, 90_000);
    const suspended = { ...violations, suspend: true, regions: { include: ["ap-south-1"] } };
    await stack().scans.apply({ name: "doubted", spec: suspended });
    await saysAsTheCondition("doubted", "SpecChanged");
    expect(resultsIn(await reports("doubted"))).toHaveLength(4);
    await kubectl(["delete", "aasr", "--selector=awsaccountscan.dev/scan=doubted"], at());
    await stack().restart("SIGKILL");
    await saysAsTheCondition("doubted", "RecordLost");
    expect(resultsIn(await reports("doubted"))).toHaveLength(4);
    await scanned("doubted", violations);
    await exported("doubted", 3, 90_000);
    expect(await doubts("doubted")).toEqual([]);
  });
});

describe("thousands of findings", () => {
  beforeEach(() => installReportsApi(kubeconfig()));

  it("lie in Reports that the API server can hold, of which one change rewrites one", async () => {
    await scanned("crowd", crowded);
    const before = await exported("crowd", VIOLATIONS + 1, 120_000);
    expect(before.length).toBeGreaterThan(5);
    for (const report of before) expect(JSON.stringify(report).length).toBeLessThan(512 * 1024);
    await stack().aws.putNotebook(
      { account: A, region: CROWDED },
      { name: "n-7", directInternetAccess: "Disabled" },
    );
    await scannedAgain("crowd");
    const after = await exported("crowd", VIOLATIONS);
    const known = versionsOf(before);
    expect(after).toHaveLength(before.length);
    expect(after.filter(({ metadata }) => known[metadata.name] !== metadata.resourceVersion)).toHaveLength(1);
  });

  it("leave no stale Report behind when they go", async () => {
    await scanned("shrunk", crowded);
    await eventually(async () => expect((await reports("shrunk")).length).toBeGreaterThan(5), {
      timeoutMs: 120_000,
    });
    await scanned("shrunk", { ...crowded, regions: { include: ["ap-south-1"] } });
    await eventually(
      async () => {
        const left = await reports("shrunk");
        expect(left.map(({ results }) => results.length)).toEqual([1]);
        expect(resultsIn(left)).toMatchObject([{ result: "error", properties: { region: "ap-south-1" } }]);
      },
      { timeoutMs: 60_000 },
    );
  });

  it("make no write but the index of our own reports, scan for scan", async () => {
    await scanned("own", crowded);
    // What the first scan described, the second one remembers and dates; from then on it stands still.
    await scannedAgain("own");
    const own = async () => {
      const selector = "--selector=awsaccountscan.dev/scan=own";
      const { items } = await getJson<{ items: (KubeObject & { index?: object })[] }>(
        ["aasr", selector],
        at(),
      );
      return items;
    };
    const before = await own();
    expect(before.length).toBeGreaterThan(2);
    await scannedAgain("own");
    const known = versionsOf(before);
    const written = (await own()).filter(({ metadata }) => known[metadata.name] !== metadata.resourceVersion);
    expect(written).toMatchObject([{ index: { scanName: "own" } }]);
  });
});

describe("an operator that may not write Reports", () => {
  it("says once what to grant, by log and Event, works on, and exports when it may", async () => {
    await installReportsApi(kubeconfig());
    interface ClusterRole {
      readonly rules: readonly { readonly apiGroups: readonly string[] }[];
    }
    const role = await getJson<ClusterRole & KubeObject>(["clusterrole", "aws-account-scan-operator"], at());
    const write = (rules: ClusterRole["rules"]) => {
      const metadata = { name: "aws-account-scan-operator" };
      const kind = "ClusterRole";
      const apiVersion = "rbac.authorization.k8s.io/v1";
      return applyYaml(JSON.stringify({ apiVersion, kind, metadata, rules }), { kubeconfig: kubeconfig() });
    };
    await write(role.rules.filter(({ apiGroups }) => !apiGroups.includes("openreports.io")));
    await stack().restart("SIGTERM");
    await scanned("barred", twoAccounts);
    await eventually(async () => {
      const [counter] = await stack().operator.scrape("awsaccountscan_report_exports_total", {
        result: "error",
      });
      expect(counter?.value).toBeGreaterThan(3);
      const { items } = await getJson<{
        items: { reason: string; regarding: { name: string }; note: string }[];
      }>(["events.v1.events.k8s.io"], at());
      const event = items.find(
        ({ reason, regarding }) => reason === "ReportExportFailed" && regarding.name === "barred",
      );
      expect(event?.note).toContain("Forbidden (403)");
    });
    const told = stack().operator.lines.filter((line) =>
      line.includes("grant it list, create, patch and delete"),
    );
    expect(told).toHaveLength(1);
    expect((await stack().scans.get("barred")).status?.summary?.violations).toBe(3);
    await write(role.rules);
    await exported("barred", 4, 90_000);
  });
});

describe("a violation that is put right", () => {
  it("is told by an Event that says how, and counted by its age, once", async () => {
    // Other tests' resolutions end with the process.
    await stack().restart("SIGTERM");
    const { scans, aws, operator } = stack();
    const place = { account: A, region: SMALL };
    await aws.putNotebook(place, open("mended"));
    await aws.putNotebook(place, open("dropped"));
    await scanned("mending", { ...twoAccounts, accounts: [{ id: A }] });
    await aws.putNotebook(place, { name: "mended", directInternetAccess: "Disabled" });
    await aws.deleteNotebook(place, "dropped");
    for (let round = 0; round < 2; round += 1) {
      const token = await scans.request("mending");
      await scans.until("mending", "scanned", ({ status }) =>
        expect(status?.lastHandledReconcileAt).toBe(token),
      );
    }
    const notes = await eventually(async () => {
      const { items } = await getJson<{
        items: { reason: string; regarding: { name: string }; note: string }[];
      }>(["events.v1.events.k8s.io"], at());
      const resolved = items.filter(
        ({ reason, regarding }) => reason === "ViolationResolved" && regarding.name === "mending",
      );
      expect(resolved).toHaveLength(2);
      return resolved.map(({ note }) => note);
    });
    expect(notes.find((note) => note.includes("mended"))).toContain("it was read as compliant");
    expect(notes.find((note) => note.includes("dropped"))).toContain("the resource is gone");
    const counts = await operator.scrape("awsaccountscan_violation_resolution_seconds_count", {
      namespace: stack().namespace,
      rule: "SageMaker-004",
    });
    expect(counts.map(({ labels, value }) => [labels["resolution"], value]).sort()).toEqual([
      ["compliant", 1],
      ["gone", 1],
    ]);
  });
});
