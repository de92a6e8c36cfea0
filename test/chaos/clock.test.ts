import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { AwsAccountScan } from "../../src/api/generated/awsaccountscan.ts";
import type { Fleet } from "../../tools/aws-simulator/fleet.ts";
import { steeredClock } from "../support/clock.ts";
import { eventually } from "../support/cluster.ts";
import type { Sample } from "../support/exposition.ts";
import { condition, settled } from "../support/scans.ts";
import { useStack } from "../support/stack.ts";

const ACCOUNT = "111111111111";
const REGION = "us-east-1";
const HOUR = 3_600_000;

function fleet(namespace: string): Fleet {
  const subjects = [`system:serviceaccount:${namespace}:scanner`];
  const notebooks = [
    { name: "good", directInternetAccess: "Disabled" as const },
    { name: "bad", directInternetAccess: "Enabled" as const },
  ];
  const roles = [{ name: "Hub", trust: { webIdentity: { subjects } } }];
  return {
    accounts: [
      { id: ACCOUNT, name: "one", enabledRegions: [REGION], roles, regions: { [REGION]: { notebooks } } },
    ],
  };
}

const clock = await steeredClock(mkdtempSync(join(tmpdir(), "clock-")));
const stack = useStack({ fleet, env: clock.env });
let offsetMs = 0;

async function setClock(ms: number): Promise<void> {
  offsetMs = ms;
  await clock.set(ms, stack().operator);
}

/** Now by the operator's wall clock. */
const wallNow = () => Date.now() + offsetMs;

async function apply(name: string, spec: object): Promise<AwsAccountScan> {
  const { scans, serviceAccount } = stack();
  await serviceAccount("scanner", `arn:aws:iam::${ACCOUNT}:role/Hub`);
  const regions = { include: [REGION] };
  await scans.apply({ name, spec: { credentials: { serviceAccountName: "scanner" }, regions, ...spec } });
  return scans.until(name, "scanned", settled);
}

/** The scan once one has ended that is not `before`'s. */
function scannedAgain(before: AwsAccountScan): Promise<AwsAccountScan> {
  return stack().scans.until(before.metadata.name, "scanned again", (scan) => {
    settled(scan);
    expect(scan.status?.lastScan?.id).not.toBe(before.status?.lastScan?.id);
  });
}

const started = (scan: AwsAccountScan) => Date.parse(scan.status?.lastScan?.startTime ?? "");
const ended = (scan: AwsAccountScan) => Date.parse(scan.status?.lastScan?.completionTime ?? "");
const next = (scan: AwsAccountScan) => Date.parse(scan.status?.nextScanTime ?? "");

/** Times are to the second, and the two clocks are read one after the other. */
const SLACK_MS = 60_000;

function expectOfNow(scan: AwsAccountScan, intervalMs: number): void {
  expect(Math.abs(wallNow() - started(scan))).toBeLessThan(SLACK_MS);
  expect(ended(scan)).toBeGreaterThanOrEqual(started(scan));
  expect(Math.abs(next(scan) - started(scan) - intervalMs)).toBeLessThan(0.05 * intervalMs + SLACK_MS);
  for (const { lastTransitionTime } of scan.status?.conditions ?? [])
    expect(Date.parse(lastTransitionTime)).toBeLessThan(wallNow() + SLACK_MS);
  for (const { firstSeen } of scan.status?.violations ?? [])
    expect(Date.parse(firstSeen ?? "")).toBeLessThan(wallNow() + SLACK_MS);
}

/** Sums and ages are of time that has passed. */
const negative = (samples: readonly Sample[]) =>
  samples.filter(({ name, value }) => /_seconds(_sum)?$/.test(name) && value < 0);

async function reconciles(): Promise<number> {
  const samples = await stack().operator.scrape("awsaccountscan_reconcile_total");
  return samples.reduce((sum, { value }) => sum + value, 0);
}

