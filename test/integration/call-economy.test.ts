import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { summarize } from "../../src/report/summary.ts";
import {
  openEngine,
  type ScanAsk,
  type ScanOutcome,
  type TestEngine,
  useEngineAws,
} from "../support/engine.ts";
import { brokenPromises, notebookArn, truthOf } from "../support/engine-invariants.ts";
import {
  ACCOUNTS,
  ALL_REGIONS,
  BIG,
  DOMAINS,
  expectedCalls,
  FLEET,
  HUB_KEYS,
  NOTEBOOKS,
  VIOLATING,
} from "./call-economy/fleet.ts";

const aws = useEngineAws(FLEET);
const open: TestEngine[] = [];

beforeEach(() => aws.client.beginScenario({ fleet: FLEET }));
afterEach(() => {
  for (const engine of open.splice(0)) engine.close();
});

function engineOf(options: Partial<Parameters<typeof openEngine>[0]> = {}): TestEngine {
  const engine = openEngine({ keys: HUB_KEYS, ...options });
  open.push(engine);
  return engine;
}

const enter = (role: string, more = {}) =>
  ACCOUNTS.map((id) => ({ id, roleArn: `arn:aws:iam::${id}:role/${role}`, ...more }));
const accounts = enter("Scan");
/** Literal names: nobody needs to be asked which regions there are. */
const regions = { include: ALL_REGIONS };
const [big = ""] = ACCOUNTS;
const inBig = { account: big, region: BIG };

/** Scans, and tells what it took: requests by account, region and operation. */
async function counted(engine: TestEngine, ask: ScanAsk = {}) {
  await aws.client.clearRequests();
  const outcome = await engine.scan({ accounts, regions, ...ask });
  expect(outcome.record.failures).toEqual([]);
  const groups = await aws.client.countersBy("account", "region", "operation");
  const calls = Object.fromEntries(
    groups.map(({ account, region, operation, total }) => [`${account} ${region} ${operation}`, total]),
  );
  return { outcome, calls, of: (operation: string) => sumOf(calls, operation) };
}

function sumOf(calls: Readonly<Record<string, number>>, operation: string): number {
  return Object.entries(calls).reduce(
    (sum, [key, total]) => sum + (key.endsWith(`:${operation}`) ? total : 0),
    0,
  );
}

function namesDescribed(requests: readonly { readonly resource: string | undefined }[]) {
  return requests.map(({ resource }) => resource).sort();
}

