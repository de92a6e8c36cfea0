import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DOMAIN, NOTEBOOK_INSTANCE, type ResourceType } from "../rules/resource.ts";
import type { Finding, ScanEvent } from "../scan/events.ts";
import type { RegionSelection } from "../scan/region-selection.ts";
import { assembleRecord, isCovered, type RunFacts } from "./assemble.ts";
import { ScanFold } from "./fold.ts";
import { findingKey, type ScanRecord } from "./record.ts";
import type { Scope } from "./scope.ts";
import { summarize } from "./summary.ts";

const RULE = "SageMaker-004";
const A = "111111111111";
const B = "222222222222";

function run(id: string, startTime = "2026-01-01T00:00:00Z"): RunFacts {
  return { id, trigger: "Scheduled", generation: 1, scopeDigest: "", startTime, completionTime: startTime };
}

function scan(
  events: readonly ScanEvent[],
  previous?: ScanRecord,
  scope = scopeOf([A]),
  facts = run("1"),
): ScanRecord {
  const fold = new ScanFold(new Set(previous?.findings.map(findingKey)));
  for (const event of events) fold.sink(event);
  return assembleRecord(fold, previous, scope, facts);
}

function scopeOf(ids: readonly (string | undefined)[], regions: RegionSelection = {}): Scope {
  return { accounts: ids.map((id) => ({ id })), regions, rules: [RULE] };
}

const open = (account: string, regions: readonly string[]): ScanEvent => ({
  kind: "account",
  account,
  regions,
});
const listed = (account: string, region: string, type: ResourceType): ScanEvent => ({
  kind: "listed",
  account,
  region,
  type,
  supported: true,
});
const all = (account: string, region: string) => [
  listed(account, region, NOTEBOOK_INSTANCE),
  listed(account, region, DOMAIN),
];
const found = (account: string, region: string, name: string, verdict: Finding["verdict"]): ScanEvent => ({
  kind: "finding",
  finding: {
    rule: RULE,
    verdict,
    arn: `arn:aws:sagemaker:${region}:${account}:notebook-instance/${name}`,
    type: NOTEBOOK_INSTANCE,
    account,
    region,
    name,
    reason: verdict,
    message: "",
    evidence: {},
  },
});
const denied = (account: string, region: string, operation = "ListNotebookInstances"): ScanEvent => ({
  kind: "failure",
  failure: {
    account,
    region,
    operation,
    kind: "denied",
    reason: "AccessDenied",
    code: "AccessDenied",
    message: "no",
  },
});

