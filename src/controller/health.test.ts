import { describe, expect, it } from "vitest";
import { IDLE_TIMEOUT_MS, REQUEST_TIMEOUT_MS } from "../kube/client.ts";
import { contactFailure, HEALTH_BOUNDS, informerFailure, poolFailure, restoreFailure } from "./health.ts";
import { type InformerState, LONGEST_SILENCE_MS } from "./informer/informer.ts";
import { EXPORT_MS } from "./open-reports.ts";
import type { PoolState } from "./queue/worker-pool.ts";
import { SAVE_MS } from "./record-store.ts";

const MINUTE = 60_000;
const idle: PoolState = { workers: 4, alive: 4, running: [], ignoredMs: 0 };
const pool = (changes: Partial<PoolState>) =>
  poolFailure("reconcile", { ...idle, ...changes }, () => 5 * MINUTE, MINUTE);

describe("a pool", () => {
  it.each<[string, Partial<PoolState>, string | undefined]>([
    ["that has nothing to do is well", {}, undefined],
    [
      "that works for as long as it may is well",
      { running: [{ key: "team/x", runningMs: 5 * MINUTE }] },
      undefined,
    ],
    [
      "that works for longer is wedged",
      { running: [{ key: "team/x", runningMs: 432_000 }] },
      "reconcile of team/x has run for 7m12s",
    ],
    [
      "that works on several for longer names the longest",
      {
        running: [
          { key: "team/x", runningMs: 432_000 },
          { key: "team/y", runningMs: 6 * MINUTE },
          { key: "team/z", runningMs: MINUTE },
        ],
      },
      "reconcile of team/x has run for 7m12s, and 1 more",
    ],
    ["with a worker less is not whole", { alive: 3 }, "1 of 4 workers have ended"],
    ["that has just not taken a key is well", { ignoredMs: MINUTE }, undefined],
    [
      "that takes no key although it could is wedged",
      { ignoredMs: 2 * MINUTE },
      "keys have waited for 2m although a worker is free",
    ],
  ])("%s", (_, changes, failure) => {
    expect(pool(changes)).toBe(failure);
  });

  it("is judged by the bound of each key", () => {
    const running = [
      { key: "team/long", runningMs: 50 * MINUTE },
      { key: "team/short", runningMs: 7 * MINUTE },
    ];
    const bound = (key: string) => (key === "team/long" ? 60 * MINUTE : 6 * MINUTE);
    expect(poolFailure("scan", { ...idle, running }, bound, MINUTE)).toBe(
      "scan of team/short has run for 7m",
    );
  });
});

describe("informers", () => {
  const well: InformerState = {
    what: "awsaccountscans in a",
    running: true,
    silentMs: 0,
    unheardMs: 0,
    lastFailure: undefined,
  };
  const other = { ...well, what: "awsaccountscans in b" };

  it.each<[string, Partial<InformerState>, string | undefined]>([
    ["that go on are well", {}, undefined],
    ["that try in vain are well", { unheardMs: 24 * 60 * MINUTE }, undefined],
    [
      "of which one has ended are not",
      { running: false },
      "the informer of awsaccountscans in b does not run",
    ],
    ["of which one is silent as long as it may are well", { silentMs: 10 * MINUTE }, undefined],
    [
      "of which one does nothing are not",
      { silentMs: 11 * MINUTE },
      "the informer of awsaccountscans in b has attempted nothing for 11m",
    ],
  ])("%s", (_, changes, failure) => {
    expect(informerFailure([well, { ...other, ...changes }], 10 * MINUTE)).toBe(failure);
  });

  it("leave a stale cache where one has not heard of the API server for too long", () => {
    expect(contactFailure([well, { ...other, unheardMs: 5 * MINUTE }], 5 * MINUTE)).toBeUndefined();
    expect(contactFailure([well, { ...other, unheardMs: 6 * MINUTE }], 5 * MINUTE)).toBe(
      "nothing was heard of awsaccountscans in b for 6m: the cache is stale",
    );
  });

  it("tell what the API server answers instead", () => {
    const refused = { ...other, unheardMs: 6 * MINUTE, lastFailure: "list scans: 403 Forbidden: no" };
    expect(contactFailure([well, refused], 5 * MINUTE)).toBe(
      "nothing was heard of awsaccountscans in b for 6m: the cache is stale; it last failed with: list scans: 403 Forbidden: no",
    );
  });
});

it.each<[boolean, string[], string | undefined]>([
  [false, [], "the scans have not been listed yet"],
  [true, ["team/x"], "the record of team/x has not been looked for yet"],
  [true, ["team/x", "team/y", "team/z"], "the record of team/x and 2 more has not been looked for yet"],
  [true, [], undefined],
])("scans are restored once they are listed (%s) and none is left (%j)", (synced, unrestored, failure) => {
  expect(restoreFailure(synced, unrestored)).toBe(failure);
});

describe("the operator's bounds", () => {
  it("lie beyond what the deadlines in the code add up to", () => {
    // Load: an index, then its shards at once. A shard that is in the way: create, get, delete, create. Two statuses.
    expect(HEALTH_BOUNDS.reconcileMs).toBeGreaterThan(SAVE_MS + (2 + 4 + 2) * REQUEST_TIMEOUT_MS);
    expect(HEALTH_BOUNDS.exportMs).toBeGreaterThan(EXPORT_MS + REQUEST_TIMEOUT_MS);
    expect(HEALTH_BOUNDS.informerSilenceMs).toBeGreaterThan(LONGEST_SILENCE_MS + REQUEST_TIMEOUT_MS);
    // Silent until given up, the longest backoff, and a request to open it anew.
    expect(HEALTH_BOUNDS.unheardMs).toBeGreaterThan(IDLE_TIMEOUT_MS + 30_000 + REQUEST_TIMEOUT_MS);
  });
});
