import { Counter, Gauge, Histogram, Registry } from "prom-client";
import { describe, expect, it } from "vitest";
import { expose } from "./exposition.ts";

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

describe("expose", () => {
  it("writes the same samples in both formats, however often and in whatever order", async () => {
    const registry = sample();
    for (const accept of [
      undefined,
      "application/openmetrics-text;version=1.0.0",
      "text/plain",
      "application/openmetrics-text",
    ]) {
      const { body } = await expose(registry, accept);
      expect(body).toContain('things_total{kind="a"} 2');
      expect(body).toContain("wait_seconds_count 1");
      expect(body).toContain("now 7");
    }
  });

  it("keeps scrapes apart that overlap", async () => {
    const registry = sample();
    const bodies = await Promise.all(
      ["application/openmetrics-text", undefined, "application/openmetrics-text", undefined].map((accept) =>
        expose(registry, accept),
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
    expect((await expose(registry, undefined)).contentType).toContain("text/plain; version=0.0.4");
    expect((await expose(registry, "application/openmetrics-text")).contentType).toContain(
      "application/openmetrics-text",
    );
  });
});
