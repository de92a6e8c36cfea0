import { describe, expect, it } from "vitest";
import { DescriptionCache } from "./descriptions.ts";

const ACCOUNT = "111111111111";
const arnOf = (name: string) =>
  `arn:aws:sagemaker:us-east-1:${ACCOUNT}:notebook-instance/${name.toLowerCase()}`;
const version = { createdAt: 1, modifiedAt: 2 };
const description = { ...version, value: "Disabled", observedAt: 3 };

function rig({ maxBytes = 2 ** 20 } = {}) {
  let now = 0;
  const cache = new DescriptionCache({ maxBytes, now: () => now });
  const shelf = (identity = "role") => cache.shelf(identity, ACCOUNT, "us-east-1");
  return { cache, shelf, pass: (ms: number) => (now += ms) };
}

describe("a description", () => {
  it.each([
    ["of the same version", version, arnOf("A"), true],
    ["of an instance that was made anew", { ...version, createdAt: 9 }, arnOf("A"), false],
    ["of an instance that was changed", { ...version, modifiedAt: 9 }, arnOf("A"), false],
    ["of another ARN", version, arnOf("b"), false],
  ])("%s is used or not", (_, asked, arn, isUsed) => {
    const shelf = rig().shelf();
    shelf.set("A", arnOf("A"), description, shelf.beginListing());
    const known = shelf.get("A", arn, asked, shelf.beginListing());
    expect(known?.value).toBe(isUsed ? "Disabled" : undefined);
  });

  it("is no other identity's", () => {
    const { shelf } = rig();
    shelf("role").set("a", arnOf("a"), description, 1);
    expect(shelf("another role").get("a", arnOf("a"), version, 1)).toBeUndefined();
    expect(shelf("role").get("a", arnOf("a"), version, 1)).toBeDefined();
  });

  it("goes with its instance, when a whole list does not name it", () => {
    const { cache, shelf } = rig();
    const first = shelf().beginListing();
    for (const name of ["a", "b"]) shelf().set(name, arnOf(name), description, first);
    const before = cache.bytes;
    const second = shelf().beginListing();
    shelf().get("a", arnOf("a"), version, second);
    shelf().endListing(second);
    expect(shelf().get("b", arnOf("b"), version, second)).toBeUndefined();
    expect(cache.bytes).toBe(before / 2);
  });
});

describe("a full cache", () => {
  it("keeps what it has, and takes more once something went", () => {
    const { cache, shelf } = rig({ maxBytes: 250 });
    const listing = shelf().beginListing();
    for (const name of ["a", "b", "c"]) shelf().set(name, arnOf(name), description, listing);
    expect(cache.bytes).toBeLessThanOrEqual(250);
    const kept = ["a", "b", "c"].map(
      (name) => shelf().get(name, arnOf(name), version, listing) !== undefined,
    );
    expect(kept).toEqual([true, true, false]);
    const next = shelf().beginListing();
    shelf().get("a", arnOf("a"), version, next);
    shelf().endListing(next);
    shelf().set("c", arnOf("c"), description, next);
    expect(shelf().get("c", arnOf("c"), version, next)).toBeDefined();
  });

  it("forgets places that no scan has asked for in a day", () => {
    const { cache, shelf, pass } = rig();
    shelf("gone").set("a", arnOf("a"), description, 1);
    pass(24 * 3_600_000);
    shelf("kept");
    expect(cache.bytes).toBeGreaterThan(0);
    pass(2 * 3_600_000);
    shelf("kept");
    expect(cache.bytes).toBe(0);
  });
});
