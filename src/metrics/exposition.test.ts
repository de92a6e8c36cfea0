import { Counter, Gauge, Histogram, Registry } from "prom-client";
import { describe, expect, it } from "vitest";
import { expose } from "./exposition.ts";
import { registerScrapedGauge } from "./scraped-gauge.ts";

function sample(): Registry {
  const registry = new Registry();
  const registers = [registry];
  new Counter({ name: "things_total", help: "Things.", labelNames: ["kind"], registers }).inc(
    { kind: "a" },
    2,
  );
  new Histogram({ name: "wait_seconds", help: "Waits.", buckets: [1], registers }).observe(0.5);
  new Gauge({
    name: "now",
    help: "Now.",
    registers,
    collect() {
      this.set(7);
    },
  });
  return registry;
}

/** The whole of what a scraper that asks for `accept` reads. */
async function scrape(registry: Registry, accept: string | undefined) {
  const { contentType, body } = expose(registry, accept);
  return { contentType, body: (await Array.fromAsync(body)).join("") };
}

describe("expose", () => {
  it("writes the same samples in both formats, however often and in whatever order", async () => {
    const registry = sample();
    for (const accept of [
      undefined,
      "application/openmetrics-text;version=1.0.0",
      "text/plain",
      "application/openmetrics-text",
    ]) {
      const { body } = await scrape(registry, accept);
      expect(body).toContain('things_total{kind="a"} 2');
      expect(body).toContain("wait_seconds_count 1");
      expect(body).toContain("now 7");
    }
  });

  it("keeps scrapes apart that overlap", async () => {
    const registry = sample();
    const bodies = await Promise.all(
      ["application/openmetrics-text", undefined, "application/openmetrics-text", undefined].map((accept) =>
        scrape(registry, accept),
      ),
    );
    expect(bodies.map(({ body }) => body.includes('things_total{kind="a"} 2'))).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(bodies.map(({ body }) => body.endsWith("# EOF\n"))).toEqual([true, false, true, false]);
  });

  it("names the format that it writes", async () => {
    const registry = sample();
    expect((await scrape(registry, undefined)).contentType).toContain("text/plain; version=0.0.4");
    expect((await scrape(registry, "application/openmetrics-text")).contentType).toContain(
      "application/openmetrics-text",
    );
  });

  it("writes what is made for the scrape as prom-client writes what it keeps", async () => {
    const labels = { namespace: 'a"b', scan: "back\\slash\nline" };
    const value = 1.5;
    const shape = { name: "g", help: "G.", labelNames: ["namespace", "scan"] as const };
    const [kept, made, shared] = [new Registry(), new Registry(), new Registry()];
    new Gauge({ ...shape, registers: [kept] }).set(labels, value);
    registerScrapedGauge(made, shape, () => [{ labels, value }]);
    const { namespace, scan } = labels;
    registerScrapedGauge(shared, shape, () => [{ labels: { namespace }, sharedLabels: { scan }, value }]);
    for (const accept of [undefined, "application/openmetrics-text"]) {
      const expected = await scrape(kept, accept);
      expect(expected.body).toContain("1.5");
      expect(await scrape(made, accept)).toEqual(expected);
      expect(await scrape(shared, accept)).toEqual(expected);
    }
    expect(await made.getMetricsAsJSON()).toMatchObject([{ name: "g", values: [{ labels, value }] }]);
    expect(await shared.getMetricsAsJSON()).toMatchObject([{ values: [{ labels, value }] }]);
  });

  it("lets other work go on while it writes much, and loses nothing of it", async () => {
    const registry = new Registry();
    const shape = { name: "g", help: "G.", labelNames: ["scan"] as const };
    registerScrapedGauge(registry, shape, () =>
      Array.from({ length: 20_000 }, (_, n) => ({ labels: { scan: `scan-${n}` }, value: n })),
    );
    let turns = 0;
    const timer = setInterval(() => {
      turns += 1;
    });
    let body = "";
    for await (const piece of expose(registry, undefined).body) {
      expect(piece.length).toBeLessThan(70_000);
      body += piece;
    }
    clearInterval(timer);
    expect(turns).toBeGreaterThan(0);
    expect(body.split("\n").filter((line) => line.startsWith("g{"))).toHaveLength(20_000);
  });
});
