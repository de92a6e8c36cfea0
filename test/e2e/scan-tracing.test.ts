import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import type { ScanResult } from "../../src/report/result.ts";
import type { Fleet } from "../../tools/aws-simulator/fleet.ts";
import { freePort } from "../../tools/machine/free-port.ts";
import { type CliOptions, cli } from "../support/cli.ts";
import { CALLER, useCliAws } from "../support/cli-aws.ts";
import { eventually } from "../support/cluster.ts";
import { leaksIn } from "../support/credentials-secrets.ts";
import { type ReceivedSpan, useOtlpReceiver } from "../support/otlp-receiver.ts";

const ACCOUNT = "111111111111";
const DIST = fileURLToPath(new URL("../../dist/", import.meta.url));
const TRACE = "0af7651916cd43dd8448eb211c80319c";
const PARENT = "b7ad6b7169203331";

const fleet: Fleet = {
  accounts: [
    {
      id: ACCOUNT,
      name: "hub",
      enabledRegions: ["us-east-1", "eu-west-1"],
      accessKeys: [CALLER],
      regions: { "us-east-1": { notebooks: [{ name: "open", directInternetAccess: "Enabled" }] } },
    },
  ],
};

const aws = useCliAws(fleet);
const collector = useOtlpReceiver();
afterEach(async () => {
  collector.clear();
  await aws.admin.setFaults();
});

const scan = (env: Readonly<Record<string, string>>, options: CliOptions = {}) =>
  cli(["scan", "-o", "json"], { ...options, env: { ...aws.env, ...env } });
