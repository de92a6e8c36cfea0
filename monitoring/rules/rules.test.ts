import { readdir, readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { RUNBOOKS } from "./alert.ts";
import type { AlertingRule } from "./rule-file.ts";
import { ruleFile } from "./rules.ts";

const rules = ruleFile({ runbooks: RUNBOOKS, operatorNamespace: "ops" }).groups.flatMap(
  (group) => group.rules,
);
const alerts = rules.filter((rule): rule is AlertingRule => "alert" in rule);
const records = new Set(rules.flatMap((rule) => ("record" in rule ? [rule.record] : [])));

/** What the operator has: docs/metrics.md. */
const METRICS = new Set(
  `account_info aws_requests_total build_info condition consecutive_failures coverage created_timestamp_seconds
  exemption_expiry_timestamp_seconds exemption_resources last_success_timestamp_seconds leader metrics_truncated
  next_scan_timestamp_seconds period_seconds reconcile_total report_exports_total resources restored
  scan_info scan_timeout_seconds schedule_lag_seconds suspended
  violation_first_seen_timestamp_seconds violation_info violation_last_verified_timestamp_seconds`
    .split(/\s+/)
    .map((name) => `awsaccountscan_${name}`),
);

describe("the shipped rules", () => {
  it.each(alerts)(
    "$alert has a page of its own, whose parts are those of every page",
    async ({ annotations }) => {
      expect(annotations.runbook_url.startsWith(`${RUNBOOKS}/`)).toBe(true);
      const page = await readFile(runbook(annotations.runbook_url.slice(RUNBOOKS.length + 1)), "utf8");
      const headings = page.match(/^## .*$/gm);
      expect(headings).toEqual(
        ["Meaning", "Impact", "Look at", "Mend", "When it resolves, and silence"].map((part) => `## ${part}`),
      );
    },
  );

  it("have an alert for every page, and every page is in both indexes", async () => {
    const pages = (await readdir(new URL("../../docs/runbooks/", import.meta.url)))
      .filter((name) => name !== "README.md")
      .map((name) => name.replace(/\.md$/, ""));
    const expected = alerts.map(({ alert }) => alert.toLowerCase()).sort();
    expect(pages.sort()).toEqual(expected);
    const index = await readFile(runbook("README"), "utf8");
    const overview = await readFile(new URL("../../docs/alerts.md", import.meta.url), "utf8");
    for (const { alert, labels } of alerts) {
      const page = alert.toLowerCase();
      expect(index).toContain(`[${alert}](${page}.md)`);
      expect(overview).toContain(`[${alert}](runbooks/${page}.md) | ${labels.severity} |`);
    }
  });

  it("name no metric but the operator's and their own records", () => {
    for (const rule of rules) {
      const text = "alert" in rule ? `${rule.expr} ${rule.annotations.description}` : rule.expr;
      const names = text.match(/\b[a-z_]+:awsaccountscan_[a-z_:]+|\bawsaccountscan_[a-z_]+/g) ?? [];
      expect(names.length).toBeGreaterThan(0);
      for (const name of names) expect(METRICS.has(name) || records.has(name), name).toBe(true);
    }
  });

  it.each(alerts)("$alert follows kube-prometheus' conventions", (rule) => {
    const { for: wait, labels, annotations } = rule;
    expect(["critical", "warning", "info"]).toContain(labels.severity);
    expect(wait).toMatch(/^\d+m$/);
    expect(annotations.summary).not.toContain("{{");
    expect(annotations.description).toContain("{{");
    expect(annotations.description).not.toMatch(/\n| {2}/);
  });

  it("evaluate the latch before the alerts that read it, and more often than Prometheus looks back", () => {
    const group = ruleFile({ runbooks: RUNBOOKS, operatorNamespace: "ops" }).groups.find(({ name }) =>
      name.endsWith(".violations"),
    );
    expect(group?.interval).toBe("1m");
    expect(group?.rules.map((rule) => "record" in rule)).toEqual([true, false, false]);
  });
});

function runbook(name: string): URL {
  return new URL(`../../docs/runbooks/${name}.md`, import.meta.url);
}
