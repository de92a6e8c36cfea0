import { describe, expect, it } from "vitest";
import type { AwsAccountScan } from "../../api/generated/awsaccountscan.ts";
import { doubtOf, haltOf } from "./doubt.ts";

const START = Date.parse("2026-01-01T00:00:00Z");
const HOUR = 3_600_000;

interface Told {
  readonly spec?: AwsAccountScan["spec"];
  readonly conditions?: Readonly<Record<string, { status: "True" | "False" | "Unknown"; reason?: string }>>;
  readonly observedGeneration?: number;
  readonly nextScanTime?: string | undefined;
  readonly never?: boolean;
}

function scan(told: Told = {}): AwsAccountScan {
  const claims = {
    Ready: { status: "True" },
    Complete: { status: "True" },
    Compliant: { status: "True" },
    ...told.conditions,
  };
  return {
    apiVersion: "awsaccountscan.dev/v1alpha1",
    kind: "AwsAccountScan",
    metadata: { name: "s", namespace: "n", uid: "u", generation: 2 },
    spec: told.spec ?? { interval: "1h" },
    status: {
      observedGeneration: told.observedGeneration ?? 2,
      conditions: Object.entries(claims).map(([type, claim]) => ({
        type,
        reason: "X",
        message: "m",
        lastTransitionTime: "2026-01-01T00:00:00Z",
        ...claim,
      })),
      ...(told.never !== true && {
        lastScan: {
          id: "a",
          trigger: "Scheduled",
          startTime: "2026-01-01T00:00:00Z",
          completionTime: "2026-01-01T00:00:10Z",
          outcome: "Complete",
        },
      }),
      ...(told.nextScanTime !== undefined && { nextScanTime: told.nextScanTime }),
    },
  } as AwsAccountScan;
}

const reasonOf = (told: Told, now = START + HOUR / 2) => doubtOf(scan(told), now)?.reason;

describe("doubtOf", () => {
  it("doubts nothing of a fresh result, be it of violations or incomplete", () => {
    expect(reasonOf({})).toBeUndefined();
    expect(
      reasonOf({ conditions: { Compliant: { status: "False" }, Complete: { status: "False" } } }),
    ).toBeUndefined();
  });

  it.each([
    ["a scan that has never ended", { never: true }, "NoResult"],
    ["a spec that was changed since", { observedGeneration: 1 }, "SpecChanged"],
    ["what is not Ready", { conditions: { Ready: { status: "False", reason: "Stalled" } } }, "Stalled"],
    [
      "what the operator calls stale",
      { conditions: { Complete: { status: "Unknown", reason: "Stale" } } },
      "Stale",
    ],
    [
      "an exemption that the operator saw ending",
      { conditions: { Compliant: { status: "Unknown", reason: "ExemptionExpired" } } },
      "ExemptionExpired",
    ],
  ] as const)("doubts %s", (_what, told, reason) => {
    expect(reasonOf(told)).toBe(reason);
  });

  it("doubts by itself what an operator that is gone does not: age, of suspended scans too", () => {
    expect(reasonOf({}, START + 10 * HOUR)).toBe("Stale");
    expect(reasonOf({ spec: { interval: "1h", suspend: true } }, START + 10 * HOUR)).toBe("Stale");
    expect(reasonOf({ spec: { interval: "24h" } }, START + 10 * HOUR)).toBeUndefined();
  });

  it("takes the operator's default interval from when it means to scan next", () => {
    const told = { spec: {}, nextScanTime: "2026-01-02T00:00:00Z" };
    expect(reasonOf(told, START + 10 * HOUR)).toBeUndefined();
    expect(reasonOf(told, START + 80 * HOUR)).toBe("Stale");
    expect(reasonOf({ spec: {} }, START + 10 * HOUR)).toBe("Stale");
  });

  it("doubts by itself an exemption that has ended", () => {
    const exemptions = [
      { name: "e", reason: "r", expiresAt: "2026-01-01T00:20:00Z", match: { names: ["x"] } },
    ];
    expect(reasonOf({ spec: { interval: "1h", exemptions } })).toBe("ExemptionExpired");
    expect(reasonOf({ spec: { interval: "1h", exemptions } }, START + HOUR / 6)).toBeUndefined();
  });
});

describe("haltOf", () => {
  it("tells what keeps scans from running, before all that is old about the last result", () => {
    const stalled = { Stalled: { status: "True", reason: "UnknownRule" } } as const;
    expect(haltOf(scan({ conditions: stalled, never: true }))).toEqual({
      reason: "Stalled",
      message: "UnknownRule: m",
    });
    const suspended = {
      spec: { suspend: true },
      conditions: { Ready: { status: "True", reason: "Suspended" } },
    };
    expect(haltOf(scan(suspended as Told))).toEqual({ reason: "Suspended", message: "m" });
    expect(haltOf(scan({ spec: { suspend: true } }))?.message).toBe("spec.suspend is true.");
    expect(haltOf(scan({}))).toBeUndefined();
  });
});
