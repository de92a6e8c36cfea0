import { randomUUID } from "node:crypto";
import { pino } from "pino";
import { describe, expect, it } from "vitest";
import type { AwsAccountScan } from "../../src/api/generated/awsaccountscan.ts";
import { API_VERSION, REPORT } from "../../src/api/names.ts";
import { RecordStore } from "../../src/controller/record-store.ts";
import {
  adminKubeConfig,
  clientOf,
  proxiedKubeConfig,
  startFaultProxy,
} from "../support/kube-client-harness.ts";
import { recordOf } from "../support/records.ts";

const TIME = "2026-01-05T00:00:00Z";
const OWNER = { identity: "test", epoch: 1 };
const silent = pino({ enabled: false });

const newScan = (): AwsAccountScan => ({
  apiVersion: API_VERSION,
  kind: "AwsAccountScan",
  metadata: {
    name: `record-${randomUUID().slice(0, 8)}`,
    namespace: "default",
    uid: randomUUID(),
    resourceVersion: "1",
    generation: 1,
    creationTimestamp: TIME,
  },
  spec: {},
});

/** It needs several objects. */
const LARGE = recordOf("1", 5_000);

describe("a record that is saved", () => {
  it("goes on, after a failure, where the attempt before has come to", async () => {
    const proxy = await startFaultProxy();
    const client = clientOf(proxiedKubeConfig(adminKubeConfig(), proxy));
    const store = new RecordStore(client, silent);
    const scan = newScan();
    const created = () =>
      proxy.seen.other.filter(({ pathname }) => pathname.endsWith("/awsaccountscanreports")).length;
    proxy.fail({
      on: "other",
      status: 500,
      when: ({ pathname }) => pathname.endsWith("/awsaccountscanreports") && created() === 3,
    });
    await expect(store.save(scan, LARGE, OWNER)).rejects.toMatchObject({ status: 500 });
    expect(created()).toBe(3);
    await store.save(scan, LARGE, OWNER);
    const loaded = await new RecordStore(client, silent).load(scan);
    expect(loaded).toMatchObject({ kind: "found" });
    expect(loaded.kind === "found" && loaded.record.findings.length).toBe(LARGE.findings.length);
    const { items } = await client.list<{ metadata: { ownerReferences?: { uid: string }[] } }>(REPORT, {
      namespace: "default",
    });
    const shards = items.filter(({ metadata }) => metadata.ownerReferences?.[0]?.uid === scan.metadata.uid);
    // One index, which is applied; each shard once; and the one that was refused twice.
    expect(shards.length).toBeGreaterThan(3);
    expect(created()).toBe(shards.length - 1 + 1);
  });

  it("asks for nothing more once its time is over", async () => {
    const proxy = await startFaultProxy();
    const client = clientOf(proxiedKubeConfig(adminKubeConfig(), proxy));
    const scan = newScan();
    await expect(new RecordStore(client, silent, { saveMs: 0 }).save(scan, LARGE, OWNER)).rejects.toThrow(
      `saving the record of default/${scan.metadata.name}: not done within 0 s`,
    );
    expect(proxy.seen.other).toEqual([]);
  });
});
