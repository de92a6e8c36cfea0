import { describe, expect, it } from "vitest";
import { Share } from "./share.ts";

describe("a share", () => {
  it("is the smaller the more take part, between its bounds", async () => {
    const share = new Share({ total: 100, least: 10, most: 60 });
    const parts: number[] = [];
    const nest = (depth: number): Promise<void> =>
      share.during(async () => {
        parts.push(share.part);
        if (depth > 1) await nest(depth - 1);
      });
    await nest(4);
    expect(parts).toEqual([60, 50, 33, 25]);
    await nest(20);
    expect(parts.at(-1)).toBe(10);
    expect(share.part).toBe(60);
  });

  it("grows again where work fails", async () => {
    const share = new Share({ total: 10, least: 1, most: 10 });
    const failing = share.during(() => Promise.reject(new Error("no")));
    await expect(failing).rejects.toThrow("no");
    expect(share.part).toBe(10);
  });
});
