import pLimit from "p-limit";
import { beforeAll, describe, expect, it } from "vitest";
import { isCovered } from "../../src/report/assemble.ts";
import { summarize } from "../../src/report/summary.ts";
import type { CounterGroup } from "../../tools/aws-simulator/counters.ts";
import { openEngine, type ScanOutcome, useEngineAws } from "../support/engine.ts";
import { brokenPromises, type Truth } from "../support/engine-invariants.ts";
import { CASES, type Case, POSITIONS, whyNot } from "./fault-matrix/cases.ts";
import { type Expectation, expectationOf } from "./fault-matrix/expectation.ts";
import { FAULTS, type Outcome } from "./fault-matrix/faults.ts";
import { REGIONS, STRUCK_REGION } from "./fault-matrix/holdings.ts";
import { OPERATIONS } from "./fault-matrix/operations.ts";
import {
  accountsOf,
  askOf,
  delegateOf,
  FLEET,
  heldBy,
  isOfOrganization,
  keysOf,
  rulesOf,
} from "./fault-matrix/world.ts";

/**
 * Scans at once. Each has accounts and an engine of its own, and most of their time is spent waiting; more of them
 * would have answers wait so long for this process that those of silent places could not be told from them.
 */
const AT_ONCE = 12;
/** Of an attempt, where calls are silent: long against the answer of a busy simulator. */
const PATIENCE_MS = 1_500;

/** Of the three accounts of a case: three to enter each, 19 in the region that can be struck, 16 in the others. */
const CALLS_OF_A_SCAN = 44;

const aws = useEngineAws(FLEET);
const outcomes = new Map<Case, ScanOutcome>();
/** Requests by account, region and operation. */
let counts: ReadonlyMap<string, CounterGroup>;

beforeAll(async () => {
  await aws.client.setFaults(...CASES.flatMap(rulesOf));
  const limit = pLimit(AT_ONCE);
  await Promise.all(
    CASES.map((each) =>
      limit(async () => {
        const engine = openEngine({
          keys: keysOf(each),
          // One request at a time in a region: the k-th call is that of the k-th resource.
          limits: { process: 64, account: 16, region: 1 },
          ...(each.fault.isSilent && { retries: { attemptTimeoutMs: PATIENCE_MS } }),
        });
        outcomes.set(each, await engine.scan(askOf(each)));
        engine.close();
      }),
    ),
  );
  const groups = await aws.client.countersBy("account", "region", "operation");
  counts = new Map(groups.map((group) => [`${group.account} ${group.region} ${group.operation}`, group]));
}, 300_000);

describe.each(OPERATIONS.map(({ name }) => name))("%s", (name) => {
  const cases = CASES.filter(({ operation }) => operation.name === name);
  it.each(cases.map((each) => [titleOf(each), each] as const))("%s", (_, each) => {
    const outcome = outcomes.get(each);
    if (outcome === undefined) throw new Error("this case was not played");
    const expected = expectationOf(each);
    expect(brokenPromises(outcome, truthOf(each))).toEqual([]);
    expect(verdictsOf(outcome)).toEqual(sorted(expected.verdicts));
    expect(summarize(outcome.record)).toMatchObject(countsOf(expected));
    expect(outcome.record.coverage.map(toRow)).toEqual(coverageOf(each, expected));
    expect(outcome.record.failures.map(toFailure)).toEqual(failuresOf(each, expected));
    expect([outcome.compliant, outcome.complete]).toEqual(claimsOf(expected));
    expect(callsOf(each)).toBe(expected.calls);
    if (!isOfOrganization(each)) expectNothingElseAsked(each);
  });
});

it("strikes the first, the middle and the last call of each operation with each fault that there can be", () => {
  const [played, impossible] = [CASES.length, reasons().length];
  expect(played + impossible).toBe(OPERATIONS.length * FAULTS.length * POSITIONS.length);
  expect(
    Object.fromEntries(
      Map.groupBy(reasons(), (why) => why)
        .entries()
        .map(([why, all]) => [why, all.length]),
    ),
  ).toMatchInlineSnapshot(`
    {
      "a first page is asked for without a token and follows none": 12,
      "it asks of no resource that was listed; a role that is gone is denied, a unit that is gone an error": 24,
      "it has no pages": 30,
      "it has one later page here, which is the one in the middle": 4,
    }
  `);
});

/** Why each combination that is not played is not. */
function reasons(): string[] {
  return OPERATIONS.flatMap((operation) =>
    FAULTS.flatMap((fault) => POSITIONS.flatMap((position) => whyNot(operation, fault, position) ?? [])),
  );
}

function titleOf(each: Case): string {
  const { operation, fault, position } = each;
  return `the ${position} ${operation.name} ${fault.name}: ${consequence(each, fault.outcome(operation))}`;
}

