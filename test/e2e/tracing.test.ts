import { afterEach, describe, expect, it } from "vitest";
import type { Fleet } from "../../tools/aws-simulator/fleet.ts";
import { eventually } from "../support/cluster.ts";
import { leaksIn } from "../support/credentials-secrets.ts";
import { type ReceivedSpan, useOtlpReceiver } from "../support/otlp-receiver.ts";
import { condition, settled } from "../support/scans.ts";
import { useStack } from "../support/stack.ts";

const A = "111111111111";
const B = "222222222222";
const EXTERNAL_ID = "external-id-that-nobody-may-trace";
const HUB = `arn:aws:iam::${A}:role/Hub`;

function fleet(namespace: string): Fleet {
  const hubTrust = { webIdentity: { subjects: [`system:serviceaccount:${namespace}:scanner`] } };
  return {
    accounts: [
      {
        id: A,
        name: "one",
        enabledRegions: ["us-east-1", "eu-west-1"],
        roles: [{ name: "Hub", trust: hubTrust }],
        regions: {
          "us-east-1": {
            notebooks: [
              { name: "open", directInternetAccess: "Enabled" },
              { name: "shut", directInternetAccess: "Disabled" },
            ],
          },
        },
      },
      {
        id: B,
        name: "two",
        enabledRegions: ["us-east-1", "eu-west-1"],
        roles: [{ name: "Member", trust: { principals: [HUB], externalId: EXTERNAL_ID } }],
        regions: { "us-east-1": { notebooks: [{ name: "quiet", directInternetAccess: "Disabled" }] } },
      },
    ],
  };
}

const collector = useOtlpReceiver();
const stack = useStack({
  fleet,
  lateEnv: async () => ({
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_HEADERS: "authorization=Bearer%20collector-token",
    OTEL_BSP_SCHEDULE_DELAY: "100",
    OTEL_RESOURCE_ATTRIBUTES: "deployment.environment.name=test",
    OTEL_TRACES_SAMPLER: "sometimes",
  }),
});

afterEach(() => stack().aws.setFaults());

const withScanner = () => stack().serviceAccount("scanner", HUB);
const credentials = { serviceAccountName: "scanner" };
const member = { id: B, roleArn: `arn:aws:iam::${B}:role/Member`, externalId: EXTERNAL_ID };

/** The spans of the trace whose first span is the scan's, once that one is there. */
function traceOf(name: string): Promise<ReceivedSpan[]> {
  return eventually(
    async () => {
      const spans = await collector.spans();
      const scan = spans.find(({ attributes }) => attributes["awsscan.scan.name"] === name);
      if (scan === undefined) throw new Error(`${spans.length} spans, none of scan ${name}`);
      return spans.filter(({ traceId }) => traceId === scan.traceId);
    },
    { describe: `the trace of ${name}`, timeoutMs: 60_000 },
  );
}

const placeOf = ({ attributes }: ReceivedSpan) =>
  `${attributes["cloud.account.id"]} ${attributes["cloud.region"]}`;

