import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { AwsAccountScan } from "../../src/api/generated/awsaccountscan.ts";
import type { Fleet } from "../../tools/aws-simulator/fleet.ts";
import { type RunningSimulator, startSimulator } from "../support/aws.ts";
import { type Manifest, useHelm } from "../support/chart.ts";
import { eventually, getJson, kubectl, ownControlPlane } from "../support/cluster.ts";
import { rescanned, scanned } from "../support/credentials-scan.ts";
import type { OperatorProcess } from "../support/operator.ts";
import {
  createNamespace,
  freePorts,
  helmRelease,
  type ReleasePlace,
  runRelease,
  webIdentity,
  webIdentityEnv,
} from "../support/release.ts";
import { condition, scansIn } from "../support/scans.ts";

// One after the other, as one release lives: the process is this version's throughout, the chart first of 0.1.0.
const PREVIOUS = fileURLToPath(
  new URL("../integration/chart/releases/aws-account-scan-operator-0.1.0.tgz", import.meta.url),
);
const NAMESPACE = "scan";
const ACCOUNT = "111111111111";
const ROLE = `arn:aws:iam::${ACCOUNT}:role/Hub`;
const FLEET: Fleet = {
  accounts: [
    {
      id: ACCOUNT,
      name: "hub",
      enabledRegions: ["us-east-1"],
      regions: { "us-east-1": { notebooks: [{ name: "open", directInternetAccess: "Enabled" }] } },
      roles: [
        { name: "Hub", trust: { webIdentity: { subjects: [`system:serviceaccount:${NAMESPACE}:*`] } } },
      ],
    },
  ],
};

const cluster = ownControlPlane({ crds: false });
useHelm();

let simulator: RunningSimulator;
let operator: OperatorProcess | undefined;
const release = (): ReleasePlace => ({ cluster: cluster(), namespace: NAMESPACE, release: "x" });
const at = () => ({ kubeconfig: cluster().adminKubeconfigPath, namespace: NAMESPACE });
const scans = scansIn(NAMESPACE, () => cluster().adminKubeconfigPath);
const extraEnv = () => [
  { name: "AWS_ENDPOINT_URL", value: simulator.url },
  { name: "AWS_REGION", value: "us-east-1" },
  ...webIdentityEnv(release(), ROLE),
];

beforeAll(async () => {
  const { jwksPath, issuer } = cluster();
  simulator = await startSimulator({ fleet: FLEET, jwksPath, issuer });
  await createNamespace(cluster(), NAMESPACE);
});
afterAll(async () => {
  await operator?.stop();
  await simulator?.stop();
});

let before: AwsAccountScan;

it("a release of 0.1.0 finds a violation", async () => {
  const { ports } = await freePorts();
  // As 0.1.0 did, whose chart grants no Lease.
  const extraArgs = [
    "--leader-elect=false",
    `--metrics-port=${ports.metrics}`,
    `--health-port=${ports.health}`,
  ];
  await helmRelease(release(), ["install", PREVIOUS], { extraArgs, extraEnv: extraEnv() });
  await webIdentity(release(), ROLE);
  // The definitions come first, as docs/upgrade.md says: this version's process writes what those of 0.1.0 do not have.
  await kubectl(["apply", "--server-side", "--force-conflicts", "--filename=deploy/crds"], {
    kubeconfig: cluster().adminKubeconfigPath,
  });
  operator = await runRelease(release());
  before = await scanned(scans, { name: "own" });
  expect(condition(before, "Compliant")).toMatchObject({ status: "False", reason: "ViolationsFound" });
});

it("an upgrade keeps the scan, its report and since when the violation is known", async () => {
  await operator?.stop();
  await helmRelease(
    release(),
    ["upgrade"],
    { ...(await freePorts()), extraEnv: extraEnv() },
    "--reset-values",
  );
  operator = await runRelease(release());
  // Restored, not scanned anew: the result of before is there at once.
  const { scrape } = operator;
  const firstSeen = before.status?.violations?.[0]?.firstSeen ?? "";
  // It is ready before it leads.
  await eventually(async () => {
    const restored = await scrape("awsaccountscan_violation_first_seen_timestamp_seconds");
    expect(restored.map(({ value }) => value)).toEqual([Date.parse(firstSeen) / 1000]);
  });
  const kept = await scans.get("own");
  expect(kept.metadata.uid).toBe(before.metadata.uid);
  expect(kept.status?.lastScan).toEqual(before.status?.lastScan);
  const after = await rescanned(scans, "own");
  expect(after.status?.violations).toMatchObject([{ firstSeen }]);
});

it("an uninstallation leaves scans and reports to the next release", async () => {
  await operator?.stop();
  await helmRelease(release(), ["uninstall"]);
  expect((await scans.get("own")).metadata.uid).toBe(before.metadata.uid);
  expect((await getJson<{ items: Manifest[] }>(["aasr"], at())).items).not.toEqual([]);
  const left = await kubectl(
    ["get", "all,sa,role,rolebinding", "--selector=app.kubernetes.io/instance=x"],
    at(),
  );
  expect(left.stdout).toBe("");
});
