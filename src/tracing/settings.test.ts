import { describe, expect, it } from "vitest";
import { readTracingSettings } from "./settings.ts";

const read = (env: Readonly<Record<string, string>>) => readTracingSettings(env, "operator");
const ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";
const on = { [ENDPOINT]: "http://collector:4318" };

describe("readTracingSettings", () => {
  it.each([
    ["nothing is set", {}],
    ["only empty variables are set", { [ENDPOINT]: "", OTEL_TRACES_EXPORTER: " " }],
    [
      "only variables that do not turn it on are set",
      { OTEL_SERVICE_NAME: "x", OTEL_TRACES_SAMPLER: "always_on" },
    ],
    ["the exporter is none", { ...on, OTEL_TRACES_EXPORTER: "none" }],
    ["the SDK is disabled", { ...on, OTEL_SDK_DISABLED: "TRUE", OTEL_BSP_SCHEDULE_DELAY: "wrong" }],
  ])("is off where %s", (_, env) => {
    expect(read(env)).toEqual({ settings: undefined, warnings: [] });
  });

  it("has OpenTelemetry's own defaults where only the endpoint is set", () => {
    expect(read(on)).toEqual({
      warnings: [],
      settings: {
        exporters: ["otlp"],
        otlp: {
          protocol: "http/protobuf",
          url: "http://collector:4318/v1/traces",
          headers: {},
          timeoutMs: 10_000,
          compression: "none",
          files: { ca: undefined, cert: undefined, key: undefined },
        },
        sampler: { root: "always_on", parentBased: true, ratio: 1 },
        batch: { delayMs: 5_000, timeoutMs: 30_000, maxQueueSize: 2_048, maxBatchSize: 512 },
        resource: { "service.name": "operator" },
      },
    });
  });

  it.each([
    ["http://c:4318", "http://c:4318/v1/traces"],
    ["http://c:4318/", "http://c:4318/v1/traces"],
    ["https://c/otlp", "https://c/otlp/v1/traces"],
    ["https://c/otlp/", "https://c/otlp/v1/traces"],
  ])("puts the traces' path behind %s", (endpoint, url) => {
    expect(read({ [ENDPOINT]: endpoint }).settings?.otlp.url).toBe(url);
  });

  it("takes the traces' own variables before those of all signals, the endpoint as it is", () => {
    const { settings, warnings } = read({
      ...on,
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "https://traces.example/in",
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
      OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: "http/json",
      OTEL_EXPORTER_OTLP_HEADERS: "tenant=a,x-both=general",
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: "authorization=Bearer%20abc, x-both = own",
      OTEL_EXPORTER_OTLP_TIMEOUT: "1000",
      OTEL_EXPORTER_OTLP_COMPRESSION: "gzip",
      OTEL_EXPORTER_OTLP_CERTIFICATE: "/ca.pem",
    });
    expect(warnings).toEqual([]);
    expect(settings?.otlp).toEqual({
      protocol: "http/json",
      url: "https://traces.example/in",
      headers: { tenant: "a", "x-both": "own", authorization: "Bearer abc" },
      timeoutMs: 1_000,
      compression: "gzip",
      files: { ca: "/ca.pem", cert: undefined, key: undefined },
    });
  });

  it("is on without an endpoint where an exporter is named, and then asks the default one", () => {
    const { settings } = read({ OTEL_TRACES_EXPORTER: "console, otlp" });
    expect(settings?.exporters).toEqual(["otlp", "console"]);
    expect(settings?.otlp.url).toBe("http://localhost:4318/v1/traces");
  });

  it.each([
    ["always_off", { root: "always_off", parentBased: false, ratio: 1 }],
    ["parentbased_traceidratio", { root: "traceidratio", parentBased: true, ratio: 0.25 }],
    ["traceidratio", { root: "traceidratio", parentBased: false, ratio: 0.25 }],
  ])("samples by %s", (name, sampler) => {
    const env = { ...on, OTEL_TRACES_SAMPLER: name, OTEL_TRACES_SAMPLER_ARG: "0.25" };
    expect(read(env)).toMatchObject({ warnings: [], settings: { sampler } });
  });

  it("lets OTEL_SERVICE_NAME go before the resource's attributes, and these before the default", () => {
    const attributes = {
      ...on,
      OTEL_RESOURCE_ATTRIBUTES: "service.name=a,deployment.environment.name=p%2Fq",
    };
    const resource = (env: Readonly<Record<string, string>>) => read(env).settings?.resource;
    expect(resource(attributes)).toEqual({ "service.name": "a", "deployment.environment.name": "p/q" });
    expect(resource({ ...attributes, OTEL_SERVICE_NAME: "b" })).toMatchObject({ "service.name": "b" });
  });

  it.each([
    ["OTEL_SDK_DISABLED", "1", 'is "1", not one of true, false; false is used instead'],
    [
      "OTEL_TRACES_EXPORTER",
      "jaeger",
      'is "jaeger", not none, or otlp and console by comma; otlp is used instead',
    ],
    [
      "OTEL_EXPORTER_OTLP_PROTOCOL",
      "grpc",
      'is "grpc", not one of http/protobuf, http/json; http/protobuf is used instead',
    ],
    [
      "OTEL_EXPORTER_OTLP_TIMEOUT",
      "10s",
      'is "10s", not a whole number from 1 to 2147483647; 10000 is used instead',
    ],
    [
      "OTEL_TRACES_SAMPLER",
      "often",
      /is "often", not one of always_on, .*; parentbased_always_on is used instead/,
    ],
    [
      "OTEL_BSP_SCHEDULE_DELAY",
      "-1",
      'is "-1", not a whole number from 0 to 2147483647; 5000 is used instead',
    ],
    ["OTEL_BSP_MAX_QUEUE_SIZE", "0", 'is "0", not a whole number from 1 to 2147483647; 2048 is used instead'],
    [
      "OTEL_BSP_MAX_EXPORT_BATCH_SIZE",
      "9999",
      'is "9999", more than OTEL_BSP_MAX_QUEUE_SIZE; 2048 is used instead',
    ],
    [
      "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
      "collector:4318",
      "is not a URL of http or https; that of OTEL_EXPORTER_OTLP_ENDPOINT is used instead",
    ],
  ])("says of %s=%s what is used instead, and is on all the same", (name, value, expected) => {
    const { settings, warnings } = read({ ...on, [name]: value });
    expect(settings?.exporters).toEqual(["otlp"]);
    expect(warnings).toHaveLength(1);
    const [warning = ""] = warnings;
    expect(warning.startsWith(`${name} `)).toBe(true);
    if (typeof expected === "string") expect(warning).toBe(`${name} ${expected}`);
    else expect(warning).toMatch(expected);
  });

  it("says so where nothing is left that turns it on", () => {
    const { settings, warnings } = read({ [ENDPOINT]: "nonsense" });
    expect(settings).toBeUndefined();
    expect(warnings).toEqual([
      `${ENDPOINT} is not a URL of http or https; the default, http://localhost:4318/v1/traces, is used instead`,
    ]);
  });

  it("says of a ratio that it is out of bounds", () => {
    const { settings, warnings } = read({
      ...on,
      OTEL_TRACES_SAMPLER: "traceidratio",
      OTEL_TRACES_SAMPLER_ARG: "2",
    });
    expect(settings?.sampler.ratio).toBe(1);
    expect(warnings).toEqual(['OTEL_TRACES_SAMPLER_ARG is "2", not a number from 0 to 1; 1 is used instead']);
  });

  it("tells no header's value, nor a URL's password", () => {
    const { settings, warnings } = read({
      ...on,
      OTEL_EXPORTER_OTLP_HEADERS: "hush-1,authorization=hush%2,x=hush%0A3,ok=1",
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "ftp://user:hush@collector",
    });
    expect(settings?.otlp.headers).toEqual({ ok: "1" });
    expect(warnings).toHaveLength(4);
    expect(warnings.join("\n")).not.toContain("hush");
  });

  it.each(["user:hush@collector:4318", "ftp://user:hu/hush@collector", "collector/v1?api-key=hush"])(
    "does not quote %s, which is no URL and may hold a key",
    (endpoint) => {
      const { warnings } = read({ [ENDPOINT]: endpoint });
      expect(warnings).toHaveLength(1);
      expect(warnings.join("\n")).not.toContain("hush");
    },
  );
});
