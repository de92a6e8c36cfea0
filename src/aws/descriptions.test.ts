import { describe, expect, it } from "vitest";
import { DescriptionCache } from "./descriptions.ts";

const ACCOUNT = "111111111111";
const version = { createdAt: 1, modifiedAt: 2 };
const description = { ...version, value: "Disabled", observedAt: 3, observedBy: "arn:first" };

function rig({ maxBytes = 2 ** 20 } = {}) {
  let now = 0;
  const cache = new DescriptionCache({ maxBytes, now: () => now });
  const shelf = (identity = "role", account = ACCOUNT, type = "instance") =>
    cache.shelf({ identity, account, region: "us-east-1", type });
  return { cache, shelf, pass: (ms: number) => (now += ms) };
}

/** Room for so many one-letter keys on one shelf, and a little. */
function roomFor(entries: number): number {
  const { cache, shelf } = rig();
  for (let at = 0; at < entries; at++) shelf().keep(String.fromCharCode(97 + at), description, 1);
  return cache.bytes + 50;
}

describe("a description", () => {
  it.each([
    ["of the same version", version, description],
    ["of an instance that was made anew", { ...version, createdAt: 9 }, undefined],
    ["of an instance that was changed", { ...version, modifiedAt: 9 }, undefined],
  ])("%s is found or not", (_, asked, found) => {
    const shelf = rig().shelf();
    shelf.keep("a", description, shelf.beginListing());
    expect(shelf.find("a", asked, shelf.beginListing())).toEqual(found);
  });

  it("is no other identity's, account's or type's", () => {
    const { shelf } = rig();
    shelf().keep("a", description, 1);
    expect(shelf().find("a", version, 1)).toEqual(description);
    expect(shelf("another role").find("a", version, 1)).toBeUndefined();
    expect(shelf("role", "222222222222").find("a", version, 1)).toBeUndefined();
    expect(shelf("role", ACCOUNT, "domain").find("a", version, 1)).toBeUndefined();
  });

  it("counts as asked for, whether it is there or not, on whatever shelf", () => {
    const { cache, shelf } = rig();
    shelf().find("a", version, 1);
    shelf().keep("a", description, 1);
    shelf().find("a", version, 1);
    shelf().find("a", { ...version, modifiedAt: 9 }, 1);
    shelf("another role").find("a", version, 1);
    expect([cache.hits, cache.misses]).toEqual([1, 3]);
  });

  it("tells who asked, whoever is told", () => {
    const { shelf } = rig();
    shelf().keep("a", description, 1);
    shelf().keep("b", { ...description, observedBy: "arn:second" }, 1);
    expect(shelf().find("a", version, 1)?.observedBy).toBe("arn:first");
    expect(shelf().find("b", version, 1)?.observedBy).toBe("arn:second");
  });

  it("goes with its instance, when a whole list does not name it", () => {
    const { cache, shelf: shelves } = rig();
    const shelf = shelves();
    const first = shelf.beginListing();
    for (const name of ["a", "b"]) shelf.keep(name, description, first);
    const before = cache.bytes;
    const second = shelf.beginListing();
    shelf.find("a", version, second);
    shelf.endListing(second);
    expect(shelf.find("b", version, second)).toBeUndefined();
    expect(shelf.find("a", version, second)).toBeDefined();
    expect(cache.bytes).toBeLessThan(before);
  });

  it("goes with all of its account, and scans under way add none", () => {
    const { cache, shelf } = rig();
    const [held, other] = [shelf(), shelf("role", "222222222222")];
    held.keep("a", description, 1);
    other.keep("a", description, 1);
    cache.forgetAccount(ACCOUNT);
    held.keep("b", description, 1);
    expect(shelf().find("a", version, 1)).toBeUndefined();
    expect(held.find("b", version, 1)).toBeUndefined();
    expect(other.find("a", version, 1)).toBeDefined();
    cache.forgetAccount("222222222222");
    expect(cache.bytes).toBe(0);
  });
});

describe("a full cache", () => {
  it("keeps what it has, and takes more once something went", () => {
    const { cache, shelf: shelves } = rig({ maxBytes: roomFor(2) });
    const shelf = shelves();
    const listing = shelf.beginListing();
    for (const name of ["a", "b", "c"]) shelf.keep(name, description, listing);
    expect(cache.bytes).toBeLessThanOrEqual(roomFor(2));
    const kept = ["a", "b", "c"].filter((name) => shelf.find(name, version, listing) !== undefined);
    expect(kept).toEqual(["a", "b"]);
    const next = shelf.beginListing();
    shelf.find("a", version, next);
    shelf.endListing(next);
    shelf.keep("c", description, next);
    expect(shelf.find("c", version, next)).toBeDefined();
  });

  it("makes room of what no scan has asked for in a day", () => {
    const { shelf, pass } = rig({ maxBytes: roomFor(2) });
    shelf("gone").keep("a", description, 1);
    pass(24 * 3_600_000);
    shelf().keep("a", description, 1);
    expect(shelf().find("a", version, 1)).toBeUndefined();
    pass(2 * 3_600_000);
    shelf().keep("a", description, 1);
    expect(shelf().find("a", version, 1)).toBeDefined();
    expect(shelf("gone").find("a", version, 1)).toBeUndefined();
  });

  it("spends nothing on places where there is nothing", () => {
    const { cache, shelf } = rig();
    for (let at = 0; at < 1_000; at++) {
      const empty = shelf("role", String(at));
      empty.endListing(empty.beginListing());
    }
    expect(cache.bytes).toBe(0);
  });
});
