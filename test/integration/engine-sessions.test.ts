import { afterEach, describe, expect, it } from "vitest";
import { summarize } from "../../src/report/summary.ts";
import type { AccountSpec, Fleet } from "../../tools/aws-simulator/fleet.ts";
import { openEngine, type TestEngine, useEngineAws } from "../support/engine.ts";

const HUB = "999999999999";
const KEYS = { accessKeyId: "AKIAHUB", secretAccessKey: "s" };
const REGIONS = ["eu-west-1", "us-east-1"];
const IDS = ["111111111111", "222222222222", "333333333333"];
const NOTEBOOKS = Array.from({ length: 5 }, (_, at) => `nb-${at}`);

function member(id: string): AccountSpec {
  const notebooks = NOTEBOOKS.map((name) => ({ name, directInternetAccess: "Disabled" as const }));
  return {
    id,
    name: id,
    enabledRegions: REGIONS,
    roles: [{ name: "Scan", trust: { principals: ["*"] } }],
    regions: Object.fromEntries(REGIONS.map((region) => [region, { notebooks }])),
  };
}

const FLEET: Fleet = {
  accounts: [{ id: HUB, name: "hub", accessKeys: [{ ...KEYS, user: "hub" }] }, ...IDS.map(member)],
};
const ALL = IDS.length * REGIONS.length * NOTEBOOKS.length;

const aws = useEngineAws(FLEET);
const asked = {
  accounts: IDS.map((id) => ({ id, roleArn: `arn:aws:iam::${id}:role/Scan` })),
  regions: { include: REGIONS },
};

const open: TestEngine[] = [];
function engineOf(options: Omit<Parameters<typeof openEngine>[0], "keys"> = {}): TestEngine {
  const engine = openEngine({ keys: KEYS, ...options });
  open.push(engine);
  return engine;
}
afterEach(async () => {
  for (const engine of open.splice(0)) engine.close();
  await aws.client.setFaults();
});

const callsOf = async (operation: string) => (await aws.client.requests({ operation })).length;

describe("sessions that end while a scan runs", () => {
  it("are renewed although only one request at a time may be under way", async () => {
    // A request that waited for credentials in that one place would wait for itself.
    const engine = engineOf({ limits: { process: 1, account: 1, region: 1 } });
    await engine.scan(asked);
    await aws.client.expireSessions();
    await aws.client.clearRequests();
    const { record, complete } = await engine.scan(asked);
    expect(complete).toBe("True");
    expect(summarize(record)).toMatchObject({ compliant: ALL, unknown: 0 });
    expect(await callsOf("AssumeRole")).toBe(IDS.length);
  });

  it("are renewed once each, however many requests were refused", async () => {
    const engine = engineOf({ limits: { process: 64, account: 64, region: 16 }, maxCacheBytes: 0 });
    await engine.scan(asked);
    await aws.client.expireSessions();
    await aws.client.clearRequests();
    expect((await engine.scan(asked)).complete).toBe("True");
    expect(await callsOf("AssumeRole")).toBe(IDS.length);
  });

  it("and cannot be renewed leave every place unread, by the call that failed", async () => {
    const engine = engineOf({ maxCacheBytes: 0 });
    const before = await engine.scan(asked);
    await aws.client.expireSessions();
    await aws.client.setFaults({ kind: "deny", operation: "AssumeRole" });
    const { record, compliant } = await engine.scan({ ...asked, previous: before.record });
    expect(compliant).toBe("Unknown");
    expect(summarize(record)).toMatchObject({ compliant: 0, unknown: ALL });
    const row = { state: "denied", operation: "AssumeRole" };
    expect(record.coverage).toHaveLength(IDS.length * REGIONS.length);
    for (const place of record.coverage) expect(place).toMatchObject(row);
  });

  it("do not make a region covered whose list was read before and whose describes were not", async () => {
    const engine = engineOf({ maxCacheBytes: 0 });
    await engine.scan(asked);
    await aws.client.setFaults(
      { kind: "expired-session", operation: "DescribeNotebookInstance", region: "eu-west-1" },
      { kind: "deny", operation: "AssumeRole" },
    );
    const { record, complete } = await engine.scan(asked);
    expect(complete).toBe("False");
    const struck = record.coverage.filter(({ region }) => region === "eu-west-1");
    expect(struck).toHaveLength(IDS.length);
    for (const { state } of struck) expect(state).toBe("denied");
  });
});

describe("a region that refuses credentials which were good a moment ago", () => {
  it("is not enabled, and costs no new session", async () => {
    const engine = engineOf();
    await aws.client.setFaults({ kind: "not-enabled", service: "sagemaker", region: "eu-west-1" });
    await aws.client.clearRequests();
    const { record } = await engine.scan(asked);
    const states = record.coverage.map(({ region, state }) => `${region} ${state}`);
    expect(new Set(states)).toEqual(new Set(["eu-west-1 not-enabled", "us-east-1 covered"]));
    expect(await callsOf("AssumeRole")).toBe(IDS.length);
  });
});

describe("a region that hangs", () => {
  it("holds up no other place, though it holds as many requests as may be under way", async () => {
    const engine = engineOf({
      limits: { process: 4, account: 4, region: 4 },
      retries: { attemptTimeoutMs: 4_000, attempts: 1 },
    });
    await aws.client.setFaults({ kind: "hang", region: "eu-west-1", service: "sagemaker" });
    const order: string[] = [];
    const { record } = await engine.scan({
      ...asked,
      onEvent: (event) => {
        if (event.kind === "listed") order.push(`${event.region} listed`);
        if (event.kind === "failure") order.push(`${event.failure.region} failed`);
      },
    });
    const firstFailure = order.indexOf("eu-west-1 failed");
    expect(firstFailure).toBeGreaterThan(0);
    expect(order.slice(0, firstFailure).filter((what) => what === "us-east-1 listed")).toHaveLength(
      2 * IDS.length,
    );
    expect(summarize(record).compliant).toBe(ALL / 2);
  });
});