describe("a scan of two accounts with 250 instances and 105 domains in one region", () => {
  it("makes the calls that it cannot do without, and no other", async () => {
    const { calls, outcome } = await counted(engineOf());
    expect(calls).toEqual(expectedCalls({ isLookedUp: false, isWarm: false }));
    expect(brokenPromises(outcome, truthOf(FLEET))).toEqual([]);
    expect(summarize(outcome.record)).toMatchObject({ violations: VIOLATING, unknown: 0 });
    expect(outcome.complete).toBe("True");
  });

  it.each([
    ["globs", { include: ["eu-*", "us-east-1"] }],
    ["every region", {}],
  ])("asks once an account which regions there are where the spec says %s", async (_, selection) => {
    const { calls } = await counted(engineOf(), { regions: selection });
    expect(calls).toEqual(expectedCalls({ isLookedUp: true, isWarm: false }));
  });

  it("asks again only for lists and domains, which may have changed without their lists telling", async () => {
    const engine = engineOf();
    const cold = await counted(engine, { regions: {} });
    const warm = await counted(engine, { regions: {} });
    expect(warm.calls).toEqual(expectedCalls({ isLookedUp: false, isWarm: true }));
    expect(verdicts(warm.outcome)).toEqual(verdicts(cold.outcome));
    expect(warm.outcome.complete).toBe("True");
  });

  it("describes of its instances those alone that are new, changed or made anew", async () => {
    const engine = engineOf();
    await counted(engine);
    const [first = "", second = "", third = ""] = NOTEBOOKS.map(({ name }) => name);
    await aws.client.putNotebook(inBig, { name: first, directInternetAccess: "Disabled" });
    await aws.client.patchNotebook(inBig, second, { status: "Stopped" });
    await aws.client.deleteNotebook(inBig, third);
    await aws.client.putNotebook(inBig, { name: "new", directInternetAccess: "Enabled" });
    const { outcome, of } = await counted(engine);
    expect(of("DescribeNotebookInstance")).toBe(3);
    const asked = await aws.client.requests({ operation: "DescribeNotebookInstance" });
    expect(namesDescribed(asked)).toEqual([first, second, "new"].sort());
    const now = verdicts(outcome);
    expect(now.get(notebookArn(big, BIG, first))).toBe("compliant");
    expect(now.get(notebookArn(big, BIG, "new"))).toBe("violation");
    expect(now.has(notebookArn(big, BIG, third))).toBe(false);
    // The first one was open, and so is the new one.
    expect(summarize(outcome.record).violations).toBe(VIOLATING);
  });

  it("takes an instance that passed and was made anew for what it is now", async () => {
    const engine = engineOf();
    await counted(engine);
    const { name = "" } =
      NOTEBOOKS.find(({ directInternetAccess }) => directInternetAccess === "Disabled") ?? {};
    await aws.client.deleteNotebook(inBig, name);
    await aws.client.putNotebook(inBig, { name, directInternetAccess: "Enabled" });
    const { outcome, of } = await counted(engine);
    expect(of("DescribeNotebookInstance")).toBe(1);
    expect(verdicts(outcome).get(notebookArn(big, BIG, name))).toBe("violation");
  });

  it("sees that a domain was opened, which no list tells", async () => {
    const engine = engineOf();
    await counted(engine);
    const { id = "" } = DOMAINS.find(({ appNetworkAccessType }) => appNetworkAccessType === "VpcOnly") ?? {};
    await aws.client.patchDomain(inBig, id, { appNetworkAccessType: "PublicInternetOnly" });
    expect(summarize((await counted(engine)).outcome.record).violations).toBe(VIOLATING + 1);
  });

  it("keeps what it has read where other exemptions or regions are asked for", async () => {
    const engine = engineOf();
    await counted(engine);
    const exemptions = [{ name: "all", reason: "Accepted.", match: { names: ["*"] } }];
    const edited = await counted(engine, { exemptions, regions: { include: [BIG] } });
    expect(edited.of("DescribeNotebookInstance")).toBe(0);
    expect(edited.outcome.compliant).toBe("True");
    const back = await counted(engine);
    expect(back.of("DescribeNotebookInstance")).toBe(0);
    expect(summarize(back.outcome.record).violations).toBe(VIOLATING);
  });

  it("keeps what it has read through a scan whose list breaks off", async () => {
    const engine = engineOf();
    await counted(engine);
    await aws.client.setFaults({ kind: "deny", operation: "ListNotebookInstances", after: 1, ...inBig });
    const broken = await engine.scan({ accounts, regions });
    expect(broken.complete).toBe("False");
    await aws.client.setFaults();
    expect((await counted(engine)).of("DescribeNotebookInstance")).toBe(0);
  });

  it("does not end a list at a page that is short or empty", async () => {
    const place = { operation: "ListNotebookInstances", ...inBig };
    await aws.client.setFaults(
      { kind: "short-page", pageSize: 7, after: 1, times: 1, ...place },
      { kind: "short-page", pageSize: 0, after: 1, times: 2, ...place },
      { kind: "short-page", operation: "ListDomains", pageSize: 0, times: 1, ...inBig },
    );
    const { outcome, calls } = await counted(engineOf());
    expect(verdicts(outcome).size).toBe(truthOf(FLEET).size);
    // 100, then 7 and nothing at once, nothing, 100, and the 50 that are left.
    expect(calls[`${big} ${BIG} sagemaker:ListNotebookInstances`]).toBe(5);
    expect(calls[`${big} ${BIG} sagemaker:ListDomains`]).toBe(3);
  });
});

