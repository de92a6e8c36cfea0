import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { roleSessionName } from "./credentials.ts";

describe("roleSessionName", () => {
  it("is one that STS takes, whatever the scan is called", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (name) => {
        expect(roleSessionName("team-ml", name)).toMatch(/^[\w+=,.@-]{2,64}$/);
      }),
    );
  });

  it("names the scan", () => {
    expect(roleSessionName("team-ml", "ml-platform")).toBe("awsscan-team-ml.ml-platform");
  });
});
