import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ownerOf } from "./ring.ts";

const uids = Array.from(
  { length: 300 },
  (_, at) => `0f1b9b13-0000-4000-8000-${String(at).padStart(12, "0")}`,
);
const members = fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 10 });

describe("the owner of a scan", () => {
  it("is one of the members, and the same in whatever order they are known", () => {
    fc.assert(
      fc.property(members, fc.nat(), (all, turn) => {
        const other = [...all.slice(turn % all.length), ...all.slice(0, turn % all.length)].reverse();
        for (const uid of uids.slice(0, 50)) {
          expect(all).toContain(ownerOf(all, uid));
          expect(ownerOf(other, uid)).toBe(ownerOf(all, uid));
        }
      }),
    );
  });

  it("changes only to a member that comes, and only from one that goes", () => {
    fc.assert(
      fc.property(members, fc.string({ minLength: 1 }), (all, newcomer) => {
        fc.pre(!all.includes(newcomer));
        for (const uid of uids.slice(0, 50)) {
          const before = ownerOf(all, uid);
          expect([before, newcomer]).toContain(ownerOf([...all, newcomer], uid));
        }
      }),
    );
  });

  it("is each member about as often", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.uuid(), { minLength: 2, maxLength: 5 }), (ids) => {
        const all = ids.map((id) => `aws-account-scan-operator-7d9c5b6f4-x2x_${id}`);
        for (const member of all) {
          const share = uids.filter((uid) => ownerOf(all, uid) === member).length;
          const fair = uids.length / all.length;
          // Six standard deviations of a fair die.
          expect(Math.abs(share - fair)).toBeLessThan(6 * Math.sqrt(fair * (1 - 1 / all.length)));
        }
      }),
      { numRuns: 30 },
    );
  });

  it("is nobody where there is nobody, and does not change from one release to the next", () => {
    expect(ownerOf([], "uid")).toBeUndefined();
    // Replicas of two versions share scans while one replaces the other.
    expect(["1", "2", "3", "4", "5", "6"].map((uid) => ownerOf(["a", "b", "c"], uid)).join("")).toBe(
      "bbcbcb",
    );
  });
});
