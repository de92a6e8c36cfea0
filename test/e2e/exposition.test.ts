import { beforeAll, describe, expect, it } from "vitest";
import { run } from "../../tools/machine/command.ts";
import { goProgram } from "../../tools/machine/go-program.ts";
import { PROMTOOL } from "../../tools/monitoring/programs.ts";
import { leaksIn } from "../support/credentials-secrets.ts";
import { useMonitoring } from "../support/monitoring.ts";
import { onePlace, scanFleet } from "../support/monitoring-fleet.ts";
import { useStack } from "../support/stack.ts";

const stack = useStack({
  fleet: (namespace) =>
    onePlace(namespace, { notebooks: [{ name: "open", directInternetAccess: "Enabled" }] }),
});
const monitoring = useMonitoring();

beforeAll(async () => {
  await scanFleet(stack());
  await monitoring().scrape(stack().operator.metricsUrl);
});

async function exposition(): Promise<string> {
  return (await fetch(`${stack().operator.metricsUrl}/metrics`)).text();
}

describe("/metrics", () => {
  it("is read by Prometheus as OpenMetrics, without an error", async () => {
    const { prometheus } = monitoring();
    expect(await prometheus.query("up")).toMatchObject([{ value: 1 }]);
    const [scraped] = await prometheus.query("scrape_samples_scraped");
    expect(scraped?.value).toBeGreaterThan(100);
    // A counter's family has no _total in OpenMetrics, and has it in the older format.
    const families = await prometheus.families();
    expect(families).toContainEqual(
      expect.objectContaining({ metric: "awsaccountscan_scans", type: "counter" }),
    );
    expect(await prometheus.query("awsaccountscan_scans_total")).not.toEqual([]);
  });

  it("passes promtool's lint", async () => {
    const { code, stdout, stderr } = await run(await goProgram(PROMTOOL), ["check", "metrics"], {
      input: await exposition(),
    });
    expect({ code, said: stdout + stderr }).toEqual({ code: 0, said: "" });
  });

  it("holds no secret, nor does the operator's log", async () => {
    const text = (await exposition()).split("\n");
    expect(text.length).toBeGreaterThan(100);
    expect(leaksIn([...text, ...stack().operator.lines])).toEqual([]);
  });
});

describe("a scan whose ServiceAccount is missing", () => {
  it("is told of as stalled, in the namespace of the scan", async () => {
    const { scans, namespace } = stack();
    await scans.apply({ name: "misled", spec: { credentials: { serviceAccountName: "nobody" } } });
    const { labels } = await monitoring().untilSent("firing", "AwsAccountScanStalled");
    expect(labels).toMatchObject({ namespace, scan: "misled" });
  });
});
