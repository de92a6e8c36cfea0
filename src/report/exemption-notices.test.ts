import { describe, expect, it } from "vitest";
import { NOTEBOOK_INSTANCE } from "../rules/resource.ts";
import { exemptionNotices } from "./exemption-notices.ts";
import type { RecordedFinding, ScanRecord } from "./record.ts";

const END = "2026-03-10T12:00:00Z";
const place = {
  account: "111111111111",
  region: "us-east-1",
  type: NOTEBOOK_INSTANCE,
  rule: "SageMaker-004",
} as const;

interface Scanned {
  readonly at: string;
  /** Names of resources by verdict; `exempt` ones under the exemption that tests speak of. */
  readonly exempt?: readonly string[];
  readonly violation?: readonly string[];
  readonly unread?: boolean;
  readonly untagged?: boolean;
  readonly digest?: string;
}

function record({ at, exempt = [], violation = [], unread, untagged, digest = "d" }: Scanned): ScanRecord {
  const finding = (name: string, verdict: RecordedFinding["verdict"]): RecordedFinding => ({
    ...place,
    verdict,
    name,
    arn: name,
    reason: "",
    message: "",
    evidence: {},
    ...(verdict === "exempt" && { exemption: "vendor" }),
  });
  const failure = { ...place, reason: "AccessDenied", code: "AccessDenied", message: "no", count: 1 };
  return {
    scan: {
      id: "s",
      trigger: "Scheduled",
      generation: 1,
      scopeDigest: digest,
      startTime: at,
      completionTime: at,
      outcome: unread ? "Incomplete" : "Complete",
      consecutiveFailures: 0,
    },
    cells: [],
    coverage: [{ ...place, state: unread ? "denied" : "covered" }],
    failures: [
      ...(unread ? [{ ...failure, operation: "ListDomains" }] : []),
      ...(untagged ? [{ ...failure, operation: "ListTags" }] : []),
    ],
    findings: [
      ...exempt.map((name) => finding(name, "exempt")),
      ...violation.map((name) => finding(name, "violation")),
    ],
  };
}

const vendor = { name: "vendor", reason: "SEC-812", expiresAt: END };

function told(previous: Scanned | undefined, next: Scanned, exemption: typeof vendor | object = vendor) {
  const terms = { name: "vendor", reason: "SEC-812", ...exemption };
  return exemptionNotices([terms], previous && record(previous), record(next));
}

const reasons = (...args: Parameters<typeof told>) => told(...args).map(({ reason }) => reason);
const on = (at: string): Scanned => ({ at, exempt: ["a"] });

