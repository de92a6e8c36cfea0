import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { shortenedRoutes, shortenedRules } from "./shorten.ts";

const RULES = `
groups:
  - name: scans
    interval: 30s
    limit: 7
    rules:
      - record: a:b:c
        expr: sum(b offset 5m)
      - alert: Old
        expr: time() - max_over_time(b[15m]) > 600
        for: 1h30m
        keep_firing_for: 15m
        labels: { severity: warning, for: 10m }
        annotations: { summary: for 10m, description: "{{ $value }}" }
      - alert: Now
        expr: vector(1)
        for: 0s
        labels: { severity: info }
`;

describe("shortenedRules", () => {
  it("divides waits and intervals, and leaves everything else as it is", () => {
    const before = parse(RULES);
    const after = parse(shortenedRules(RULES, 60));
    expect(after.groups[0].interval).toBe("500ms");
    expect(after.groups[0].rules[1]).toMatchObject({ for: "90000ms", keep_firing_for: "15000ms" });
    expect(after.groups[0].rules[2].for).toBe("0ms");
    before.groups[0].interval = "500ms";
    before.groups[0].rules[1].for = "90000ms";
    before.groups[0].rules[1].keep_firing_for = "15000ms";
    before.groups[0].rules[2].for = "0ms";
    expect(after).toEqual(before);
  });

  it("makes no wait nothing", () => {
    const { groups } = parse(shortenedRules(RULES, 10_000_000));
    expect(groups[0].rules[1].for).toBe("1ms");
  });

  it("refuses what it cannot read, rather than leaving it long", () => {
    expect(() => shortenedRules(RULES.replace("1h30m", "soon"), 60)).toThrow("soon is no duration");
  });
});

describe("shortenedRoutes", () => {
  it("divides what routes of every depth wait for, and repeats nothing sooner", () => {
    const config = `
route:
  receiver: all
  group_wait: 30s
  repeat_interval: 4h
  routes:
    - receiver: team
      matchers: [severity="critical"]
      group_interval: 5m
      routes: [{ receiver: night, group_wait: 1m }]
receivers: [{ name: all }, { name: team }, { name: night }]
inhibit_rules: [{ equal: [namespace] }]
`;
    expect(parse(shortenedRoutes(config, 60))).toEqual({
      route: {
        receiver: "all",
        group_wait: "500ms",
        // Alertmanager's default of 5 minutes.
        group_interval: "5000ms",
        repeat_interval: "4h",
        routes: [
          {
            receiver: "team",
            matchers: ['severity="critical"'],
            group_interval: "5000ms",
            routes: [{ receiver: "night", group_wait: "1000ms" }],
          },
        ],
      },
      receivers: [{ name: "all" }, { name: "team" }, { name: "night" }],
      inhibit_rules: [{ equal: ["namespace"] }],
    });
  });
});
