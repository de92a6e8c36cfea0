import { randomUUID } from "node:crypto";
import { pino } from "pino";
import { beforeAll, describe, expect, it } from "vitest";
import type { AwsAccountScan, AwsAccountScanStatus } from "../../src/api/generated/awsaccountscan.ts";
import type { AwsAccountScanReport } from "../../src/api/generated/awsaccountscanreport.ts";
import { API_VERSION, EPOCH, REPORT, SCAN } from "../../src/api/names.ts";
import { Ledger } from "../../src/controller/ledger.ts";
import { type Owner, StaleViewError, SupersededError } from "../../src/controller/ownership.ts";
import { indexName } from "../../src/controller/record-objects.ts";
import { RecordStore } from "../../src/controller/record-store.ts";
import { StatusWriter } from "../../src/controller/status-writer.ts";
import { KubeClient } from "../../src/kube/client.ts";
import { kubectl, useNamespace } from "../support/cluster.ts";
import {
  adminKubeConfig,
  clientOf,
  proxiedKubeConfig,
  startFaultProxy,
} from "../support/kube-client-harness.ts";
import { recordOf } from "../support/records.ts";
import { scansIn } from "../support/scans.ts";

const namespace = useNamespace();
const scans = scansIn(namespace);
const log = pino({ enabled: false });
const TIME = "2026-01-05T00:00:00Z";
const FIRST = { identity: "first", epoch: 1 };
const SECOND = { identity: "second", epoch: 2 };

let client: KubeClient;
beforeAll(() => {
  client = new KubeClient(adminKubeConfig());
  return () => client.close();
});

async function createScan(): Promise<AwsAccountScan> {
  const name = `scan-${randomUUID().slice(0, 8)}`;
  await scans.apply({ name });
  return scans.get(name);
}

/** A process that works on `scan` as `owner`, and sees of it what it is given. */
function writerOf(owner: Owner, scan: AwsAccountScan) {
  const { name, uid } = scan.metadata;
  const key = `${namespace}/${name}`;
  const ledger = new Ledger();
  ledger.set(key, { namespace, name, uid, owner, record: "none", nextScanAt: undefined });
  const writer = new StatusWriter(client, ledger);
  return (view: AwsAccountScan, status: AwsAccountScanStatus, mustClaim = false) =>
    writer.write(key, view, status, mustClaim);
}

const saying = (lastHandledReconcileAt: string): AwsAccountScanStatus => ({ lastHandledReconcileAt });

describe("a status", () => {
  it("is not written in place of one that its writer has not seen", async () => {
    const scan = await createScan();
    await kubectl(["label", "aas", scan.metadata.name, "a=b"], { namespace });
    const write = writerOf(FIRST, scan);
    await expect(write(scan, saying("late"))).rejects.toThrow(StaleViewError);
    await write(await scans.get(scan.metadata.name), saying("seen"));
    expect((await scans.get(scan.metadata.name)).status).toEqual({ ...saying("seen"), owner: FIRST });
  });

  it("keeps nothing that somebody else has written into it", async () => {
    const scan = await createScan();
    const { name } = scan.metadata;
    const conditions = [
      { type: "Ready", status: "True", reason: "Succeeded", message: "ours", lastTransitionTime: TIME },
    ] as const;
    const write = writerOf(FIRST, scan);
    await write(scan, { ...saying("ours"), conditions: [...conditions] });
    const at = { namespace, name, subresource: "status" };
    const status = {
      currentScan: { id: "0123456789abcdef", trigger: "Scheduled", startTime: TIME },
      conditions: [{ ...conditions[0], type: "Stalled", message: "theirs" }],
    };
    const body = { apiVersion: API_VERSION, kind: SCAN.kind, metadata: { namespace, name }, status };
    await client.apply(SCAN, at, body, { fieldManager: "another", force: true });
    await write(await scans.get(name), { ...saying("ours again"), conditions: [...conditions] });
    expect((await scans.get(name)).status).toEqual({ ...saying("ours again"), conditions, owner: FIRST });
    // What they took part in is ours alone again: nothing of it stays when we say it no more.
    await write(await scans.get(name), saying("no conditions"));
    expect((await scans.get(name)).status).toEqual({ ...saying("no conditions"), owner: FIRST });
  });

  it("is written again by who has written it, before his cache has heard of that", async () => {
    const scan = await createScan();
    const write = writerOf(FIRST, scan);
    await write(scan, saying("1"));
    await write(scan, saying("2"));
    expect((await scans.get(scan.metadata.name)).status).toEqual({ ...saying("2"), owner: FIRST });
  });

  it("is not written by a process whose scan another has taken over, though it has seen that", async () => {
    const scan = await createScan();
    const { name } = scan.metadata;
    const late = writerOf(FIRST, scan);
    await late(scan, saying("1"));
    await writerOf(SECOND, scan)(await scans.get(name), saying("2"));
    const view = await scans.get(name);
    await expect(late(view, saying("3"))).rejects.toThrow(SupersededError);
    // Nor by one that took it over at the same time.
    await expect(writerOf({ ...SECOND, identity: "third" }, scan)(view, saying("3"))).rejects.toThrow(
      SupersededError,
    );
    expect((await scans.get(name)).status).toEqual({ ...saying("2"), owner: SECOND });
  });

  it("that says nothing new is written to claim the scan, and only then", async () => {
    const scan = await createScan();
    const { name } = scan.metadata;
    await writerOf(FIRST, scan)(scan, saying("1"));
    const view = await scans.get(name);
    const write = writerOf(SECOND, scan);
    await write(view, saying("1"));
    expect(await scans.get(name)).toEqual(view);
    await write(view, saying("1"), true);
    expect((await scans.get(name)).status?.owner).toEqual(SECOND);
  });

  it("takes the word of a version that knew no owners", async () => {
    const scan = await createScan();
    const { name } = scan.metadata;
    await writerOf(SECOND, scan)(scan, saying("1"));
    const status = JSON.stringify([{ op: "remove", path: "/status/owner" }]);
    await kubectl(["patch", "aas", name, "--subresource=status", "--type=json", "-p", status], { namespace });
    await writerOf(FIRST, scan)(await scans.get(name), saying("2"));
    expect((await scans.get(name)).status?.owner).toEqual(FIRST);
  });
});