describe("an operator whose wall clock is set", () => {
  afterEach(async () => {
    await stack().aws.setFaults();
    await setClock(0);
  });

  it("scans at once what has come due by a clock that was set forward, and rests afterwards", async () => {
    const before = await apply("forward", { interval: "2h" });
    await setClock(3 * HOUR);
    const after = await scannedAgain(before);
    expect(after.status?.lastScan).toMatchObject({ trigger: "Scheduled", outcome: "Complete" });
    expectOfNow(after, 2 * HOUR);
    expect(condition(after, "Compliant")).toMatchObject({ status: "False", reason: "ViolationsFound" });
  });

  it("scans once by a clock that was set back, and not only when the old time has come again", async () => {
    await setClock(5 * HOUR);
    const before = await apply("back", { interval: "2h" });
    expectOfNow(before, 2 * HOUR);
    await setClock(0);
    const after = await scannedAgain(before);
    expect(after.status?.failures).toEqual([]);
    expect(after.status?.lastScan).toMatchObject({ trigger: "Scheduled", outcome: "Complete" });
    expectOfNow(after, 2 * HOUR);
  });

  it("calls a result stale as soon as the clock says so, though no scan can run", async () => {
    const regions = { include: [REGION] };
    const exemptions = [{ name: "all", reason: "r", match: { names: ["*"] } }];
    const before = await apply("stale", { interval: "2h", regions, exemptions });
    expect(condition(before, "Compliant").status).toBe("True");
    await stack().scans.apply({
      name: "stale",
      spec: {
        credentials: { serviceAccountName: "scanner" },
        regions,
        interval: "2h",
        exemptions,
        suspend: true,
      },
    });
    await stack().scans.until("stale", "suspended", (scan) =>
      expect(condition(scan, "Ready").reason).toBe("Suspended"),
    );
    const isStale = (scan: AwsAccountScan) =>
      expect(condition(scan, "Compliant")).toMatchObject({ status: "Unknown", reason: "Stale" });
    const isFresh = (scan: AwsAccountScan) => expect(condition(scan, "Compliant").status).toBe("True");
    await setClock(48 * HOUR);
    await stack().scans.until("stale", "stale by a clock that is ahead", isStale);
    await setClock(0);
    await stack().scans.until("stale", "fresh by the right clock", isFresh);
    await setClock(-48 * HOUR);
    await stack().scans.until("stale", "stale by a clock that is behind", isStale);
  });

  it("drops an exemption as soon as the clock says that it is over", async () => {
    const expiresAt = new Date(Date.now() + HOUR).toISOString();
    const exemptions = [{ name: "bad", reason: "r", expiresAt, match: { names: ["bad"] } }];
    const before = await apply("exempt", { interval: "24h", exemptions });
    expect(condition(before, "Compliant").status).toBe("True");
    await setClock(2 * HOUR);
    const after = await scannedAgain(before);
    expect(condition(after, "Compliant")).toMatchObject({ status: "False", reason: "ViolationsFound" });
  });

  it("ends a scan during which the clock leaps, forward and back, and tells no negative time", async () => {
    const { aws, scans, operator } = stack();
    await apply("during", { interval: "2h" });
    for (const ms of [3 * HOUR, -3 * HOUR]) {
      await aws.setSettings({ latencyMs: 1_500 });
      const token = await scans.request("during");
      await scans.until("during", "running", ({ status }) => expect(status?.currentScan).toBeDefined());
      await setClock(ms);
      await aws.setSettings({ latencyMs: 0 });
      const after = await scans.until("during", "scanned", (scan) => {
        settled(scan);
        expect(scan.status?.lastHandledReconcileAt).toBe(token);
        expect(Math.abs(wallNow() - started(scan))).toBeLessThan(SLACK_MS);
      });
      expect(after.status?.lastScan?.outcome).toBe("Complete");
      expectOfNow(after, 2 * HOUR);
      expect(negative(await operator.scrape())).toEqual([]);
    }
  });

  it("scans on however often the clock leaps, and does nothing for nothing in between", async () => {
    const { aws, operator, scans } = stack();
    let before = await apply("restless", { interval: "2h" });
    for (const ms of [26 * HOUR, -26 * HOUR, HOUR * 24 * 400]) {
      await setClock(ms);
      before = await scannedAgain(before);
      expectOfNow(before, 2 * HOUR);
      await eventually(async () => {
        for (const scan of ["forward", "back", "exempt", "during"])
          expect(Math.abs(wallNow() - started(await scans.get(scan)))).toBeLessThan(2 * SLACK_MS);
      });
    }
    // As long as it takes to scan another one, a loop would have gone round hundreds of times.
    const [count, { total }] = [await reconciles(), await aws.counters()];
    const token = await scans.request("during");
    await scans.until("during", "scanned", (scan) => {
      settled(scan);
      expect(scan.status?.lastHandledReconcileAt).toBe(token);
    });
    expect(await reconciles()).toBeLessThan(count + 15);
    expect((await aws.counters()).total).toBeLessThan(total + 15);
    const bad = operator.lines.filter((line) => /"level":"(error|fatal)"|unhandled/i.test(line));
    expect(bad).toEqual([]);
  });
});