describe("tags", () => {
  const match = { names: ["nb-00*"], tags: { waiver: "yes" } };
  const candidates = NOTEBOOKS.filter(
    ({ name, directInternetAccess }) => name.startsWith("nb-00") && directInternetAccess === "Enabled",
  );

  it("are asked for only of what would be a violation and an exemption by tags may cover", async () => {
    const { of, outcome } = await counted(engineOf(), { exemptions: [{ name: "t", reason: "Tag.", match }] });
    expect(candidates.length).toBeGreaterThan(1);
    expect(of("ListTags")).toBe(candidates.length * ACCOUNTS.length);
    expect(summarize(outcome.record).exempt).toBe(ACCOUNTS.length);
  });

  it("are not asked for where an exemption covers it without, or has expired", async () => {
    const expired = { name: "old", reason: "Tag.", expiresAt: "2020-01-01T00:00:00Z", match };
    const certain = { name: "certain", reason: "Name.", match: { names: ["nb-00*"] } };
    const { of } = await counted(engineOf(), { exemptions: [expired] });
    expect(of("ListTags")).toBe(0);
    const both = await counted(engineOf(), { exemptions: [{ name: "t", reason: "Tag.", match }, certain] });
    expect(both.of("ListTags")).toBe(0);
    expect(summarize(both.outcome.record).exempt).toBe(candidates.length * ACCOUNTS.length);
  });
});

describe("what one identity has read", () => {
  it.each([
    ["another role", { accounts: enter("Audit") }],
    ["a narrower session", { accounts: enter("Scan", { sessionPolicy: policy("sagemaker:*", "ec2:*") }) }],
  ])("is not told to %s, which reads for itself, and keeps", async (_, other) => {
    const engine = engineOf();
    const first = await counted(engine);
    const second = await counted(engine, other);
    expect(second.of("DescribeNotebookInstance")).toBe(first.of("DescribeNotebookInstance"));
    expect((await counted(engine)).of("DescribeNotebookInstance")).toBe(0);
    expect((await counted(engine, other)).of("DescribeNotebookInstance")).toBe(0);
  });

  it("is no way around a policy that lets a session list alone", async () => {
    const engine = engineOf();
    await counted(engine);
    const sessionPolicy = policy("sagemaker:List*");
    const { record, compliant } = await engine.scan({ accounts: enter("Scan", { sessionPolicy }), regions });
    expect(summarize(record)).toMatchObject({ compliant: 0, violations: 0, unknown: truthOf(FLEET).size });
    expect(compliant).toBe("Unknown");
  });
});

/** The JSON of a policy that allows these actions. */
function policy(...actions: readonly string[]): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: actions, Resource: "*" }],
  });
}

describe("a memory that is full", () => {
  const only = { accounts: accounts.slice(0, 1), regions: { include: [BIG] } };

  it.each([
    ["nothing", 0],
    ["some", 10_000],
  ])("and holds %s has the rest described again, and all judged right", async (_, maxCacheBytes) => {
    const engine = engineOf({ maxCacheBytes });
    const cold = await counted(engine, only);
    expect(cold.of("DescribeNotebookInstance")).toBe(NOTEBOOKS.length);
    const forgotten = (await counted(engine, only)).of("DescribeNotebookInstance");
    expect(forgotten).toBeGreaterThan(0);
    expect(forgotten < NOTEBOOKS.length).toBe(maxCacheBytes > 0);
    const [{ name } = { name: "" }] = NOTEBOOKS;
    await aws.client.putNotebook(inBig, { name, directInternetAccess: "Disabled" });
    const { outcome, of } = await counted(engine, only);
    // Whether the changed one is among those that are kept: those are, which were answered first.
    expect([forgotten, forgotten + 1]).toContain(of("DescribeNotebookInstance"));
    expect(verdicts(outcome).get(notebookArn(big, BIG, name))).toBe("compliant");
    const { violations } = summarize(cold.outcome.record);
    expect(summarize(outcome.record)).toMatchObject({ violations: violations - 1, unknown: 0 });
  });
});

function verdicts({ record }: ScanOutcome): ReadonlyMap<string, string> {
  return new Map(record.findings.map(({ arn, verdict }) => [arn, verdict]));
}
