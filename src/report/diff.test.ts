import { describe, expect, it } from "vitest";
import { COLLECTED_TYPES, NOTEBOOK_INSTANCE } from "../rules/resource.ts";
import type { Finding, ScanEvent } from "../scan/events.ts";
import { assembleRecord } from "./assemble.ts";
import { diffRecords } from "./diff.ts";
import { ScanFold } from "./fold.ts";
import { findingKey, type ScanRecord } from "./record.ts";
import type { Scope } from "./scope.ts";

const account = "111111111111";
const region = "us-east-1";
const arn = `arn:aws:sagemaker:${region}:${account}:notebook-instance/n`;
const time = "2026-01-01T00:00:00Z";
const facts = { id: "1", trigger: "Scheduled", generation: 1, scopeDigest: "", startTime: time } as const;
const everything: Scope = { accounts: [{ id: account }], regions: {}, rules: ["SageMaker-004"] };

const found = (verdict: Finding["verdict"]): ScanEvent => ({
  kind: "finding",
  finding: {
    rule: "SageMaker-004",
    verdict,
    arn,
    type: NOTEBOOK_INSTANCE,
    account,
    region,
    name: "n",
    reason: "",
    message: "",
    evidence: {},
  },
});
const read: readonly ScanEvent[] = [
  { kind: "account", account, regions: [region] },
  ...COLLECTED_TYPES.map((type) => ({ kind: "listed", account, region, type, supported: true }) as const),
];

/** What a scan that tells `events` makes of one that found a violation. */
function changes(events: readonly ScanEvent[], { scope = everything, keepPasses = false } = {}) {
  const before = scan([...read, found("violation")], undefined, everything, false).record;
  return scan(events, before, scope, keepPasses).changes;
}

function scan(
  events: readonly ScanEvent[],
  previous: ScanRecord | undefined,
  scope: Scope,
  keepPasses: boolean,
) {
  const fold = new ScanFold(new Set(previous?.findings.map(findingKey)), keepPasses);
  for (const event of events) fold.sink(event);
  const record = assembleRecord(fold, previous, scope, { ...facts, completionTime: time });
  return { record, changes: diffRecords(previous, record, fold, scope) };
}

describe("diffRecords", () => {
  it("tells a new violation, once", () => {
    const first = scan([...read, found("violation")], undefined, everything, false);
    expect(first.changes.found).toMatchObject([{ arn }]);
    expect(changes([...read, found("violation")])).toEqual({ found: [], resolved: [] });
  });

  it.each([
    ["was read as compliant", [...read, found("compliant")], {}, "Compliant"],
    [
      "was read as compliant where passes are kept",
      [...read, found("compliant")],
      { keepPasses: true },
      "Compliant",
    ],
    ["is listed no more", read, {}, "Gone"],
    ["was gone when it was to be described", [...read, { kind: "gone", arn }], {}, "Gone"],
    ["is exempt", [...read, found("exempt")], {}, "Exempt"],
    [
      "lies in a region that the spec leaves out",
      read,
      { scope: { ...everything, regions: { exclude: [region] } } },
      "OutOfScope",
    ],
    [
      "lies in an account that the spec leaves out",
      read.slice(1),
      { scope: { ...everything, accounts: [{ id: "222222222222" }] } },
      "OutOfScope",
    ],
  ] as const)("says of a violation that %s how it ended", (_, events, options, how) => {
    const { resolved } = changes(events, options);
    expect(resolved.map((resolution) => [resolution.finding.arn, resolution.how])).toEqual([[arn, how]]);
  });

  it.each([
    ["nothing could be read", []],
    ["the list broke off", read.slice(0, 1)],
    ["it could not be described", [...read, found("unknown")]],
  ])("resolves nothing where %s", (_, events) => {
    expect(changes(events).resolved).toEqual([]);
  });
});