describe("the operator's traces", () => {
  it("have a span for the scan, below it one for each region of each account, and below these one for each call", async () => {
    const { scans, namespace } = stack();
    await withScanner();
    const spec = {
      credentials,
      accounts: [{ id: A }, member],
      regions: { include: ["us-east-1", "eu-west-1"] },
      interval: "1h",
    };
    await scans.apply({ name: "traced", spec });
    const scanned = await scans.until("traced", "scanned", settled);
    expect(condition(scanned, "Complete").status).toBe("True");

    const spans = await traceOf("traced");
    const [scan, ...otherScans] = spans.filter(({ name }) => name === "scan");
    expect(otherScans).toEqual([]);
    expect(scan).toMatchObject({
      parentSpanId: "",
      kind: "internal",
      error: undefined,
      resource: {
        "service.name": "aws-account-scan-operator",
        "deployment.environment.name": "test",
        "telemetry.sdk.language": "nodejs",
      },
    });
    expect(scan?.attributes).toEqual({
      "k8s.namespace.name": namespace,
      "awsscan.scan.name": "traced",
      "awsscan.scan.id": expect.any(String),
      "awsscan.scan.trigger": "Initial",
      "awsscan.scan.outcome": "Complete",
      "awsscan.findings.compliant": 2,
      "awsscan.findings.violation": 1,
      "awsscan.findings.exempt": 0,
      "awsscan.findings.unknown": 0,
      "awsscan.failures": 0,
    });

    const regions = spans.filter(({ name }) => name === "scan region");
    expect(regions.map(placeOf).sort()).toEqual([
      `${A} eu-west-1`,
      `${A} us-east-1`,
      `${B} eu-west-1`,
      `${B} us-east-1`,
    ]);
    expect(new Set(regions.map(({ parentSpanId }) => parentSpanId))).toEqual(new Set([scan?.spanId]));
    const busy = regions.find((region) => placeOf(region) === `${A} us-east-1`);
    expect(busy?.attributes).toMatchObject({
      "awsscan.findings.violation": 1,
      "awsscan.findings.compliant": 1,
    });

    const calls = spans.filter(({ kind }) => kind === "client");
    expect(spans).toHaveLength(1 + regions.length + calls.length);
    const below = (parent: ReceivedSpan | undefined) =>
      calls.filter(({ parentSpanId }) => parentSpanId === parent?.spanId);
    expect(
      below(busy)
        .map(({ name }) => name)
        .sort(),
    ).toEqual([
      "SageMaker/DescribeNotebookInstance",
      "SageMaker/DescribeNotebookInstance",
      "SageMaker/ListDomains",
      "SageMaker/ListNotebookInstances",
    ]);
    for (const region of regions)
      for (const call of below(region)) expect(placeOf(call)).toBe(placeOf(region));
    expect(
      below(scan)
        .map((call) => `${call.name} ${placeOf(call)}`)
        .sort(),
    ).toEqual([
      `STS/AssumeRole ${B} us-east-1`,
      `STS/AssumeRoleWithWebIdentity ${A} us-east-1`,
      `STS/GetCallerIdentity ${A} us-east-1`,
      `STS/GetCallerIdentity ${B} us-east-1`,
    ]);

    const logged = await stack().aws.requests();
    expect(calls.map(({ attributes }) => attributes["aws.request_id"]).sort()).toEqual(
      logged.map(({ requestId }) => requestId).sort(),
    );
    for (const { name, attributes } of calls) {
      const { "rpc.service": service, "rpc.method": method } = attributes;
      expect(`${service}/${method}`).toBe(name);
      expect(attributes).toMatchObject({
        "rpc.system": "aws-api",
        "cloud.provider": "aws",
        "awsscan.attempts": 1,
      });
    }
  });

  it("have the ids that the scan's lines in the log have", async () => {
    const scan = (await traceOf("traced")).find(({ name }) => name === "scan");
    const lines = stack()
      .operator.lines.map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter(({ scan: name, scanId }) => name === "traced" && scanId !== undefined);
    expect(lines.map(({ msg }) => msg)).toEqual(["scan started", "scan ended"]);
    for (const line of lines)
      expect(line).toMatchObject({ trace_id: scan?.traceId, span_id: scan?.spanId, trace_flags: "01" });
  });

  it("say of a call that was throttled and of a region that was denied what became of them", async () => {
    const { scans, aws } = stack();
    await aws.setFaults(
      { kind: "throttle", operation: "ListDomains", region: "us-east-1", times: 1 },
      { kind: "deny", operation: "ListNotebookInstances", region: "eu-west-1" },
    );
    const spec = {
      credentials,
      accounts: [{ id: A }],
      regions: { include: ["us-east-1", "eu-west-1"] },
      interval: "1h",
    };
    await scans.apply({ name: "hindered", spec });
    await scans.until("hindered", "scanned", settled);
    const spans = await traceOf("hindered");
    const find = (name: string, region?: string) =>
      spans.find(
        (span) => span.name === name && (region === undefined || span.attributes["cloud.region"] === region),
      );
    const throttled = find("SageMaker/ListDomains", "us-east-1");
    expect(throttled).toMatchObject({ error: undefined, attributes: { "awsscan.attempts": 2 } });
    expect(throttled?.events).toMatchObject([
      { name: "attempt failed", attributes: { "error.type": "throttled" } },
    ]);
    const error = "denied: AccessDeniedException";
    const attributes = { "error.type": "denied", "awsscan.error.code": "AccessDeniedException" };
    expect(find("SageMaker/ListNotebookInstances", "eu-west-1")).toMatchObject({ error, attributes });
    expect(find("scan region", "eu-west-1")).toMatchObject({ error, attributes });
    expect(find("scan region", "us-east-1")).toMatchObject({ error: undefined });
    expect(find("scan")).toMatchObject({
      error,
      attributes: { ...attributes, "awsscan.scan.outcome": "Incomplete" },
    });
  });

  it("hold no secret: no token, key, external id, nor a message of AWS", async () => {
    const spans = await collector.spans();
    expect(spans.length).toBeGreaterThan(10);
    const known = [EXTERNAL_ID, "collector-token", "is not authorized"];
    expect(
      leaksIn(
        spans.map((span) => JSON.stringify(span)),
        known,
      ),
    ).toEqual([]);
    const bytes = Buffer.concat(collector.bodies).toString("latin1");
    expect(leaksIn([bytes], known).map(({ kind }) => kind)).toEqual([]);
    expect(new Set(collector.headers.map(({ authorization }) => authorization))).toEqual(
      new Set(["Bearer collector-token"]),
    );
  });

  it("are configured by variables of which a wrong one is told, with what is used instead", () => {
    const warnings = stack().operator.lines.filter(
      (line) => line.includes('"level":"warn"') && line.includes("OTEL_"),
    );
    expect(warnings).toHaveLength(1);
    expect((JSON.parse(warnings[0] ?? "{}") as { msg?: string }).msg).toMatch(
      /^tracing: OTEL_TRACES_SAMPLER is "sometimes", not one of .*; parentbased_always_on is used instead$/,
    );
  });

  it("delay neither a scan nor the end of the operator where the collector hangs, which is told once", async () => {
    const { scans } = stack();
    collector.behave("hang");
    const spec = { credentials, accounts: [{ id: A }], regions: { include: ["us-east-1"] }, interval: "1h" };
    await scans.apply({ name: "unheard", spec });
    const scanned = await scans.until("unheard", "scanned", settled);
    expect(condition(scanned, "Complete").status).toBe("True");
    const { operator } = stack();
    expect(await operator.stop()).toBe(0);
    const told = operator.lines.filter(
      (line) => line.includes("tracing: ") && !line.includes("OTEL_TRACES_SAMPLER"),
    );
    expect(told).toHaveLength(1);
    expect(told[0]).toContain(`the last spans were given up: ${collector.url} did not take them within 3 s`);
  });
});
