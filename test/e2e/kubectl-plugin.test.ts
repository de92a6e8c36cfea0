import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ScanResult } from "../../src/report/result.ts";
import type { Fleet } from "../../tools/aws-simulator/fleet.ts";
import { awsEnvironment, CALLER } from "../support/cli-aws.ts";
import { kubectl, sharedCluster } from "../support/cluster.ts";
import { condition, settled } from "../support/scans.ts";
import { useStack } from "../support/stack.ts";

const A = "111111111111";
const PLACE = { account: A, region: "us-east-1" };

const stack = useStack({
  fleet: (namespace): Fleet => ({
    accounts: [
      {
        id: A,
        name: "one",
        enabledRegions: ["us-east-1"],
        accessKeys: [CALLER],
        roles: [
          {
            name: "Hub",
            trust: { webIdentity: { subjects: [`system:serviceaccount:${namespace}:scanner`] } },
          },
        ],
        regions: {
          "us-east-1": {
            notebooks: [
              { name: "open", directInternetAccess: "Enabled" },
              { name: "shut", directInternetAccess: "Disabled" },
            ],
          },
        },
      },
    ],
  }),
});

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "kubectl-awsscan-"));
  const plugin = fileURLToPath(new URL("../../dist/kubectl-awsscan.js", import.meta.url));
  await symlink(plugin, join(folder, "kubectl-awsscan"));
  await stack().serviceAccount("scanner", `arn:aws:iam::${A}:role/Hub`);
  const spec = { credentials: { serviceAccountName: "scanner" }, regions: { include: ["us-east-1"] } };
  await stack().scans.apply({ name: "ml", spec });
  await stack().scans.until("ml", "scanned", settled);
});
afterAll(() => rm(folder, { recursive: true }));

