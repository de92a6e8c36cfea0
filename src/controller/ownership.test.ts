import { describe, expect, it } from "vitest";
import { isSuperseded, ownerAfter } from "./ownership.ts";

describe("the owner of a scan", () => {
  it("follows all that were seen, on whichever object", () => {
    const seen = [{ identity: "a", epoch: 3 }, undefined, { identity: "b", epoch: 7 }];
    expect(ownerAfter("me", seen)).toEqual({ identity: "me", epoch: 8 });
    expect(ownerAfter("me", [undefined])).toEqual({ identity: "me", epoch: 1 });
  });

  it("is superseded by another of its own epoch or a later one, never by one before it or by itself", () => {
    const me = { identity: "me", epoch: 4 };
    const other = (epoch: number) => ({ identity: "other", epoch });
    expect([3, 4, 5].map((epoch) => isSuperseded(me, other(epoch)))).toEqual([false, true, true]);
    expect(isSuperseded(me, me)).toBe(false);
    expect(isSuperseded(me, undefined)).toBe(false);
  });
});
