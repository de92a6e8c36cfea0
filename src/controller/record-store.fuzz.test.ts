/** Reports read back from the cluster: whatever has become of them, none is taken for another record. */
import { text } from "node:stream/consumers";
import fc from "fast-check";
import { pino } from "pino";
import { expect, it } from "vitest";
import { fuzz } from "../../test/support/fuzz.ts";
import { damagedJson, type Json } from "../../test/support/mutations.ts";
import { RECORD } from "../../test/support/scan-result.ts";
import { startScriptedKube } from "../../test/support/scripted-kube.ts";
import { stored, storedSchema } from "../../test/support/stored.ts";
import type { AwsAccountScan } from "../api/generated/awsaccountscan.ts";
import type { ScanRecord } from "../report/record.ts";
import { summarize } from "../report/summary.ts";
import { type Loaded, RecordStore } from "./record-store.ts";

const SCAN = {
  metadata: { namespace: "team", name: "scan", uid: "u-1", generation: 1 },
  spec: {},
} as AwsAccountScan;
const kube = await startScriptedKube();
const store = () => new RecordStore(kube.client, pino({ level: "silent" }));

/** So many findings that they lie in several shards. */
const LARGE: ScanRecord = {
  ...RECORD,
  findings: RECORD.findings.flatMap((finding) =>
    Array.from({ length: 100 }, (_, n) => ({
      ...finding,
      arn: `${finding.arn}-${n}`,
      message: "m".repeat(500),
    })),
  ),
};

type Objects = ReadonlyMap<string, Json>;

/** The objects that the cluster has after a save, by name. */
async function objectsOf(record: ScanRecord): Promise<Objects> {
  const objects = new Map<string, Json>();
  kube.use(async (request, response) => {
    const object = JSON.parse((await text(request)) || "{}") as { metadata?: { name: string } };
    if (object.metadata !== undefined) objects.set(object.metadata.name, object as Json);
    const isObject = request.method === "GET" && !/reports(\?|$)/.test(request.url ?? "");
    const metadata = { ...object.metadata, resourceVersion: "1" };
    response.writeHead(isObject ? 404 : 200).end(JSON.stringify({ ...object, metadata, items: [] }));
  });
  await store().save(SCAN, record, { identity: "a", epoch: 1 });
  return objects;
}

/** What is loaded where the cluster has `objects`. */
async function load(objects: Objects): Promise<Loaded> {
  kube.use(({ url = "" }, response) => {
    const object = objects.get(url.replace(/^.*\//, ""));
    response.writeHead(object === undefined ? 404 : 200).end(JSON.stringify(object ?? {}));
  });
  return store().load(SCAN);
}

const SCHEMA = await storedSchema("awsaccountscanreports");

/** One object of them was changed, into what its schema allows, or removed. */
function damagedOf(objects: Objects): fc.Arbitrary<Objects> {
  return fc.constantFrom(...objects).chain(([name, object]) =>
    fc.oneof(
      {
        weight: 9,
        arbitrary: damagedJson(object)
          .map((changed) => stored(changed, SCHEMA))
          .filter((changed) => changed !== undefined)
          .map((changed) => new Map([...objects, [name, changed]])),
      },
      { weight: 1, arbitrary: fc.constant(new Map([...objects].filter(([other]) => other !== name))) },
    ),
  );
}

const SMALL_OBJECTS = await objectsOf(RECORD);
const LARGE_OBJECTS = await objectsOf(LARGE);

for (const [size, objects, runs] of [
  ["small", SMALL_OBJECTS, 150],
  ["large", LARGE_OBJECTS, 8],
] as const) {
  const whole = await load(objects);
  if (whole.kind !== "found") throw new Error("what was saved is not found");

  it(`a ${size} record that nobody touched is found whole`, () => {
    expect(objects.size > 1).toBe(size === "large");
    expect(whole.record.findings).toHaveLength((size === "large" ? LARGE : RECORD).findings.length);
  });

  fuzz(
    `a ${size} record of which something was changed is damaged, gone or what it was`,
    runs,
    damagedOf(objects),
    async (changed) => {
      const loaded = await load(changed);
      // The owner, which the API server keeps from falling, is none of the record's.
      if (loaded.kind === "found") expect({ ...loaded, owner: whole.owner }).toEqual(whole);
      // What remains goes into the next scan's record.
      else if (loaded.kind === "damaged") JSON.stringify(summarize(loaded.remains));
    },
  );
}