function consequence({ operation }: Case, outcome: Outcome): string {
  if (outcome.kind === "recovers") return "nothing is lost";
  if (outcome.kind === "gone") return "it is neither a pass nor unknown";
  switch (operation.kind) {
    case "account":
      return `the account is ${outcome.state} and the others are scanned`;
    case "organization":
      return `the organization is ${outcome.state} and the listed account is scanned`;
    case "list":
      return `what was read stays and the region is ${outcome.state}`;
    case "describe":
      return `what was not read is unknown and the region is ${outcome.state}`;
    case "tags":
      return "what its tags would exempt is a violation";
  }
}

function truthOf(each: Case): Truth {
  return new Map(
    heldBy(each).map(({ arn, verdict }) => [arn, verdict === "compliant" ? "compliant" : "violating"]),
  );
}

function verdictsOf({ record }: ScanOutcome): (readonly [string, string])[] {
  return sorted(new Map(record.findings.map(({ arn, verdict }) => [arn, verdict])));
}

function sorted<V>(map: ReadonlyMap<string, V>): (readonly [string, V])[] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}

function countsOf({ verdicts }: Expectation) {
  const count = (wanted: string) => [...verdicts.values()].filter((verdict) => verdict === wanted).length;
  return {
    compliant: count("compliant"),
    violations: count("violation"),
    exempt: count("exempt"),
    unknown: count("unknown"),
    resources: verdicts.size,
  };
}

/** A row of coverage or a failure, by what is the same at every run. */
interface Row {
  readonly place: string;
  readonly state: string;
  readonly operation?: string | undefined;
  readonly code?: string | undefined;
  readonly isAnswered: boolean;
}

function toRow({
  account,
  region,
  state,
  operation,
  code,
  requestId,
}: ScanOutcome["record"]["coverage"][number]): Row {
  const told = isCovered({ account, region, state }) ? {} : { operation, code };
  return { place: `${account} ${region}`, state, ...told, isAnswered: requestId !== undefined };
}

function coverageOf(each: Case, { uncovered, closed }: Expectation): Row[] {
  const open = accountsOf(each).filter((account) => !closed.includes(account));
  const regions = open.flatMap((account) => REGIONS.map((region) => `${account} ${region}`));
  const outcome = each.fault.outcome(each.operation);
  return [...new Set([...regions, ...uncovered])].sort().map((place) => {
    if (outcome.kind !== "fails" || !uncovered.includes(place)) {
      return { place, state: "covered", isAnswered: false };
    }
    const { state, code, isAnswered } = outcome;
    return { place, state, operation: each.operation.name, code, isAnswered };
  });
}

function toFailure({
  account,
  region,
  operation,
  code,
  requestId,
  count,
}: ScanOutcome["record"]["failures"][number]) {
  return { place: `${account} ${region}`, operation, code, isAnswered: requestId !== undefined, count };
}

function failuresOf(each: Case, { failures }: Expectation) {
  const outcome = each.fault.outcome(each.operation);
  if (outcome.kind !== "fails") return [];
  const { code, isAnswered } = outcome;
  return [...failures].map(([place, count]) => ({
    ...{ place, operation: each.operation.name, code, isAnswered, count },
  }));
}

/** Compliant and Complete, from what is known alone. */
function claimsOf({ verdicts, uncovered }: Expectation): [string, string] {
  const isWhole = uncovered.length === 0;
  const violates = [...verdicts.values()].includes("violation");
  return [violates ? "False" : isWhole ? "True" : "Unknown", isWhole ? "True" : "False"];
}

/**
 * All other requests are those of a scan where nothing goes wrong, or fewer; and one for a new session each time that
 * one had ended. Members of the organization are scanned by many cases, so that nobody can tell whose requests it were.
 */
function expectNothingElseAsked(each: Case): void {
  const { operation, fault } = each;
  const total = [...counts.values()]
    .filter(({ account = "" }) => accountsOf(each).includes(account))
    .reduce((sum, group) => sum + group.total, 0);
  const others = total - callsOf(each);
  const usual = CALLS_OF_A_SCAN - operation.calls;
  const outcome = fault.outcome(operation);
  const isRenewed = fault.rule.kind === "expired-session" && operation.name !== "AssumeRole";
  if (outcome.kind === "recovers") expect(others).toBe(usual + (isRenewed ? 1 : 0));
  else expect(others).toBeLessThanOrEqual(usual + (isRenewed ? operation.calls : 0));
}

/** How many requests of the struck operation the simulator has counted, where the fault is. */
function callsOf(each: Case): number {
  const { operation } = each;
  const accounts = isOfOrganization(each) ? [delegateOf(each)] : accountsOf(each);
  const places = operation.kind === "account" || isOfOrganization(each) ? accounts : accounts.slice(0, 1);
  return places.reduce((sum, account) => {
    const key = `${account} ${STRUCK_REGION} ${operation.service}:${operation.name}`;
    return sum + (counts.get(key)?.total ?? 0);
  }, 0);
}
