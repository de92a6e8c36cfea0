import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runOrThrow } from "../../tools/machine/command.ts";
import { goProgram } from "../../tools/machine/go-program.ts";
import { type Alertmanager, startAlertmanager } from "../../tools/monitoring/alertmanager.ts";
import { ALERTMANAGER, AMTOOL } from "../../tools/monitoring/programs.ts";
import { eventually } from "../support/cluster.ts";

const CONFIG = fileURLToPath(new URL("../../deploy/alertmanager/alertmanager.yaml", import.meta.url));

describe("the sample of routing", () => {
  it("is what Alertmanager takes", async () => {
    const said = await runOrThrow(await goProgram(AMTOOL), ["check-config", CONFIG]);
    expect(said).toContain("SUCCESS");
  });

  it.each([
    ["NotebookDirectInternetAccess", "critical", "team-a", "security-pager"],
    ["NotebookDirectInternetAccess", "critical", "team-ml", "team-ml,security-pager"],
    ["AwsAccountScanIncomplete", "warning", "team-ml", "team-ml,security-chat"],
    ["AwsAccountScanStale", "warning", "team-a", "security-chat"],
    ["AwsAccountScanMetricsTruncated", "info", "team-ml", "nobody"],
    ["AwsAccountScanOperatorDown", "critical", "aws-account-scan-system", "platform-pager"],
    ["AwsApiThrottled", "warning", "aws-account-scan-system", "platform-chat"],
  ])("sends %s, %s, of %s to %s", async (alertname, severity, namespace, receivers) => {
    const labels = [`alertname=${alertname}`, `severity=${severity}`, `namespace=${namespace}`];
    const verify = `--verify.receivers=${receivers}`;
    // Fails where they are others.
    await runOrThrow(await goProgram(AMTOOL), [
      ...["config", "routes", "test", `--config.file=${CONFIG}`, verify],
      ...labels,
    ]);
  });
});

describe("inhibition in the sample", () => {
  let alertmanager: Alertmanager;
  beforeAll(async () => {
    const config = await readFile(CONFIG, "utf8");
    alertmanager = await startAlertmanager({ program: await goProgram(ALERTMANAGER), config });
  }, 600_000);
  afterAll(() => alertmanager?.stop());

  const OPERATOR = { alertname: "AwsAccountScanOperatorDown", namespace: "aws-account-scan-system" };
  const of = (alertname: string, scan: string, cluster: string) => ({
    alertname,
    namespace: "team-a",
    scan,
    cluster,
  });

  it("silences what scans say of themselves, and never a violation", async () => {
    const kept = [
      { ...OPERATOR, cluster: "one" },
      of("NotebookDirectInternetAccess", "s", "one"),
      of("SageMakerDomainNotVpcOnly", "s", "one"),
      // Of another cluster, whose operator is up.
      of("AwsAccountScanStale", "s", "two"),
      of("AwsAccountScanStalled", "stalled", "three"),
      of("NotebookDirectInternetAccess", "stalled", "three"),
      of("AwsAccountScanStale", "other", "three"),
    ];
    const inhibited = [
      ...["Incomplete", "Stale", "Failing", "Stalled", "MetricsTruncated"].map((end) =>
        of(`AwsAccountScan${end}`, "s", "one"),
      ),
      of("ExemptionExpiring", "s", "one"),
      { alertname: "AwsApiThrottled", namespace: "aws-account-scan-system", cluster: "one" },
      ...["Incomplete", "Stale", "Failing"].map((end) => of(`AwsAccountScan${end}`, "stalled", "three")),
    ];
    const body = JSON.stringify([...kept, ...inhibited].map((labels) => ({ labels })));
    const headers = { "content-type": "application/json" };
    const answer = await fetch(`${alertmanager.url}/api/v2/alerts`, { method: "POST", headers, body });
    expect(answer.status).toBe(200);

    await eventually(
      async () => {
        const alerts = await alertmanager.alerts();
        const having = (state: string) =>
          alerts
            .filter(({ status }) => status.state === state)
            .map(({ labels }) => JSON.stringify(sorted(labels)));
        expect(having("suppressed").sort()).toEqual(
          inhibited.map((labels) => JSON.stringify(sorted(labels))).sort(),
        );
        expect(having("active").sort()).toEqual(kept.map((labels) => JSON.stringify(sorted(labels))).sort());
      },
      { timeoutMs: 120_000, describe: "Alertmanager has taken every alert to its route" },
    );
  }, 180_000);
});

function sorted(labels: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
}
