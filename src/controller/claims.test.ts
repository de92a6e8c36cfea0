import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fluxFailures } from "../../test/support/flux-consistency.ts";
import { CONDITION_REASONS } from "../api/reasons.ts";
import type { CoverageState, Outcome, ScanRecord } from "../report/record.ts";
import { NOTEBOOK_INSTANCE } from "../rules/resource.ts";
import type { ClaimInput } from "./claims.ts";
import { verdictDoubtOf } from "./doubt.ts";
import { projectStatus } from "./status.ts";

const record = (changes: {
  generation: number;
  outcome: Outcome;
  state: CoverageState | "none";
  exempt: number;
  violations: number;
  unknown: number;
  scopeDigest: string;
  reasons: readonly string[];
}): ScanRecord => ({
  scan: {
    id: "1",
    trigger: "Scheduled",
    generation: changes.generation,
    scopeDigest: changes.scopeDigest,
    startTime: "2026-01-01T00:00:00Z",
    completionTime: "2026-01-01T00:01:00Z",
    outcome: changes.outcome,
    consecutiveFailures: changes.outcome === "Failed" ? 1 : 0,
  },
  coverage: changes.state === "none" ? [] : [{ account: "1", region: "r", state: changes.state }],
  cells: [
    {
      account: "1",
      region: "r",
      type: NOTEBOOK_INSTANCE,
      rule: "SageMaker-004",
      compliant: 1,
      exempt: changes.exempt,
      violations: changes.violations,
      unknown: changes.unknown,
    },
  ],
  failures: changes.reasons.map((reason) => ({
    account: "1",
    region: "r",
    operation: "ListDomains",
    reason,
    code: reason,
    message: "x",
    count: 1,
  })),
  findings: [],
});

const records = fc.record({
  generation: fc.constantFrom(1, 2),
  outcome: fc.constantFrom<Outcome>("Complete", "Incomplete", "Failed"),
  state: fc.constantFrom<CoverageState | "none">("covered", "denied", "timed-out", "unsupported", "none"),
  violations: fc.constantFrom(0, 3),
  exempt: fc.constantFrom(0, 1),
  unknown: fc.constantFrom(0, 2),
  scopeDigest: fc.constantFrom("new", "old"),
  // The last one is of another version.
  reasons: fc.uniqueArray(fc.constantFrom("AccessDenied", "RoleNotAllowed", "OfTomorrow"), { maxLength: 2 }),
});

const inputs: fc.Arbitrary<ClaimInput> = fc.record({
  generation: fc.constant(2),
  scopeDigest: fc.constant("new"),
  suspended: fc.boolean(),
  stalled: fc.option(fc.constant({ reason: "InvalidSchedule" as const, message: "x" }), { nil: undefined }),
  record: fc.oneof(fc.constant("none" as const), fc.constant("missing" as const), records.map(record)),
  unwritten: fc.option(fc.constant("no"), { nil: undefined }),
  stale: fc.boolean(),
  exemptionExpired: fc.boolean(),
  violationsBefore: fc.boolean(),
});

const project = (input: ClaimInput) =>
  projectStatus({ ...input, before: undefined, job: undefined, nextScanAt: undefined, now: new Date(0) });

describe("conditions", () => {
  it("keep Flux's consistency rules in every situation", () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const { observedGeneration = 0, conditions = [] } = project(input);
        expect(fluxFailures({ generation: input.generation, observedGeneration, conditions })).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });

  it("claim compliance only where everything in today's scope was read lately and nothing violates", () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const compliant = project(input).conditions?.find(({ type }) => type === "Compliant");
        const known = typeof input.record === "object" ? input.record : undefined;
        const [cell] = known?.cells ?? [];
        const proven =
          known !== undefined &&
          cell?.violations === 0 &&
          cell.unknown === 0 &&
          (known.coverage[0]?.state === "covered" || known.coverage[0]?.state === "unsupported") &&
          known.scan.scopeDigest === "new" &&
          input.unwritten === undefined &&
          !(input.exemptionExpired && cell.exempt > 0) &&
          !input.stale;
        expect(compliant?.status === "True").toBe(proven);
        if ((cell?.violations ?? 0) > 0) expect(compliant?.status).toBe("False");
      }),
      { numRuns: 1_000 },
    );
  });

  it("leave no compliance beside a doubt, and name it where no violation speaks louder", () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const doubt = verdictDoubtOf(input);
        const compliant = project(input).conditions?.find(({ type }) => type === "Compliant");
        if (compliant?.status === "True") expect(doubt).toBeUndefined();
        if (compliant?.status === "Unknown" && doubt !== undefined) expect(compliant).toMatchObject(doubt);
      }),
      { numRuns: 1_000 },
    );
  });

  it("make a status that reads back from the API server as it was written, so that it is not written again", () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const status = project(input);
        expect(isDeepStrictEqual(JSON.parse(JSON.stringify(status)), status)).toBe(true);
      }),
    );
  });

  it("have no reason that is not in the catalogue, whatever a stored record holds", () => {
    fc.assert(
      fc.property(inputs, (input) => {
        for (const { type, reason } of project(input).conditions ?? []) {
          const known = Object.entries(CONDITION_REASONS).flatMap(([of, reasons]) =>
            of === type ? reasons : [],
          );
          expect(known, type).toContain(reason);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it("keep the time of their last change", () => {
    const input: ClaimInput = {
      generation: 1,
      scopeDigest: "",
      suspended: false,
      stalled: undefined,
      record: "none",
      unwritten: undefined,
      stale: false,
      exemptionExpired: false,
      violationsBefore: false,
    };
    const first = project(input);
    const later = projectStatus({
      ...input,
      before: first,
      job: undefined,
      nextScanAt: undefined,
      now: new Date(60_000),
    });
    expect(later).toEqual(first);
  });
});
