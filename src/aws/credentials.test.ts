import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { renewing, roleSessionName } from "./credentials.ts";

const MINUTE = 60_000;

describe("renewing", () => {
  function rig() {
    let now = 0;
    let asked = 0;
    const provider = renewing(
      async () => {
        asked += 1;
        return { accessKeyId: String(asked), secretAccessKey: "", expiration: new Date(now + 60 * MINUTE) };
      },
      () => now,
    );
    return { provider, asked: () => asked, pass: (ms: number) => (now += ms) };
  }

  it("asks once for all who ask at the same time", async () => {
    const { provider, asked } = rig();
    await Promise.all([provider(), provider(), provider()]);
    expect(asked()).toBe(1);
  });

  it("asks again five minutes before the end", async () => {
    const { provider, asked, pass } = rig();
    await provider();
    pass(54 * MINUTE);
    expect((await provider()).accessKeyId).toBe("1");
    pass(MINUTE);
    expect((await provider()).accessKeyId).toBe("2");
    expect(asked()).toBe(2);
  });

  it("goes on with what is still good where a renewal fails, and no longer than that", async () => {
    let now = 0;
    let fail = false;
    const provider = renewing(
      async () => {
        if (fail) throw new Error("not now");
        return { accessKeyId: "1", secretAccessKey: "", expiration: new Date(60 * MINUTE) };
      },
      () => now,
    );
    await provider();
    fail = true;
    now = 58 * MINUTE;
    expect((await provider()).accessKeyId).toBe("1");
    now = 60 * MINUTE;
    await expect(provider()).rejects.toThrow("not now");
  });

  it("does not ask for every request where sessions are short", async () => {
    let asked = 0;
    const provider = renewing(
      async () => {
        asked += 1;
        return { accessKeyId: "1", secretAccessKey: "", expiration: new Date(2 * MINUTE) };
      },
      () => 0,
    );
    await provider();
    await provider();
    expect(asked).toBe(1);
  });

  it("does not keep a failure", async () => {
    let fail = true;
    const provider = renewing(async () => {
      if (fail) throw new Error("not now");
      return { accessKeyId: "1", secretAccessKey: "" };
    });
    await expect(provider()).rejects.toThrow("not now");
    fail = false;
    expect((await provider()).accessKeyId).toBe("1");
  });
});

describe("roleSessionName", () => {
  it("is one that STS takes, whatever the scan is called", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (name) => {
        expect(roleSessionName(name, "0123456789abcdef")).toMatch(/^[\w+=,.@-]{2,64}$/);
      }),
    );
  });

  it("names the scan and its run", () => {
    expect(roleSessionName("ml-platform", "0123456789abcdef")).toBe("awsscan-ml-platform-0123456789abcdef");
  });
});
