import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { prometheusConfig, targetsFile } from "./prometheus-config.ts";

const intervals = { scrapeInterval: "1s", evaluationInterval: "2s" };

describe("prometheusConfig", () => {
  it("leaves the labels that the operator gives its series as they are", () => {
    const { scrape_configs } = parse(prometheusConfig(intervals));
    expect(scrape_configs).toMatchObject([{ honor_labels: true }]);
  });

  it("scrapes and evaluates as often as it is told, and waits no longer for a scrape", () => {
    expect(parse(prometheusConfig(intervals)).global).toEqual({
      scrape_interval: "1s",
      scrape_timeout: "1s",
      evaluation_interval: "2s",
    });
  });

  it("sends alerts to an Alertmanager only where there is one", () => {
    expect(parse(prometheusConfig(intervals))).not.toHaveProperty("alerting");
    const config = parse(prometheusConfig({ ...intervals, alertmanager: "http://127.0.0.1:9093" }));
    expect(config.alerting.alertmanagers).toEqual([{ static_configs: [{ targets: ["127.0.0.1:9093"] }] }]);
  });
});

describe("targetsFile", () => {
  it("gives each target its own labels", () => {
    const labels = { namespace: "system" };
    expect(JSON.parse(targetsFile([{ address: "a:1", labels }, { address: "b:2" }]))).toEqual([
      { targets: ["a:1"], labels },
      { targets: ["b:2"], labels: {} },
    ]);
  });
});