/** `kubectl awsscan …`, as kubectl itself finds and runs the plugin. */
function plugin(args: readonly string[], kubeconfig = sharedCluster().adminKubeconfigPath) {
  const path = [folder, dirname(process.execPath), process.env["PATH"]].join(delimiter);
  const env = { ...awsEnvironment(stack().awsUrl), PATH: path, KUBECONFIG: kubeconfig, HOME: "/nonexistent" };
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const child = execFile("kubectl", ["awsscan", ...args], { env }, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

const here = () => ["-n", stack().namespace];

describe("kubectl awsscan", () => {
  it("lists scans with what they came to, and why where that is not well", async () => {
    const { code, stdout } = await plugin(["list", ...here()]);
    const [header, row] = stdout.split("\n");
    expect(header).toMatch(
      /^NAMESPACE +NAME +COMPLIANT +COMPLETE +VIOLATIONS +UNKNOWN +RESOURCES +LAST SCAN +WHY$/,
    );
    expect(row).toMatch(/ ml +False +True +1 +0 +2 +\d+s ago +ViolationsFound: 1 of 2 resources violate/);
    expect(code).toBe(0);
    expect((await plugin(["list", "-A"])).stdout).toContain(stack().namespace);
  });

  it("prints the violations of the last scan as awsscan scan does, and ends with 2", async () => {
    const { code, stdout } = await plugin(["violations", "ml", ...here(), "-o", "json"]);
    const { summary, findings } = JSON.parse(stdout) as ScanResult;
    expect(summary).toMatchObject({ violations: 1, compliant: 1 });
    expect(findings).toMatchObject([
      { name: "open", frameworks: expect.arrayContaining([expect.anything()]) },
    ]);
    expect(findings[0]?.firstSeen).toBeDefined();
    expect(code).toBe(2);
    expect((await plugin(["violations", ...here()])).stdout).toContain("notebook-instance/open");
  });

  it("has the operator scan now, waits, and tells what came of it", async () => {
    await stack().aws.putNotebook(PLACE, { name: "fresh", directInternetAccess: "Enabled" });
    const { code, stdout, stderr } = await plugin(["now", "ml", ...here()]);
    expect(stderr).toBe("");
    expect(stdout).toMatch(/\/ml: Complete\. Scanned 1 account\(s\).*2 violation\(s\)/);
    expect(code).toBe(2);
    expect((await plugin(["violations", "ml", ...here()])).stdout).toContain("notebook-instance/fresh");
    await stack().aws.deleteNotebook(PLACE, "fresh");
  });

  it("plans the remediation of a scan's violations, with the networks that its spec names", async () => {
    const networks = [
      { region: "us-east-1", subnetId: "subnet-11111111", securityGroupIds: ["sg-11111111"] },
    ];
    await kubectl(
      ["patch", "aas", "ml", "--type=merge", "-p", JSON.stringify({ spec: { remediation: { networks } } })],
      { namespace: stack().namespace },
    );
    await stack().scans.until("ml", "scanned", settled);
    const { code, stdout } = await plugin(["plan", "ml", ...here(), "--output-dir", join(folder, "plans")]);
    expect([code, stdout]).toEqual([0, ""]);
    expect(await readdir(join(folder, "plans"))).toEqual([`${A}-us-east-1.sh`]);
    const printed = await plugin(["plan", "ml", ...here(), "--format", "console"]);
    expect(printed.stdout).toContain("subnet-11111111");
  });

  it("still knows the violations of a scan whose report is gone, and that this is not all", async () => {
    const { namespace } = stack();
    await kubectl(["delete", "aasr", "--all"], { namespace });
    const { code, stdout } = await plugin(["violations", "ml", ...here(), "-o", "json"]);
    const { summary, findings, scan, failures } = JSON.parse(stdout) as ScanResult;
    expect(summary.violations).toBe(1);
    expect(findings).toMatchObject([{ name: "open" }]);
    expect(scan.outcome).toBe("Incomplete");
    expect(failures).toMatchObject([{ reason: "RecordLost" }]);
    expect(code).toBe(2);
    await plugin(["now", "ml", ...here()]);
    expect(JSON.parse((await plugin(["violations", "ml", ...here(), "-o", "json"])).stdout)).toMatchObject({
      scan: { outcome: "Complete" },
    });
  });

  it("says at once why no scan begins, and in the list too", async () => {
    const { scans } = stack();
    await scans.apply({ name: "stalled", spec: { rules: { include: ["SageMaker-999"] } } });
    await scans.until("stalled", "stalled", (scan) => condition(scan, "Stalled"));
    const now = await plugin(["now", "stalled", ...here()]);
    expect(now.stderr).toMatch(/\/stalled is stalled: UnknownRule: .*SageMaker-999/);
    expect([now.code, now.stdout]).toEqual([1, ""]);
    const { stdout } = await plugin(["list", ...here()]);
    expect(stdout).toMatch(/ stalled .* Stalled: UnknownRule: spec\.rules\.include names SageMaker-999/);
    await scans.delete("stalled");
  });

  it("does not say that it scanned where nothing could be read, and tries again what stalls for its credentials", async () => {
    const { scans } = stack();
    await scans.apply({ name: "lost", spec: { credentials: { serviceAccountName: "nobody" } } });
    await scans.until("lost", "stalled", (scan) => condition(scan, "Stalled"));
    const { code, stdout, stderr } = await plugin(["now", "lost", ...here()]);
    expect(stdout).toMatch(/^\S+\/lost: Failed\. Stalled: ServiceAccount\w+: .*nobody/);
    expect(stdout).not.toContain("Scanned");
    expect([code, stderr]).toEqual([3, ""]);
    await scans.delete("lost");
  });

  it("does not show a result for fresh that its spec has outgrown", async () => {
    // No operator watches this namespace: the status stands still.
    const spec = { suspend: true };
    const other = `${stack().namespace}-still`;
    await kubectl(["create", "namespace", other], {});
    const manifest = JSON.stringify({
      apiVersion: "awsaccountscan.dev/v1alpha1",
      kind: "AwsAccountScan",
      metadata: { name: "still" },
      spec,
    });
    await kubectl(["apply", "-f", "-"], { namespace: other, input: manifest });
    const { code, stdout } = await plugin(["violations", "still", "-n", other, "-o", "json"]);
    expect((JSON.parse(stdout) as ScanResult).failures).toMatchObject([{ reason: "NoResult" }]);
    expect((JSON.parse(stdout) as ScanResult).scan.outcome).toBe("Failed");
    expect(code).toBe(3);
    const now = await plugin(["now", "still", "-n", other]);
    expect(now.stderr).toMatch(/is suspended; set spec.suspend to false/);
    expect(now.code).toBe(1);
  });

  it.each([
    [["violations", "nobody"], /there is no AwsAccountScan nobody in namespace default/],
    [["now", "nobody"], /there is no AwsAccountScan nobody/],
    [["violations", "ml", "-A"], /a name is of one namespace/],
    [["list", "-n", "Team_A"], /Give the name of a namespace/],
    [["list", "--context", "nowhere"], /The context "nowhere"/],
  ])("%j: says what is wrong, and ends with 1", async (args, message) => {
    const { code, stdout, stderr } = await plugin(args);
    expect(stderr).toMatch(message);
    expect([code, stdout]).toEqual([1, ""]);
  });

  it("says where there is no cluster", async () => {
    const { code, stderr } = await plugin(["list"], "/nonexistent/config");
    expect(stderr).toMatch(/\/nonexistent\/config/);
    expect(code).toBe(1);
  });
});
