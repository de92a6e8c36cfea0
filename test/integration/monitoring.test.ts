import { access } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { goProgram } from "../../tools/machine/go-program.ts";
import { type Alertmanager, startAlertmanager } from "../../tools/monitoring/alertmanager.ts";
import { ALERTMANAGER, PROMETHEUS } from "../../tools/monitoring/programs.ts";
import { type Prometheus, startPrometheus } from "../../tools/monitoring/prometheus.ts";
import { startWebhook, type Webhook } from "../../tools/monitoring/webhook.ts";
import { eventually } from "../support/cluster.ts";

const RULES = `
groups:
  - name: g
    rules:
      - alert: Always
        expr: vector(1)
        labels: { severity: info }
        annotations: { summary: It is so. }
`;

let webhook: Webhook;
let alertmanager: Alertmanager;
let prometheus: Prometheus;
beforeAll(async () => {
  webhook = await startWebhook();
  alertmanager = await startAlertmanager({
    program: await goProgram(ALERTMANAGER),
    config: `
route: { receiver: team, group_wait: 0s }
receivers: [{ name: team, webhook_configs: [{ url: "${webhook.url}/team" }] }]`,
  });
  prometheus = await startPrometheus({
    program: await goProgram(PROMETHEUS),
    scrapeInterval: "1s",
    evaluationInterval: "1s",
    alertmanager: alertmanager.url,
    rules: RULES,
  });
  // The builds, where this is their first use on the machine.
}, 900_000);
afterAll(() => Promise.all([prometheus?.stop(), alertmanager?.stop(), webhook?.stop()]));

describe("the monitoring programs", () => {
  it("bring an alert from its rule to the receiver", async () => {
    await eventually(() => expect(webhook.notifications).toHaveLength(1));
    expect(webhook.notifications).toMatchObject([
      {
        receiver: "team",
        status: "firing",
        alerts: [
          { labels: { alertname: "Always", severity: "info" }, annotations: { summary: "It is so." } },
        ],
      },
    ]);
    expect(await prometheus.alerts()).toMatchObject([{ state: "firing", labels: { alertname: "Always" } }]);
    expect(await alertmanager.alerts()).toMatchObject([{ receivers: [{ name: "team" }] }]);
    expect(await prometheus.evaluations()).toBeGreaterThan(0);
    expect(await prometheus.ruleErrors()).toEqual([]);
  });

  it("scrape what their targets become while they run", async () => {
    expect(await prometheus.targets()).toEqual([]);
    const address = new URL(alertmanager.url).host;
    await prometheus.setTargets([{ address, labels: { namespace: "system" } }]);
    await eventually(async () =>
      expect(await prometheus.query("up")).toMatchObject([{ metric: { namespace: "system" }, value: 1 }]),
    );
    expect(await prometheus.targets()).toMatchObject([{ health: "up", lastError: "" }]);
  });

  it("refuse an expression in words that say why", async () => {
    await expect(prometheus.query("sum(")).rejects.toThrow(/400.*parse error/s);
    await expect(prometheus.query("1")).rejects.toThrow("scalar");
  });

  it("leave nothing behind", async () => {
    await prometheus.stop();
    await expect(access(prometheus.folder)).rejects.toThrow("ENOENT");
    await expect(fetch(prometheus.url)).rejects.toThrow();
  });
});
