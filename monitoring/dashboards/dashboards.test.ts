import type { Dashboard, Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import type { Dataquery } from "@grafana/grafana-foundation-sdk/prometheus";
import { describe, expect, it } from "vitest";
import { RUNBOOKS } from "../rules/alert.ts";
import { ruleFile } from "../rules/rules.ts";
import { dashboardQueries, variableQueries } from "./dashboard-queries.ts";
import { fleetCompliance } from "./fleet-compliance.ts";
import { operatorHealth } from "./operator-health.ts";

const DASHBOARDS = [fleetCompliance(), operatorHealth()].map((dashboard) => ({
  dashboard,
  title: dashboard.title ?? "",
}));

/** Those with queries: rows are headings. */
const panelsOf = ({ panels = [] }: Dashboard) =>
  panels.filter((panel): panel is Panel => panel.type !== "row");

/** Kinds of panels that show numbers, which need a unit; a table's columns have units of their own. */
const NUMERIC = ["stat", "timeseries", "bargauge"];

const cellsOf = ({ gridPos }: Dashboard["panels"] extends (infer P)[] | undefined ? P : never) => {
  const { x, y, w, h } = gridPos ?? { x: Number.NaN, y: Number.NaN, w: 0, h: 0 };
  return Array.from({ length: w * h }, (_, at) => `${x + (at % w)},${y + Math.floor(at / w)}`);
};

describe.each(DASHBOARDS)("$title", ({ dashboard }) => {
  it("puts nothing on top of something else, and nothing beyond the grid's 24 columns", () => {
    const cells = (dashboard.panels ?? []).flatMap(cellsOf);
    expect(new Set(cells).size).toBe(cells.length);
    expect(Math.max(...cells.map((cell) => Number.parseInt(cell, 10)))).toBe(23);
  });

  it("leaves no hole in a line of panels", () => {
    const cells = (dashboard.panels ?? []).flatMap(cellsOf);
    const lines = 1 + Math.max(...cells.map((cell) => Number(cell.split(",")[1])));
    expect(cells.length).toBe(24 * lines);
  });

  it("gives every panel an id of its own", () => {
    const ids = (dashboard.panels ?? []).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).not.toContain(undefined);
  });

  it("gives no two panels the same title", () => {
    const titles = panelsOf(dashboard).map(({ title }) => title);
    expect(new Set(titles).size).toBe(titles.length);
  });

  it.each(panelsOf(dashboard).map((panel) => ({ panel, name: panel.title ?? "" })))(
    "$name says what it shows, and what it means to be empty",
    ({ panel }) => {
      const { title, description = "", fieldConfig, targets = [] } = panel;
      expect(title).toBeTruthy();
      expect(description.length).toBeGreaterThan(20);
      expect(fieldConfig?.defaults.noValue).toBeTruthy();
      if (NUMERIC.includes(panel.type)) expect(fieldConfig?.defaults.unit).toBeTruthy();
      expect(targets.length).toBeGreaterThan(0);
      for (const { datasource } of [panel, ...(targets as Dataquery[])]) {
        expect(datasource).toEqual({ type: "prometheus", uid: "$" + "{datasource}" });
      }
    },
  );

  it("shows no number where there is none, in no colour of a pass", () => {
    for (const { type, title, fieldConfig } of panelsOf(dashboard)) {
      if (type !== "stat") continue;
      const { mappings = [], thresholds } = fieldConfig?.defaults ?? {};
      const absent = mappings.find((mapping) => mapping.type === "special");
      expect(absent?.options, title).toMatchObject({
        match: "null+nan",
        result: { text: fieldConfig?.defaults.noValue, color: "#EE7733" },
      });
      expect(thresholds?.steps[0], title).toEqual({ value: null, color: "#EE7733" });
    }
  });

  it("asks for numbers of now: the last of a range would outlive the operator", () => {
    for (const { type, title, targets = [] } of panelsOf(dashboard)) {
      const instant = targets.map((target) => "instant" in target && target.instant);
      expect(instant, title).toEqual(targets.map(() => type !== "timeseries"));
    }
  });

  it("needs no input of whoever imports it", () => {
    const text = JSON.stringify(dashboard);
    expect(text).not.toContain("__inputs");
    expect(text).not.toContain("DS_PROMETHEUS");
    expect(dashboard.templating?.list?.[0]).toMatchObject({ type: "datasource", query: "prometheus" });
  });

  it("chooses everything where the reader chooses nothing", () => {
    for (const { name, type, current, allValue } of dashboard.templating?.list ?? []) {
      if (type === "query")
        expect({ name, value: current?.value, allValue }).toEqual({
          name,
          value: ["$__all"],
          allValue: ".*",
        });
    }
  });

  it("names no variable that it does not have", () => {
    const queries = [...dashboardQueries(dashboard), ...variableQueries(dashboard)];
    expect(queries.filter(({ expr }) => expr.includes("$"))).toEqual([]);
  });

  it("makes use of each of its variables", () => {
    const text = JSON.stringify(dashboard.panels);
    for (const { name } of dashboard.templating?.list ?? [])
      expect(text).toContain(`$${name === "datasource" ? "{datasource}" : name}`);
  });
});

describe("the dashboards", () => {
  it("link to runbooks that alerts link to as well", () => {
    const { groups } = ruleFile({ runbooks: RUNBOOKS, operatorNamespace: "" });
    const rules = groups.flatMap((group) => group.rules);
    const pages = rules.flatMap((rule) => ("alert" in rule ? [rule.annotations.runbook_url] : []));
    const links = DASHBOARDS.flatMap(({ dashboard }) => panelsOf(dashboard)).flatMap(
      ({ links = [] }) => links,
    );
    expect(links.length).toBeGreaterThan(0);
    expect(pages).toEqual(expect.arrayContaining(links.map(({ url }) => url)));
    const alerts = dashboardQueries(fleetCompliance()).find(({ panel }) => panel === "Alerts");
    for (const page of pages) expect(alerts?.expr).toContain(`"${page.slice(RUNBOOKS.length + 1)}"`);
  });

  it("have addresses that last, and are found from each other by a tag", () => {
    expect(DASHBOARDS.map(({ dashboard: { uid } }) => uid)).toEqual([
      "awsaccountscan-fleet",
      "awsaccountscan-operator",
    ]);
    for (const { dashboard } of DASHBOARDS) {
      expect(dashboard.links?.[0]).toMatchObject({ type: "dashboards", tags: ["aws-account-scan-operator"] });
      expect(dashboard.tags).toContain("aws-account-scan-operator");
    }
  });

  it("count violations of the chosen scans and accounts only", () => {
    const [query] = dashboardQueries(fleetCompliance(), {
      namespace: "team-a",
      scan: "prod",
      account: "(111111111111|222222222222)",
    }).filter(({ panel }) => panel === "Violations");
    expect(query?.expr).toContain('{namespace=~"team-a",scan=~"prod",account=~"(111111111111|222222222222)"');
  });
});
