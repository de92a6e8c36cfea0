import { describe, expect, it } from "vitest";
import type { AwsAccountScan } from "../../src/api/generated/awsaccountscan.ts";
import { SCAN } from "../../src/api/names.ts";
import type { Fleet } from "../../tools/aws-simulator/fleet.ts";
import { adminKubeConfig, clientOf } from "../support/kube-client-harness.ts";
import { condition, settled } from "../support/scans.ts";
import { useStack } from "../support/stack.ts";

const ACCOUNT = "111111111111";

function fleet(namespace: string): Fleet {
  const subjects = [`system:serviceaccount:${namespace}:scanner`];
  const notebooks = Array.from({ length: 3 }, (_, n) => ({
    name: `n-${n}`,
    directInternetAccess: "Disabled" as const,
  }));
  return {
    accounts: [
      {
        id: ACCOUNT,
        name: "one",
        enabledRegions: ["us-east-1", "eu-west-1"],
        roles: [{ name: "Hub", trust: { webIdentity: { subjects } } }],
        regions: { "us-east-1": { notebooks }, "eu-west-1": { notebooks } },
      },
    ],
  };
}

const stack = useStack({ fleet, args: ["--concurrent-scans=1"] });
const base = { credentials: { serviceAccountName: "scanner" }, regions: { include: ["us-east-1"] } };
const withScanner = () => stack().serviceAccount("scanner", `arn:aws:iam::${ACCOUNT}:role/Hub`);

describe("scans", () => {
  it("come again when their interval is over, with one write to the status, without touching Ready", async () => {
    const { scans, namespace } = stack();
    await withScanner();
    await scans.apply({ name: "periodic", spec: { ...base, interval: "1m" } });
    const first = await scans.until("periodic", "scanned", settled);
    const { resourceVersion = "" } = first.metadata;
    const client = clientOf(adminKubeConfig());
    const changes = client.watch<AwsAccountScan>(SCAN, { namespace, resourceVersion, timeoutSeconds: 90 });
    const change = changes.next();
    const second = await scans.until(
      "periodic",
      "scanned by the clock",
      ({ status }) => expect(status?.lastScan?.trigger).toBe("Scheduled"),
      90_000,
    );
    expect(condition(second, "Ready")).toEqual(condition(first, "Ready"));
    // That it runs is said of a scan that takes longer.
    const { resourceVersion: after } = second.metadata;
    expect((await change).value).toMatchObject({ object: { metadata: { resourceVersion: after } } });
    const begun = (scan: typeof first) => Date.parse(scan.status?.lastScan?.startTime ?? "");
    // Five percent of jitter, and a second for times that are written to the second.
    expect(begun(second) - begun(first)).toBeGreaterThanOrEqual(56_000);
  });

  it("keep what they read before their timeout, and call the rest unread", async () => {
    const { scans, aws } = stack();
    await withScanner();
    await aws.setFaults({ kind: "hang", region: "eu-west-1" });
    await scans.apply({
      name: "late",
      spec: { ...base, interval: "1h", timeout: "10s", regions: { include: ["us-east-1", "eu-west-1"] } },
    });
    const scan = await scans.until("late", "scanned", settled);
    await aws.setFaults();
    expect(scan.status?.summary).toMatchObject({ compliant: 3 });
    expect(condition(scan, "Complete")).toMatchObject({ status: "False", reason: "TimedOut" });
    expect(condition(scan, "Compliant").status).toBe("Unknown");
    expect(condition(scan, "Ready").status).toBe("True");
  });

  it("end in time where nobody answers a request for credentials", async () => {
    const { scans, aws } = stack();
    await withScanner();
    await aws.setFaults({ kind: "hang", service: "sts" });
    await scans.apply({ name: "unheard", spec: { ...base, interval: "1h", timeout: "10s" } });
    const scan = await scans.until("unheard", "scanned", settled);
    await aws.setFaults();
    expect(condition(scan, "Ready")).toMatchObject({ status: "False", reason: "ScanFailed" });
    expect(scan.status?.failures).toMatchObject([{ operation: "GetCredentials", reason: "TimedOut" }]);
  });

  it("that fail are tried again, and delay nobody", async () => {
    const { scans, aws } = stack();
    await withScanner();
    await aws.setFaults(
      { kind: "deny", operation: "ListNotebookInstances" },
      { kind: "deny", operation: "ListDomains" },
    );
    await scans.apply({ name: "failing", spec: base });
    const failed = await scans.until("failing", "failed", ({ status }) =>
      expect(status?.lastScan?.outcome).toBe("Failed"),
    );
    expect(condition(failed, "Ready")).toMatchObject({ status: "False", reason: "ScanFailed" });
    expect(condition(failed, "Reconciling")).toMatchObject({
      status: "True",
      reason: "ProgressingWithRetry",
    });
    await aws.setFaults();
    await scans.apply({ name: "healthy", spec: base });
    await scans.until("healthy", "scanned", settled);
    const recovered = await scans.until("failing", "recovered", (scan) =>
      expect(scan.status?.lastScan?.outcome).toBe("Complete"),
    );
    expect(recovered.status?.lastScan?.trigger).toBe("Retry");
  });

  it("that run when the operator is asked to end may end first, and are recorded", async () => {
    const { scans, aws } = stack();
    await withScanner();
    await scans.apply({ name: "ending", spec: { ...base, interval: "1h" } });
    await scans.until("ending", "scanned", settled);
    await aws.setSettings({ latencyMs: 500 });
    const token = await scans.request("ending");
    await scans.until("ending", "running", ({ status }) => expect(status?.currentScan).toBeDefined());
    expect(await stack().operator.stop("SIGTERM")).toBe(0);
    await aws.setSettings({ latencyMs: 0 });
    const { status } = await scans.get("ending");
    expect(status?.lastHandledReconcileAt).toBe(token);
    expect(status?.currentScan).toBeUndefined();
  });
});
