import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NOTEBOOK_INSTANCE } from "../rules/resource.ts";
import type { RecordedFinding } from "./record.ts";
import { type Contents, digestOf, mergeContents, shardContents } from "./shards.ts";

const finding = (n: number, firstSeen = "2026-01-01T00:00:00Z"): RecordedFinding => ({
  rule: "SageMaker-004",
  verdict: "violation",
  arn: `arn:aws:sagemaker:us-east-1:111111111111:notebook-instance/n-${String(n).padStart(6, "0")}`,
  type: NOTEBOOK_INSTANCE,
  account: "111111111111",
  region: "us-east-1",
  name: `n-${n}`,
  reason: "DirectInternetAccessEnabled",
  message: "",
  evidence: { DirectInternetAccess: "Enabled" },
  firstSeen,
});
const contentsOf = (findings: readonly RecordedFinding[]): Contents => ({
  cells: [],
  coverage: [],
  failures: [],
  findings,
});
const fleet = (size: number) => Array.from({ length: size }, (_, n) => finding(n));

describe("shardContents", () => {
  it("keeps what fits in one shard", () => {
    expect(shardContents(contentsOf(fleet(10)))).toHaveLength(1);
    expect(shardContents(contentsOf([]))).toHaveLength(1);
  });

  it("loses and doubles nothing, whatever the bound", () => {
    fc.assert(
      fc.property(fc.nat({ max: 200 }), fc.integer({ min: 500, max: 20_000 }), (size, maxBytes) => {
        const contents = contentsOf(fleet(size));
        const shards = shardContents(contents, maxBytes);
        expect(mergeContents(shards.map((shard) => shard.contents))).toEqual(contents);
      }),
      { numRuns: 30 },
    );
  });

  it("keeps every shard under its bound", () => {
    const shards = shardContents(contentsOf(fleet(2_000)), 50_000);
    expect(shards.length).toBeGreaterThan(1);
    for (const { contents } of shards) expect(JSON.stringify(contents).length).toBeLessThanOrEqual(50_000);
  });

  it("rewrites one shard for one change", () => {
    const before = new Set(shardContents(contentsOf(fleet(2_000)), 50_000).map(({ digest }) => digest));
    const changed = [...fleet(1_999), finding(1_999, "2026-06-01T00:00:00Z")];
    const after = shardContents(contentsOf(changed), 50_000).map(({ digest }) => digest);
    expect(after.filter((digest) => !before.has(digest))).toHaveLength(1);
  });
});

describe("digestOf", () => {
  it("does not depend on the order of keys or on fields that are undefined, since stored objects lose both", () => {
    const contents = contentsOf([{ ...finding(1), lastVerified: undefined }]);
    const stored = JSON.parse(JSON.stringify(contents), (_key, value: unknown) =>
      typeof value === "object" && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).reverse())
        : value,
    ) as Contents;
    expect(digestOf(stored)).toBe(digestOf(contents));
  });

  it("tells any change", () => {
    expect(digestOf(contentsOf([finding(1)]))).not.toBe(
      digestOf(contentsOf([finding(1, "2026-01-02T00:00:00Z")])),
    );
  });
});