describe("assembleRecord", () => {
  it("is complete where every list was read to its end", () => {
    const record = scan([open(A, ["r1"]), found(A, "r1", "n", "compliant"), ...all(A, "r1")]);
    expect(record.scan.outcome).toBe("Complete");
    expect(summarize(record)).toMatchObject({ accounts: 1, regions: 1, resources: 1, compliant: 1 });
  });

  it("takes silence for a hole, not for a pass", () => {
    const record = scan([open(A, ["r1", "r2"]), ...all(A, "r1"), listed(A, "r2", DOMAIN)]);
    expect(record.coverage).toContainEqual(expect.objectContaining({ region: "r2", state: "failed" }));
    expect(record.scan.outcome).toBe("Incomplete");
    expect(record.failures).toHaveLength(1);
  });

  it("keeps a violation whose region cannot be listed now, with the time of its last reading", () => {
    const first = scan([open(A, ["r1"]), found(A, "r1", "n", "violation"), ...all(A, "r1")]);
    const second = scan(
      [open(A, ["r1"]), denied(A, "r1")],
      first,
      undefined,
      run("2", "2026-01-02T00:00:00Z"),
    );
    expect(second.findings).toMatchObject([
      { verdict: "violation", firstSeen: "2026-01-01T00:00:00Z", lastVerified: "2026-01-01T00:00:00Z" },
    ]);
    expect(summarize(second)).toMatchObject({ violations: 1, unknown: 0 });
    expect(second.scan.outcome).toBe("Failed");
  });

  it("keeps a violation whose describe fails now, and counts it once", () => {
    const first = scan([open(A, ["r1"]), found(A, "r1", "n", "violation"), ...all(A, "r1")]);
    const second = scan([open(A, ["r1"]), found(A, "r1", "n", "unknown"), ...all(A, "r1")], first);
    expect(summarize(second)).toMatchObject({ resources: 1, violations: 1, unknown: 0 });
  });

  it("counts former passes as unknown where they cannot be verified again", () => {
    const first = scan([open(A, ["r1"]), found(A, "r1", "n", "compliant"), ...all(A, "r1")]);
    const second = scan([denied(A, "", "AssumeRole")], first);
    expect(summarize(second)).toMatchObject({ resources: 1, compliant: 0, unknown: 1 });
    expect(second.scan).toMatchObject({ outcome: "Failed", consecutiveFailures: 1 });
  });

  it("resolves a violation that is read as compliant although the list broke off behind it", () => {
    const first = scan([open(A, ["r1"]), found(A, "r1", "n", "violation"), ...all(A, "r1")]);
    const second = scan([open(A, ["r1"]), found(A, "r1", "n", "compliant"), denied(A, "r1")], first);
    expect(second.findings).toEqual([]);
    expect(summarize(second)).toMatchObject({ compliant: 1, violations: 0 });
  });

  it("resolves a violation whose resource is gone", () => {
    const first = scan([open(A, ["r1"]), found(A, "r1", "n", "violation"), ...all(A, "r1")]);
    const second = scan([open(A, ["r1"]), ...all(A, "r1")], first);
    expect(second.findings).toEqual([]);
  });

  it("drops what is no longer in the spec's scope", () => {
    const first = scan([open(A, ["r1"]), found(A, "r1", "n", "violation"), ...all(A, "r1")]);
    const second = scan([open(B, ["r1"]), ...all(B, "r1")], first, scopeOf([B]));
    expect(second.findings).toEqual([]);
    expect(second.scan.outcome).toBe("Complete");
  });

  it("keeps the violations of a region that the account has closed, and says so", () => {
    const first = scan([
      open(A, ["r1", "r2"]),
      found(A, "r2", "n", "violation"),
      ...all(A, "r1"),
      ...all(A, "r2"),
    ]);
    const second = scan([open(A, ["r1"]), ...all(A, "r1")], first);
    expect(summarize(second).violations).toBe(1);
    expect(second.coverage).toContainEqual(expect.objectContaining({ region: "r2", state: "not-enabled" }));
    expect(second.failures).toMatchObject([{ region: "r2", reason: "RegionNotEnabled" }]);
  });

  it("believes no pass of an account where another account's answer was seen", () => {
    const mismatch: ScanEvent = {
      kind: "failure",
      failure: { ...failureOf(A), reason: "AccountMismatch", code: "AccountMismatch" },
    };
    const record = scan([open(A, ["r1"]), found(A, "r1", "n", "compliant"), ...all(A, "r1"), mismatch]);
    expect(summarize(record)).toMatchObject({ compliant: 0, unknown: 1 });
    expect(record.scan.outcome).not.toBe("Complete");
    const before = scan([open(A, ["r1"]), found(A, "r1", "n", "violation"), ...all(A, "r1")]);
    const events = [open(A, ["r1"]), found(A, "r1", "n", "compliant"), ...all(A, "r1"), mismatch];
    expect(summarize(scan(events, before))).toMatchObject({ resources: 1, violations: 1, unknown: 0 });
  });

  it("keeps passes too where they are asked for, and never one that is not believed", () => {
    const fold = new ScanFold(new Set(), true);
    for (const event of [open(A, ["r1"]), found(A, "r1", "n", "compliant"), ...all(A, "r1")])
      fold.sink(event);
    expect(assembleRecord(fold, undefined, scopeOf([A]), run("1")).findings).toMatchObject([
      { verdict: "compliant" },
    ]);
    fold.sink({
      kind: "failure",
      failure: { ...failureOf(A), reason: "AccountMismatch", code: "AccountMismatch" },
    });
    expect(assembleRecord(fold, undefined, scopeOf([A]), run("1")).findings).toMatchObject([
      { verdict: "unknown" },
    ]);
  });

  it("takes a scope without accounts for a hole", () => {
    const record = scan([{ kind: "scope", accounts: [], complete: true }], undefined, scopeOf([]));
    expect(record.scan.outcome).toBe("Failed");
    expect(record.coverage).toMatchObject([{ account: "", state: "failed" }]);
  });

  it("keeps the names that an organization gave its accounts while it cannot be read", () => {
    const named = { ...scopeOf([]), accounts: [{ id: A, name: "ml-prod" }] };
    const first = scan(
      [open(A, ["r1"]), found(A, "r1", "n", "violation"), ...all(A, "r1")],
      undefined,
      named,
    );
    const second = scan([denied("", "", "ListAccounts")], first, { ...scopeOf([]), openEnded: true });
    expect(second.cells).toMatchObject([{ account: A, accountName: "ml-prod", violations: 1 }]);
  });

  it("is not complete while a known violation could not be read again", () => {
    const first = scan([open(A, ["r1"]), found(A, "r1", "n", "violation"), ...all(A, "r1")]);
    const second = scan([open(A, ["r1"]), found(A, "r1", "n", "unknown"), ...all(A, "r1")], first);
    expect(second.scan.outcome).toBe("Incomplete");
  });

  it("takes no failure for a region without the service, whatever its words", () => {
    const unsupported: ScanEvent = {
      kind: "failure",
      failure: {
        ...failureOf(A),
        region: "r1",
        kind: "unsupported",
        reason: "Unsupported",
        code: "UnknownOperationException",
      },
    };
    const record = scan([open(A, ["r1"]), unsupported, listed(A, "r1", DOMAIN)]);
    expect(record.coverage).toMatchObject([{ region: "r1", state: "failed" }]);
    expect(record.scan.outcome).not.toBe("Complete");
  });

  it("has read something where all that it read were violations", () => {
    const record = scan([
      open(A, ["r1"]),
      found(A, "r1", "n", "violation"),
      listed(A, "r1", NOTEBOOK_INSTANCE),
      denied(A, "r1", "ListDomains"),
    ]);
    expect(record.scan.outcome).toBe("Incomplete");
  });

  it.each<[RegionSelection, number]>([
    [{}, 2],
    [{ exclude: ["r2"] }, 1],
    [{ include: ["r*"], exclude: ["*2"] }, 1],
    [{ include: ["r1"] }, 1],
  ])("keeps of what it knew in r1 and r2 and could not read only what %j selects", (regions, kept) => {
    const first = scan([
      open(A, ["r1", "r2"]),
      found(A, "r1", "n", "violation"),
      found(A, "r2", "m", "violation"),
      ...all(A, "r1"),
      ...all(A, "r2"),
    ]);
    const blind = scan([denied(A, "", "AssumeRole")], first, scopeOf([A], regions));
    expect(summarize(blind)).toMatchObject({ resources: kept, violations: kept });
    expect(blind.findings).toHaveLength(kept);
  });

  it("keeps the age of an exempt violation through a scan that could not read it", () => {
    const first = scan([open(A, ["r1"]), found(A, "r1", "n", "exempt"), ...all(A, "r1")]);
    const blind = scan([denied(A, "", "AssumeRole")], first, undefined, run("2", "2026-01-02T00:00:00Z"));
    expect(summarize(blind)).toMatchObject({ resources: 1, unknown: 1, exempt: 0 });
    const again = scan(
      [open(A, ["r1"]), found(A, "r1", "n", "violation"), ...all(A, "r1")],
      blind,
      undefined,
      run("3", "2026-01-03T00:00:00Z"),
    );
    expect(again.findings[0]?.firstSeen).toBe("2026-01-01T00:00:00Z");
    expect(summarize(again)).toMatchObject({ resources: 1, violations: 1, unknown: 0 });
  });

  it("counts an exempt violation that could not be read beside new resources that take its place", () => {
    const before = scan([open(A, ["r"]), found(A, "r", "x", "exempt"), ...all(A, "r")]);
    const broken = [open(A, ["r"]), found(A, "r", "new", "compliant"), denied(A, "r")];
    const record = scan([...broken, listed(A, "r", DOMAIN)], before);
    expect(record.findings).toMatchObject([{ name: "x", verdict: "unknown" }]);
    expect(summarize(record)).toMatchObject({ compliant: 1, unknown: 1 });
    // Nor twice by the scan after it.
    const again = scan([...broken, listed(A, "r", DOMAIN)], record);
    expect(summarize(again)).toMatchObject({ compliant: 1, unknown: 1 });
  });

  it("ends no scan before it began, and saw nothing in the future, where the clock was set back", () => {
    const events = [open(A, ["r1"]), ...all(A, "r1"), found(A, "r1", "x", "violation")];
    const ahead = scan(events, undefined, scopeOf([A]), run("1", "2026-01-01T02:00:00Z"));
    const during = { ...run("2", "2026-01-01T02:00:00Z"), completionTime: "2026-01-01T01:00:00Z" };
    expect(scan(events, ahead, scopeOf([A]), during).scan).toMatchObject({
      completionTime: "2026-01-01T02:00:00Z",
      lastSuccessTime: "2026-01-01T02:00:00Z",
    });
    const after = scan(events, ahead, scopeOf([A]), run("3", "2026-01-01T01:00:00Z"));
    expect(after.findings).toMatchObject([{ firstSeen: "2026-01-01T01:00:00Z" }]);
  });

  it("keeps firstSeen through exemptions and scans that could not read", () => {
    const first = scan([open(A, ["r1"]), found(A, "r1", "n", "violation"), ...all(A, "r1")]);
    const exempt = scan(
      [open(A, ["r1"]), found(A, "r1", "n", "exempt"), ...all(A, "r1")],
      first,
      undefined,
      run("2", "2026-01-02T00:00:00Z"),
    );
    const again = scan(
      [open(A, ["r1"]), found(A, "r1", "n", "violation"), ...all(A, "r1")],
      exempt,
      undefined,
      run("3", "2026-01-03T00:00:00Z"),
    );
    expect(again.findings[0]?.firstSeen).toBe("2026-01-01T00:00:00Z");
  });
});