describe("an exemption that ends", () => {
  it.each<[string, Scanned | undefined, Scanned, string[]]>([
    ["8 days ahead, at first", undefined, on("2026-03-02T12:00:00Z"), []],
    ["7 days ahead, at first", undefined, on("2026-03-03T12:00:00Z"), ["ExemptionExpiring"]],
    ["an hour ahead, at first", undefined, on("2026-03-10T11:00:00Z"), ["ExemptionExpiring"]],
    ["within 7 days now", on("2026-03-03T11:59:59Z"), on("2026-03-03T12:59:59Z"), ["ExemptionExpiring"]],
    [
      "within 7 days on the second",
      on("2026-03-03T11:00:00Z"),
      on("2026-03-03T12:00:00Z"),
      ["ExemptionExpiring"],
    ],
    ["within 7 days already", on("2026-03-03T12:00:00Z"), on("2026-03-03T13:00:00Z"), []],
    ["within a day now", on("2026-03-09T11:00:00Z"), on("2026-03-09T12:00:00Z"), ["ExemptionExpiring"]],
    ["within a day already", on("2026-03-09T12:00:00Z"), on("2026-03-10T11:59:59Z"), []],
    [
      "over both lines at once",
      on("2026-03-01T00:00:00Z"),
      on("2026-03-10T00:00:00Z"),
      ["ExemptionExpiring"],
    ],
    [
      "within 7 days already, of another scope",
      { ...on("2026-03-05T00:00:00Z"), digest: "o" },
      on("2026-03-05T01:00:00Z"),
      ["ExemptionExpiring"],
    ],
    [
      "within 7 days now, and nothing could be read",
      on("2026-03-03T11:00:00Z"),
      { at: "2026-03-03T12:00:00Z", unread: true },
      ["ExemptionExpiring"],
    ],
    ["now", on("2026-03-10T11:00:00Z"), { at: END, violation: ["a"] }, ["ExemptionExpired"]],
    [
      "now, after another scope",
      { ...on("2026-03-10T11:00:00Z"), digest: "o" },
      { at: END },
      ["ExemptionExpired"],
    ],
    [
      "over every line at once",
      on("2026-03-01T00:00:00Z"),
      { at: "2026-03-11T00:00:00Z" },
      ["ExemptionExpired"],
    ],
    ["before the last scan", { at: END }, { at: "2026-03-10T13:00:00Z" }, []],
    ["before the first scan", undefined, { at: "2026-03-10T13:00:00Z" }, []],
  ])("%s", (_when, previous, next, expected) => {
    expect(reasons(previous, next)).toEqual(expected);
  });

  it.each([{}, { expiresAt: "some day" }])("not at all, where it is %j", (terms) => {
    const exemption = { expiresAt: undefined, ...terms };
    expect(reasons(undefined, on("2026-03-10T11:00:00Z"), exemption)).toEqual([]);
    expect(reasons(on("2026-03-01T00:00:00Z"), on("2026-03-20T00:00:00Z"), exemption)).toEqual([]);
  });

  it("says its name, why it is there, when it ends and what it covers", () => {
    expect(told(undefined, { at: "2026-03-04T00:00:00Z", exempt: ["a", "b"] })[0]?.note).toBe(
      "Exemption vendor (SEC-812) ends within 7 days, at 2026-03-10T12:00:00Z. It covers 2 violation(s) now, to count again from then on. Put right what it covers, or renew it in spec.exemptions.",
    );
    const unread = told(undefined, { at: "2026-03-10T00:00:00Z", exempt: ["a"], unread: true })[0]?.note;
    expect(unread).toContain("ends within a day,");
    expect(unread).toContain("at least 1 violation(s)");
  });

  it("says how much of what it covered counts again, and of nothing else", () => {
    const next = { at: "2026-03-10T13:00:00Z", violation: ["a", "c"] };
    expect(told({ at: "2026-03-10T11:00:00Z", exempt: ["a", "b"] }, next)[0]?.note).toBe(
      "Exemption vendor (SEC-812) ended at 2026-03-10T12:00:00Z. Of what it covered, 1 violation(s) count again. Put right what it covered, or renew it in spec.exemptions.",
    );
  });
});

describe("an exemption that covers nothing", () => {
  const at = "2026-01-02T00:00:00Z";
  const before = "2026-01-01T00:00:00Z";

  it.each<[string, Scanned | undefined, Scanned, string[]]>([
    ["is told by the first scan", undefined, { at }, ["ExemptionUnused"]],
    [
      "is told where violations are that it does not match",
      undefined,
      { at, violation: ["a"] },
      ["ExemptionUnused"],
    ],
    ["is none while it covers something", undefined, { at, exempt: ["a"] }, []],
    [
      "is told when it no longer covers what it did",
      { at: before, exempt: ["a"] },
      { at },
      ["ExemptionUnused"],
    ],
    ["is told once", { at: before }, { at }, []],
    ["is told of another scope", { at: before, digest: "other" }, { at }, ["ExemptionUnused"]],
    ["is told after a scan that could not know", { at: before, unread: true }, { at }, ["ExemptionUnused"]],
    ["is not told by a scan that could not know", undefined, { at, unread: true }, []],
    ["is not told where tags could not be read", undefined, { at, untagged: true }, []],
    ["is told when tags can be read again", { at: before, untagged: true }, { at }, ["ExemptionUnused"]],
  ])("%s", (_case, previous, next, expected) => {
    expect(reasons(previous, next)).toEqual(expected);
  });

  it("is told beside its end", () => {
    expect(reasons(undefined, { at: "2026-03-10T00:00:00Z" })).toEqual([
      "ExemptionExpiring",
      "ExemptionUnused",
    ]);
  });

  it("is not told once it has ended", () => {
    expect(reasons(undefined, { at: "2026-03-11T00:00:00Z" })).toEqual([]);
  });
});

describe("exemptionNotices", () => {
  it("tells each exemption for itself", () => {
    const other = { name: "other", reason: "SEC-1" };
    const notices = exemptionNotices([vendor, other], undefined, record(on("2026-03-05T00:00:00Z")));
    expect(notices.map(({ reason, note }) => [reason, note.split(" ")[1]])).toEqual([
      ["ExemptionExpiring", "vendor"],
      ["ExemptionUnused", "other"],
    ]);
  });
});
