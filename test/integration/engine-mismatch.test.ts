import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Aws } from "../../src/aws/aws.ts";
import { Session } from "../../src/aws/session.ts";
import { assembleRecord } from "../../src/report/assemble.ts";
import { ScanFold } from "../../src/report/fold.ts";
import { findingKey, type RecordedFinding, type ScanRecord } from "../../src/report/record.ts";
import { summarize } from "../../src/report/summary.ts";
import { RULES } from "../../src/rules/registry.ts";
import { NOTEBOOK_INSTANCE } from "../../src/rules/resource.ts";
import { runScan } from "../../src/scan/engine.ts";
import type { ScanSink } from "../../src/scan/events.ts";

/**
 * An AWS that is confused: asked for one account in us-east-1, it lists an instance of another one behind the first
 * page; us-east-2 never answers. The simulator keeps accounts apart, so this is a server of its own.
 */
const OWN = "111111111111";
const ANOTHER = "222222222222";
const arnOf = (account: string, name: string) =>
  `arn:aws:sagemaker:us-east-1:${account}:notebook-instance/${name}`;
const summary = (account: string, name: string) => ({
  NotebookInstanceArn: arnOf(account, name),
  NotebookInstanceName: name,
  CreationTime: 1_700_000_000,
  LastModifiedTime: 1_700_000_000,
});
let isConfused = true;
let describes = 0;
const CALLER = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::${OWN}:user/u</Arn><UserId>u</UserId><Account>${OWN}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`;

const server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks).toString();
  const target = String(request.headers["x-amz-target"] ?? "");
  if (target === "") {
    response.setHeader("content-type", "text/xml").end(CALLER);
    return;
  }
  if (request.headers.authorization?.includes("/us-east-2/")) return;
  response.setHeader("content-type", "application/x-amz-json-1.1").end(JSON.stringify(answer(target, body)));
});

function answer(target: string, body: string): object {
  if (target.endsWith("ListDomains")) return { Domains: [] };
  if (target.endsWith("DescribeNotebookInstance")) {
    describes += 1;
    return { ...summary(OWN, "a"), DirectInternetAccess: "Disabled" };
  }
  if (!isConfused) return { NotebookInstances: [summary(OWN, "a")] };
  if (body.includes("NextToken")) return { NotebookInstances: [summary(ANOTHER, "b")] };
  return { NotebookInstances: [summary(OWN, "a")], NextToken: "2" };
}

const aws = new Aws({
  userAgent: "test",
  limits: { process: 16, account: 8, region: 4 },
  maxCacheBytes: 2 ** 20,
});

beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  process.env["AWS_ENDPOINT_URL"] = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
});
afterAll(() => {
  delete process.env["AWS_ENDPOINT_URL"];
  aws.close();
  server.closeAllConnections();
  server.close();
});

const violation: RecordedFinding = {
  rule: "SageMaker-004",
  verdict: "violation",
  arn: arnOf(OWN, "a"),
  type: NOTEBOOK_INSTANCE,
  account: OWN,
  region: "us-east-1",
  name: "a",
  reason: "DirectInternetAccessEnabled",
  message: "",
  evidence: {},
  firstSeen: "2026-01-01T00:00:00Z",
};
const facts = {
  id: "1",
  trigger: "Scheduled" as const,
  generation: 1,
  scopeDigest: "",
  startTime: "2026-01-02T00:00:00Z",
  completionTime: "2026-01-02T00:01:00Z",
};

const base = new Session("test", async () => ({ accessKeyId: "AKIATEST", secretAccessKey: "s" }));

/** Scans the account as its owner asks for it, with what earlier scans have read at hand. */
function scanOf(include: readonly string[], signal: AbortSignal, sink: ScanSink): Promise<void> {
  const scope = { accounts: [{ id: OWN }], organization: undefined, regions: { include } };
  return runScan(
    { ...scope, rules: RULES, exemptions: [], startedAt: 0 },
    { aws, base, sessionName: "s", region: "us-east-1", allowRole: () => true },
    sink,
    signal,
  );
}

describe("an account where another account's resources are seen", () => {
  it("has no pass that counts and no violation that is resolved, even where the deadline cuts the scan off", async () => {
    const regions = { include: ["us-east-1", "us-east-2"] };
    const cell = {
      account: OWN,
      region: "us-east-1",
      type: NOTEBOOK_INSTANCE,
      rule: "SageMaker-004",
    } as const;
    const previous: ScanRecord = {
      scan: { ...facts, outcome: "Complete", consecutiveFailures: 0 },
      cells: [{ ...cell, compliant: 0, violations: 1, exempt: 0, unknown: 0 }],
      coverage: [],
      failures: [],
      findings: [violation],
    };
    const fold = new ScanFold(new Set([findingKey(violation)]));
    const seen = Promise.withResolvers<void>();
    const deadline = new AbortController();
    const scan = scanOf(regions.include, deadline.signal, (event) => {
      fold.sink(event);
      if (event.kind === "failure") seen.resolve();
    });
    await seen.promise;
    deadline.abort();
    await scan;
    const record = assembleRecord(
      fold,
      previous,
      { accounts: [{ id: OWN }], regions, rules: ["SageMaker-004"] },
      facts,
    );
    expect(record.failures).toContainEqual(
      expect.objectContaining({ account: OWN, region: "", reason: "AccountMismatch" }),
    );
    expect(summarize(record)).toMatchObject({ compliant: 0, violations: 1 });
    expect(record.scan.outcome).not.toBe("Complete");
  });

  it("has nothing remembered that was read of it then", async () => {
    isConfused = false;
    describes = 0;
    const { signal } = new AbortController();
    await scanOf(["us-east-1"], signal, () => undefined);
    expect(describes).toBe(1);
    await scanOf(["us-east-1"], signal, () => undefined);
    expect(describes).toBe(1);
    isConfused = true;
    await scanOf(["us-east-1"], signal, () => undefined);
    isConfused = false;
    await scanOf(["us-east-1"], signal, () => undefined);
    expect(describes).toBe(2);
  });
});
