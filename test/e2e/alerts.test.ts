import { beforeAll, describe, expect, it } from "vitest";
import { eventually } from "../support/cluster.ts";
import { rescanned } from "../support/credentials-scan.ts";
import { useMonitoring } from "../support/monitoring.ts";
import { onePlace, PLACE, scanFleet } from "../support/monitoring-fleet.ts";
import { useStack } from "../support/stack.ts";

const PAGE = "NotebookDirectInternetAccess";

const stack = useStack({
  fleet: (namespace) =>
    onePlace(namespace, { notebooks: [{ name: "closed", directInternetAccess: "Disabled" }] }),
});
const monitoring = useMonitoring();

beforeAll(async () => {
  await scanFleet(stack());
  await monitoring().scrape(stack().operator.metricsUrl);
});

describe("whoever is paged", () => {
  it("hears nothing of an account that is in order", async () => {
    await monitoring().anythingSent();
    expect(monitoring().sentIn(stack().namespace)).toEqual([]);
    expect(await monitoring().prometheus.ruleErrors()).toEqual([]);
  });

  it("is told once of all notebooks of an account and region that can reach the internet", async () => {
    const { aws, scans, namespace } = stack();
    await aws.putNotebook(PLACE, { name: "open", directInternetAccess: "Enabled" });
    await aws.putNotebook(PLACE, { name: "ajar", directInternetAccess: "Enabled" });
    await rescanned(scans, "fleet");
    const { labels, annotations } = await monitoring().untilSent("firing", PAGE);
    expect(labels).toMatchObject({ namespace, scan: "fleet", ...PLACE, severity: "critical" });
    expect(annotations).toMatchObject({
      summary: expect.any(String),
      description: expect.stringMatching(/ajar.*open|open.*ajar/s),
      runbook_url: expect.stringMatching(/\/notebookdirectinternetaccess$/),
    });
    await monitoring().anythingSent();
    expect(monitoring().sentIn(namespace)).toEqual([PAGE]);
  });

  it("is told that nobody can look, and of no end meanwhile", async () => {
    const { aws, scans, namespace } = stack();
    await aws.setFaults({ kind: "deny", operation: "AssumeRoleWithWebIdentity" });
    await aws.expireSessions();
    await rescanned(scans, "fleet");
    await monitoring().untilSent("firing", "AwsAccountScanIncomplete", { namespace, scan: "fleet" });
    await monitoring().anythingSent();
    expect(await monitoring().firing(PAGE)).toMatchObject([PLACE]);
    expect(monitoring().ended(PAGE)).toEqual([]);
    await aws.setFaults();
    await rescanned(scans, "fleet");
    await monitoring().untilSent("resolved", "AwsAccountScanIncomplete");
  });

  it("is told of the end when the last of the notebooks has been re-created properly", async () => {
    const { aws, scans } = stack();
    await aws.putNotebook(PLACE, { name: "open", directInternetAccess: "Disabled" });
    await rescanned(scans, "fleet");
    await monitoring().anythingSent();
    expect(monitoring().ended(PAGE)).toEqual([]);
    await aws.putNotebook(PLACE, { name: "ajar", directInternetAccess: "Disabled" });
    await rescanned(scans, "fleet");
    await monitoring().untilSent("resolved", PAGE, PLACE);
    expect(await monitoring().firing(PAGE)).toEqual([]);
  });

  it("is told of the end when the scan is deleted", async () => {
    const { aws, scans } = stack();
    await aws.putNotebook(PLACE, { name: "again", directInternetAccess: "Enabled" });
    await rescanned(scans, "fleet");
    await eventually(() => expect(monitoring().begun(PAGE)).toHaveLength(2), { timeoutMs: 60_000 });
    await scans.delete("fleet");
    await eventually(() => expect(monitoring().ended(PAGE)).toHaveLength(2), { timeoutMs: 60_000 });
    expect(await monitoring().firing(PAGE)).toEqual([]);
  });
});