const toCollector = () => ({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
const violationsIn = (stdout: string) => (JSON.parse(stdout) as ScanResult).summary.violations;

function namesBelow(spans: readonly ReceivedSpan[], parentId: string | undefined): string[] {
  return spans
    .filter(({ parentSpanId }) => parentSpanId === parentId)
    .map(({ name, attributes }) => `${name} ${attributes["cloud.region"] ?? ""}`.trim())
    .sort();
}

describe("awsscan scan, traced", () => {
  it.each(["http/json", "http/protobuf"])(
    "sends its spans as %s, below the span that TRACEPARENT names",
    async (protocol) => {
      const { code, stderr } = await scan({
        ...toCollector(),
        OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
        TRACEPARENT: `00-${TRACE}-${PARENT}-01`,
      });
      expect([code, stderr]).toEqual([2, ""]);
      const spans = await collector.spans();
      expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set([TRACE]));
      expect(namesBelow(spans, PARENT)).toEqual(["scan"]);
      const root = spans.find(({ name }) => name === "scan");
      expect(root?.resource).toMatchObject({ "service.name": "awsscan" });
      expect(root?.attributes).toMatchObject({
        "awsscan.scan.outcome": "Complete",
        "awsscan.findings.violation": 1,
      });
      expect(namesBelow(spans, root?.spanId)).toEqual([
        "EC2/DescribeRegions us-east-1",
        "STS/GetCallerIdentity us-east-1",
        "scan region eu-west-1",
        "scan region us-east-1",
      ]);
      const region = spans.find(
        ({ attributes }) => attributes["awsscan.findings.violation"] === 1 && attributes["cloud.region"],
      );
      expect(namesBelow(spans, region?.spanId)).toEqual([
        "SageMaker/DescribeNotebookInstance us-east-1",
        "SageMaker/ListDomains us-east-1",
        "SageMaker/ListNotebookInstances us-east-1",
      ]);
      const known = [CALLER.secretAccessKey, CALLER.accessKeyId];
      expect(leaksIn([Buffer.concat(collector.bodies).toString("latin1")], known)).toEqual([]);
    },
  );

  it("records nothing where the parent is not recorded, and says so of a TRACEPARENT that is none", async () => {
    const unsampled = await scan({ ...toCollector(), TRACEPARENT: `00-${TRACE}-${PARENT}-00` });
    expect([unsampled.code, unsampled.stderr]).toEqual([2, ""]);
    expect(collector.bodies).toEqual([]);
    const { stderr } = await scan({ ...toCollector(), TRACEPARENT: "1-2-3" });
    expect(stderr).toBe(
      'tracing: TRACEPARENT is "1-2-3", not a W3C trace context; a trace of its own begins instead\n',
    );
    expect((await collector.spans()).length).toBeGreaterThan(5);
  });

  it("sends on Ctrl-C what there is, with what was broken off as errors", async () => {
    await aws.admin.setFaults({ kind: "hang", service: "sagemaker", region: "eu-west-1" });
    const describes = () => aws.admin.requests({ operation: "DescribeNotebookInstance", outcome: "success" });
    await aws.admin.clearRequests();
    const { code } = await scan(toCollector(), {
      onStart: (kill) => {
        void eventually(async () => expect(await describes()).toHaveLength(1)).then(() => kill("SIGINT"));
      },
    });
    expect(code).toBe(2);
    const spans = await collector.spans();
    const failed = spans.filter(({ error }) => error !== undefined);
    expect(new Set(failed.map(({ attributes }) => attributes["error.type"]))).toEqual(new Set(["timed-out"]));
    expect(
      failed.map(({ name, attributes }) => `${name} ${attributes["cloud.region"] ?? ""}`.trim()).sort(),
    ).toEqual([
      "SageMaker/ListDomains eu-west-1",
      "SageMaker/ListNotebookInstances eu-west-1",
      "scan",
      "scan region eu-west-1",
    ]);
  });

  it("gives the same result and exit code where no collector answers, hangs or refuses, and tells it in one line", async () => {
    const down = await scan({ OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${await freePort()}` });
    collector.behave("hang");
    const hanging = await scan(toCollector());
    collector.behave("refuse");
    const refusing = await scan({ ...toCollector(), OTEL_BSP_MAX_EXPORT_BATCH_SIZE: "1" });
    for (const { code, stdout } of [down, hanging, refusing]) {
      expect(code).toBe(2);
      expect(violationsIn(stdout)).toBe(1);
    }
    const givenUp =
      /^tracing: the last spans were given up: http:\/\/127\.0\.0\.1:\d+ did not take them within 3 s\n$/;
    expect(down.stderr).toMatch(givenUp);
    expect(hanging.stderr).toMatch(givenUp);
    expect(collector.bodies.length).toBeGreaterThan(5);
    expect(refusing.stderr).toBe(
      `tracing: traces do not reach ${collector.url}, and are lost until they do: Bad Request\n`,
    );
  });

  it("prints spans on standard error where the exporter is console, and the result alone on standard output", async () => {
    const { stdout, stderr } = await scan({ OTEL_TRACES_EXPORTER: "console" });
    expect(violationsIn(stdout)).toBe(1);
    const lines = stderr.trimEnd().split("\n");
    const requests = lines.map((line) => JSON.parse(line) as { resourceSpans: unknown[] });
    expect(requests.length).toBeGreaterThan(0);
    expect(stderr).toContain('"name":"SageMaker/ListDomains"');
  });
});

describe("OpenTelemetry's SDK", () => {
  /** Of the files of the bundle. */
  async function filesWith(text: string | RegExp): Promise<string[]> {
    const files = (await readdir(DIST, { recursive: true })).filter((file) => file.endsWith(".js"));
    const texts = await Promise.all(files.map((file) => readFile(join(DIST, file), "utf8")));
    return files.filter((_, at) => texts[at]?.match(text) !== null);
  }

  /** The files of the bundle that a scan loads. */
  async function loadedBy(env: Readonly<Record<string, string>>): Promise<Set<string>> {
    const folder = await mkdtemp(join(tmpdir(), "coverage-"));
    try {
      await scan({ ...env, NODE_V8_COVERAGE: folder });
      const loaded = new Set<string>();
      for (const file of await readdir(folder)) {
        const { result } = JSON.parse(await readFile(join(folder, file), "utf8")) as {
          result: { url: string }[];
        };
        for (const { url } of result)
          if (url.startsWith("file:")) loaded.add(fileURLToPath(url).slice(DIST.length));
      }
      return loaded;
    } finally {
      await rm(folder, { recursive: true });
    }
  }

  it("is one file of the bundle, which a scan loads where tracing is on, and only there", async () => {
    const [sdk = "", ...others] = await filesWith("otlp_http_span_exporter");
    expect(others).toEqual([]);
    const off = await loadedBy({});
    expect(off).toContain("awsscan.js");
    expect([...off].filter((file) => file === sdk)).toEqual([]);
    expect(await loadedBy(toCollector())).toContain(sdk);
  });

  it("is imported by nothing but where tracing is turned on", async () => {
    const [sdk = ""] = await filesWith("otlp_http_span_exporter");
    const name = sdk.replace("pieces/", "");
    const importers = await filesWith(new RegExp(name.replaceAll(".", "\\.")));
    expect(importers).toHaveLength(1);
    const text = await readFile(join(DIST, importers[0] ?? ""), "utf8");
    expect(text.split(name)).toHaveLength(2);
    expect(text).toContain(`import("./${name}")`);
  });
});