/** Enough that a record does not fit one object. */
const MANY = 2_000;

const idOf = async (scan: AwsAccountScan) => {
  const loaded = await new RecordStore(client, log).load(scan);
  return loaded.kind === "found" ? loaded.record.scan.id : loaded.kind;
};
const reportsOf = async ({ metadata: { name, uid } }: AwsAccountScan) => {
  const { items } = await client.list<AwsAccountScanReport>(REPORT, { namespace });
  const own = items.filter(({ metadata }) => metadata.ownerReferences?.[0]?.uid === uid);
  expect(own.every(({ metadata }) => metadata.name.startsWith(name))).toBe(true);
  return own;
};

describe("a record", () => {
  it("is not saved in place of one that another process has saved meanwhile", async () => {
    const scan = await createScan();
    const late = new RecordStore(client, log);
    await late.save(scan, recordOf("0"), FIRST);
    const next = new RecordStore(client, log);
    await next.load(scan);
    await late.save(scan, recordOf("1"), FIRST);
    // Whoever comes after knows nothing of what the late one has found, and would forget it.
    await expect(next.save(scan, recordOf("2"), SECOND)).rejects.toThrow(SupersededError);
    expect(await next.load(scan)).toMatchObject({ owner: FIRST, record: { scan: { id: "1" } } });
    await next.save(scan, recordOf("2"), SECOND);
    await expect(late.save(scan, recordOf("3"), FIRST)).rejects.toThrow(SupersededError);
    await late.load(scan);
    await expect(late.save(scan, recordOf("3"), FIRST)).rejects.toThrow(SupersededError);
    expect(await idOf(scan)).toBe("2");
  });

  it("is its owner's still where the answer to its saving was lost", async () => {
    const scan = await createScan();
    const proxy = await startFaultProxy();
    const store = new RecordStore(clientOf(proxiedKubeConfig(adminKubeConfig(), proxy)), log);
    await store.save(scan, recordOf("1"), FIRST);
    const heal = proxy.harm(() => ({ breaks: "before-answer" }));
    await expect(store.save(scan, recordOf("2"), FIRST)).rejects.toThrow("no answer");
    heal();
    await store.save(scan, recordOf("2"), FIRST);
    await store.save(scan, recordOf("3"), FIRST);
    expect(await idOf(scan)).toBe("3");
  });

  it("is saved though somebody has labelled its index, or removed it", async () => {
    const scan = await createScan();
    const store = new RecordStore(client, log);
    await store.save(scan, recordOf("1"), FIRST);
    await kubectl(["label", "awsaccountscanreports", indexName(scan), "a=b"], { namespace });
    await store.save(scan, recordOf("2"), FIRST);
    expect((await reportsOf(scan))[0]?.metadata.labels).toHaveProperty("a", "b");
    await kubectl(["delete", "awsaccountscanreports", indexName(scan)], { namespace });
    await store.save(scan, recordOf("3"), FIRST);
    expect(await idOf(scan)).toBe("3");
  });

  it("keeps the parts of a later owner while the one before it clears up", async () => {
    const scan = await createScan();
    const late = new RecordStore(client, log);
    await late.load(scan);
    const next = new RecordStore(client, log);
    await next.load(scan);
    // Both have written parts, and the late one comes first with its index.
    const parts = writingNoIndex(client);
    await expect(new RecordStore(parts, log).save(scan, recordOf("2", MANY), SECOND)).rejects.toThrow(
      "index",
    );
    const before = await reportsOf(scan);
    expect(before.length).toBeGreaterThan(1);
    await late.save(scan, recordOf("1", MANY), FIRST);
    const after = await reportsOf(scan);
    expect(after.map(({ metadata }) => metadata.name)).toEqual(
      expect.arrayContaining(before.map(({ metadata }) => metadata.name)),
    );
  });

  it("makes parts its own that an owner before it has left behind", async () => {
    const scan = await createScan();
    const parts = writingNoIndex(client);
    const record = recordOf("1", MANY);
    await expect(new RecordStore(parts, log).save(scan, record, FIRST)).rejects.toThrow("index");
    await expect(new RecordStore(parts, log).save(scan, record, SECOND)).rejects.toThrow("index");
    const epochs = (await reportsOf(scan)).map(({ metadata }) => metadata.annotations?.[EPOCH]);
    expect(new Set(epochs)).toEqual(new Set(["2"]));
  });
});

/** The same client of a process that ends before it writes an index. */
function writingNoIndex(real: KubeClient): KubeClient {
  return new Proxy(real, {
    get(target, property) {
      if (property === "apply") return () => Promise.reject(new Error("no index is written"));
      const value: unknown = Reflect.get(target, property);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
