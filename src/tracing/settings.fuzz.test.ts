import { validateHeaderName, validateHeaderValue } from "node:http";
import fc from "fast-check";
import { expect } from "vitest";
import { fuzz } from "../../test/support/fuzz.ts";
import { damagedText } from "../../test/support/mutations.ts";
import { readTracingSettings } from "./settings.ts";

const SECRET = "s3cr3t-t0ken";
const GOOD = {
  OTEL_TRACES_EXPORTER: "otlp,console",
  OTEL_EXPORTER_OTLP_ENDPOINT: `https://user:${SECRET}@collector:4318`,
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "http://collector:4318/v1/traces",
  OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer%20${SECRET},x-a=b`,
  OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
  OTEL_EXPORTER_OTLP_TIMEOUT: "10000",
  OTEL_EXPORTER_OTLP_COMPRESSION: "gzip",
  OTEL_TRACES_SAMPLER: "parentbased_traceidratio",
  OTEL_TRACES_SAMPLER_ARG: "0.25",
  OTEL_BSP_MAX_QUEUE_SIZE: "2048",
  OTEL_BSP_MAX_EXPORT_BATCH_SIZE: "512",
  OTEL_BSP_SCHEDULE_DELAY: "5000",
  OTEL_RESOURCE_ATTRIBUTES: "deployment.environment=prod,__proto__=x,team=ml%20platform",
  OTEL_SERVICE_NAME: "scanner",
  OTEL_SDK_DISABLED: "false",
};

const environments = fc.record(
  Object.fromEntries(
    Object.entries(GOOD).map(([name, value]) => [
      name,
      fc.oneof(
        { weight: 3, arbitrary: fc.constant(value) },
        { weight: 1, arbitrary: damagedText([value], 2) },
      ),
    ]),
  ),
  { requiredKeys: [] },
);

fuzz(
  "OpenTelemetry's variables give settings that can be used, and warnings that can be logged",
  400,
  environments,
  (env) => {
    const { settings, warnings } = readTracingSettings(env, "operator");
    for (const warning of warnings) {
      expect(warning).not.toMatch(/[\p{Cc}\p{Cs}]/u);
      expect(warning).not.toContain(SECRET);
    }
    if (settings === undefined) return;
    const { otlp, sampler, batch, exporters, resource } = settings;
    expect(exporters.length).toBeGreaterThan(0);
    expect(["http:", "https:"]).toContain(new URL(otlp.url).protocol);
    for (const [name, value] of Object.entries(otlp.headers)) {
      validateHeaderName(name);
      validateHeaderValue(name, value);
    }
    expect(sampler.ratio >= 0 && sampler.ratio <= 1).toBe(true);
    for (const number of [
      otlp.timeoutMs,
      batch.delayMs,
      batch.timeoutMs,
      batch.maxQueueSize,
      batch.maxBatchSize,
    ])
      expect(Number.isInteger(number) && number >= 0 && number < 2 ** 31).toBe(true);
    expect(batch.maxBatchSize).toBeLessThanOrEqual(batch.maxQueueSize);
    expect(Object.getPrototypeOf(resource)).toBe(Object.prototype);
  },
);
