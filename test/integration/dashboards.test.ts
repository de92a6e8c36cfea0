import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dashboardQueries, variableQueries } from "../../monitoring/dashboards/dashboard-queries.ts";
import { fleetCompliance } from "../../monitoring/dashboards/fleet-compliance.ts";
import { operatorHealth } from "../../monitoring/dashboards/operator-health.ts";
import { goProgram } from "../../tools/machine/go-program.ts";
import { PROMETHEUS } from "../../tools/monitoring/programs.ts";
import { type Prometheus, startPrometheus } from "../../tools/monitoring/prometheus.ts";
import { eventually } from "../support/cluster.ts";

let prometheus: Prometheus;
/** Stands for an operator in states that a real one is rarely in. */
let exporter: Server;
let exposition = "";
beforeAll(async () => {
  exporter = createServer((_request, response) => {
    response.setHeader("content-type", "text/plain; version=0.0.4").end(exposition);
  });
  await new Promise<void>((resolve) => exporter.listen(0, "127.0.0.1", resolve));
  prometheus = await startPrometheus({
    program: await goProgram(PROMETHEUS),
    scrapeInterval: "1s",
    evaluationInterval: "1s",
  });
}, 30 * 60_000);
afterAll(async () => {
  await prometheus?.stop();
  exporter.close();
});

/** Has `lines` scraped; resolves when Prometheus has them, and nothing of what was there before. */
async function scraped(...lines: readonly string[]): Promise<void> {
  const mark = `scrape_${lines.length}_${Math.random().toString(36).slice(2)}`;
  exposition = [...lines, `${mark} 1`, ""].join("\n");
  await prometheus.setTargets([{ address: `127.0.0.1:${(exporter.address() as AddressInfo).port}` }]);
  await eventually(async () => expect(await prometheus.query(mark)).toHaveLength(1));
}

async function shown(...panels: readonly string[]): Promise<Record<string, number[]>> {
  const queries = dashboardQueries(fleetCompliance());
  const answers = panels.map(async (panel) => {
    const expr = queries.find((query) => query.panel === panel)?.expr ?? "";
    return [panel, (await prometheus.query(expr)).map(({ value }) => value)] as const;
  });
  return Object.fromEntries(await Promise.all(answers));
}

const serving = (restored: 0 | 1) => [`awsaccountscan_restored ${restored}`, "awsaccountscan_leader 1"];
const place = 'namespace="n",scan="s",account="1",region="r"';
const covered = `awsaccountscan_coverage{${place},state="covered"} 1`;
const resources = (verdict: string, count: number, where = place) =>
  `awsaccountscan_resources{${where},type="t",rule="SageMaker-004",verdict="${verdict}"} ${count}`;
const NUMBERS = [
  "Violations",
  "Unknown",
  "Exempt",
  "Compliant",
  "Compliant of what was read",
  "Unread places",
];
const NOTHING = Object.fromEntries(NUMBERS.map((panel) => [panel, []]));

describe("the dashboards", () => {
  it("say that there is no operator where there is none, and show no number that could be taken for a pass", async () => {
    const queries = [fleetCompliance(), operatorHealth()].flatMap((dashboard) => [
      ...dashboardQueries(dashboard),
      ...variableQueries(dashboard),
    ]);
    const answers = await Promise.all(
      queries.map(async ({ panel, expr }) => ({ panel, samples: await prometheus.query(expr) })),
    );
    expect(answers.filter(({ samples }) => samples.length > 0)).toEqual([
      { panel: "Operator", samples: [{ metric: {}, value: -1 }] },
      { panel: "Operator", samples: [{ metric: {}, value: -1 }] },
    ]);
  });

  it("show no number while records are being restored: half a sum looks like a remedy", async () => {
    await scraped(...serving(0), covered, resources("violation", 3), resources("compliant", 5));
    expect(await shown("Operator", ...NUMBERS)).toEqual({ Operator: [0], ...NOTHING });
  });

  it("show numbers once they are restored", async () => {
    await scraped(...serving(1), covered, resources("violation", 3), resources("compliant", 5));
    expect(await shown("Operator", ...NUMBERS)).toEqual({
      ...{ Operator: [1], Violations: [3], Unknown: [0], Exempt: [0], Compliant: [5] },
      ...{ "Compliant of what was read": [0.625], "Unread places": [0] },
    });
  });

  it("show no zero of a fleet of which no place was read", async () => {
    await scraped(...serving(1), covered.replace("covered", "denied"));
    expect(await shown(...NUMBERS)).toEqual({ ...NOTHING, "Unread places": [1] });
  });

  it("round compliance down, so that 100 % is all", async () => {
    await scraped(...serving(1), covered, resources("compliant", 99_999), resources("unknown", 1));
    expect(await shown("Compliant of what was read")).toEqual({ "Compliant of what was read": [0.9999] });
    await scraped(...serving(1), covered, resources("compliant", 99_999), resources("exempt", 1));
    expect(await shown("Compliant of what was read")).toEqual({ "Compliant of what was read": [1] });
  });

  it("show an account once whatever its scans call it, and also where none has a name for it", async () => {
    const info = (scan: string, name: string) =>
      `awsaccountscan_account_info{namespace="n",scan="${scan}",account="1",account_name="${name}"} 1`;
    await scraped(
      ...serving(1),
      ...["one", "two", ""].map((name, at) => info(`s${at}`, name)),
      resources("violation", 2),
      resources("violation", 1, place.replace('"1"', '"2"')),
    );
    expect(await shown("Violations by account")).toEqual({ "Violations by account": [2, 1] });
  });

  it("tell which scans are late: past due, or never done, and not suspended", async () => {
    const now = Date.now() / 1_000;
    const scan = (name: string, series: Readonly<Record<string, number>>) =>
      Object.entries({
        created_timestamp_seconds: now - 9_000,
        scan_timeout_seconds: 900,
        suspended: 0,
        ...series,
      }).map(([metric, value]) => `awsaccountscan_${metric}{namespace="n",scan="${name}"} ${value}`);
    const done = { last_success_timestamp_seconds: now - 4_000 };
    const fresh = { ...done, next_scan_timestamp_seconds: now - 600 };
    await scraped(...serving(1), ...scan("fresh", fresh));
    expect(await shown("Scans late")).toEqual({ "Scans late": [0] });
    await scraped(
      ...serving(1),
      ...scan("fresh", fresh),
      ...scan("overdue", { ...done, next_scan_timestamp_seconds: now - 1_600 }),
      ...scan("never", {}),
      ...scan("suspended", { suspended: 1 }),
    );
    expect(await shown("Scans late")).toEqual({ "Scans late": [2] });
  });
});