/** A world of a few resources, and which of its lists and describes fail. */
const world = fc.record({
  resources: fc.uniqueArray(
    fc.record({
      region: fc.constantFrom("r1", "r2"),
      name: fc.constantFrom("a", "b", "c", "d"),
      violating: fc.boolean(),
      unreadable: fc.boolean(),
    }),
    { selector: ({ region, name }) => `${region}/${name}`, maxLength: 8 },
  ),
  brokenLists: fc.subarray(["r1", "r2"]),
  shut: fc.boolean(),
});

describe("any sequence of scans", () => {
  it("never calls a violation compliant, forgets one unread, counts a resource twice or claims too much", () => {
    fc.assert(
      fc.property(fc.array(world, { minLength: 1, maxLength: 4 }), (worlds) => {
        let previous: ScanRecord | undefined;
        for (const { resources, brokenLists, shut } of worlds) {
          const events: ScanEvent[] = shut ? [denied(A, "", "AssumeRole")] : [open(A, ["r1", "r2"])];
          for (const region of shut ? [] : ["r1", "r2"]) {
            if (brokenLists.includes(region)) {
              events.push(denied(A, region), listed(A, region, DOMAIN));
              continue;
            }
            for (const { name, violating, unreadable } of resources.filter(
              (resource) => resource.region === region,
            )) {
              events.push(
                found(A, region, name, unreadable ? "unknown" : violating ? "violation" : "compliant"),
              );
            }
            events.push(...all(A, region));
          }
          const record = scan(events, previous);
          const { violations, resources: total, compliant, unknown } = summarize(record);
          const readable = (region: string) => !shut && !brokenLists.includes(region);
          const judged = resources.filter(({ region, unreadable }) => readable(region) && !unreadable);
          const passing = judged.filter(({ violating }) => !violating).length;
          expect(compliant).toBe(passing);
          expect(violations).toBeGreaterThanOrEqual(judged.length - passing);
          for (const before of previous?.findings ?? []) {
            if (before.verdict !== "violation" || readable(before.region)) continue;
            expect(record.findings.map(findingKey)).toContain(findingKey(before));
          }
          expect(new Set(record.findings.map(findingKey)).size).toBe(record.findings.length);
          expect(record.findings.filter(({ verdict }) => verdict === "violation")).toHaveLength(violations);
          expect(total).toBe(compliant + violations + unknown);
          const unverified = record.findings.some(({ lastVerified }) => lastVerified !== undefined);
          const whole = record.coverage.every(isCovered) && unknown === 0 && !unverified;
          expect(record.scan.outcome === "Complete").toBe(whole);
          if (shut || brokenLists.length > 0) expect(whole).toBe(false);
          previous = record;
        }
      }),
      { numRuns: 500 },
    );
  });
});

function failureOf(account: string) {
  return { account, region: "", operation: "ListNotebookInstances", kind: "failed" as const, message: "" };
}
