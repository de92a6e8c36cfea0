import { beforeAll, describe, expect, it } from "vitest";
import { rescanned } from "../support/credentials-scan.ts";
import { useMonitoring } from "../support/monitoring.ts";
import { onePlace, PLACE, scanFleet } from "../support/monitoring-fleet.ts";
import { useStack } from "../support/stack.ts";

const PAGE = "NotebookDirectInternetAccess";
const DOWN = "AwsAccountScanOperatorDown";

const stack = useStack({
  fleet: (namespace) =>
    onePlace(namespace, { notebooks: [{ name: "open", directInternetAccess: "Enabled" }] }),
});
const monitoring = useMonitoring();

beforeAll(async () => {
  await scanFleet(stack());
  await monitoring().scrape(stack().operator.metricsUrl);
  await monitoring().untilSent("firing", PAGE, PLACE);
});

describe("a violation's page", () => {
  it("outlives an operator that is killed and comes back at another address", async () => {
    await stack().restart("SIGKILL");
    await monitoring().scrape(stack().operator.metricsUrl);
    await monitoring().anythingSent();
    expect(await monitoring().firing(PAGE)).toMatchObject([PLACE]);
    expect(monitoring().ended(PAGE)).toEqual([]);
  });

  it("stays while the operator is away for longer than any rule waits, which is a page of its own", async () => {
    await stack().operator.stop("SIGKILL");
    const { labels } = await monitoring().untilSent("firing", DOWN);
    expect(labels).toMatchObject({ severity: "critical", namespace: "aws-account-scan-system" });
    await monitoring().anythingSent();
    expect(await monitoring().firing(PAGE)).toMatchObject([PLACE]);
    expect(monitoring().ended(PAGE)).toEqual([]);
  });

  it("stays when an operator has taken over, until the notebook has really been mended", async () => {
    await stack().restart();
    await monitoring().scrape(stack().operator.metricsUrl);
    await monitoring().untilSent("resolved", DOWN);
    await monitoring().anythingSent();
    expect(await monitoring().firing(PAGE)).toMatchObject([PLACE]);
    expect(monitoring().ended(PAGE)).toEqual([]);
    await stack().aws.putNotebook(PLACE, { name: "open", directInternetAccess: "Disabled" });
    await rescanned(stack().scans, "fleet");
    await monitoring().untilSent("resolved", PAGE, PLACE);
    // All the while nobody was paged twice.
    expect(monitoring().begun(PAGE)).toHaveLength(1);
  });
});
