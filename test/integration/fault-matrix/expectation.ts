/** What a scan must come to, worked out from its case alone. */
import type { RecordedFinding } from "../../../src/report/record.ts";
import type { Case } from "./cases.ts";
import type { Failing } from "./faults.ts";
import { STRUCK_REGION } from "./holdings.ts";
import { TAG_PAGES } from "./operations.ts";
import { accountsOf, type Held, heldBy, isOfOrganization, isQuotaOfAll } from "./world.ts";

export interface Expectation {
  /** By ARN; what is not in it is not known of. */
  readonly verdicts: ReadonlyMap<string, RecordedFinding["verdict"]>;
  /** Places that are not covered, as `account region`; the region is empty where it is the whole account. */
  readonly uncovered: readonly string[];
  /** Accounts of which no region is known. */
  readonly closed: readonly string[];
  /** How often the call failed in the end, by place as above; none where it did not. */
  readonly failures: ReadonlyMap<string, number>;
  /** Of the operation that is struck, in the place where it is. */
  readonly calls: number;
}

export function expectationOf(each: Case): Expectation {
  const { operation, fault } = each;
  const outcome = fault.outcome(operation);
  const held = heldBy(each);
  const whole: Expectation = {
    verdicts: new Map(held.map(({ arn, verdict }) => [arn, verdict])),
    uncovered: [],
    closed: [],
    failures: new Map(),
    calls: operation.calls,
  };
  if (outcome.kind === "recovers") return { ...whole, calls: operation.calls + outcome.inVain };
  if (outcome.kind === "gone") {
    const gone = listedBy(each, held)[each.at]?.arn ?? "";
    return { ...whole, verdicts: without(whole.verdicts, [gone]) };
  }
  switch (operation.kind) {
    case "account":
      return lostAccounts(each, whole, held, outcome);
    case "organization":
      return lostOrganization(each, whole, held, outcome);
    case "list":
      return lostPages(each, whole, held, outcome);
    case "describe":
      return lostDescriptions(each, whole, held, outcome);
    case "tags":
      return lostTags(each, whole, held, outcome);
  }
}

function lostAccounts(each: Case, whole: Expectation, held: readonly Held[], failing: Failing): Expectation {
  const accounts = accountsOf(each);
  const lost = accounts.slice(each.at, isQuotaOfAll(each) ? undefined : each.at + 1);
  const arns = held.filter(({ account }) => lost.includes(account)).map(({ arn }) => arn);
  return {
    verdicts: without(whole.verdicts, arns),
    uncovered: lost.map((account) => `${account} `),
    closed: lost,
    failures: new Map(lost.map((account) => [`${account} `, 1])),
    // Where the quota is exhausted, nobody behind in the queue is sent at all.
    calls: accounts.length - lost.length + failing.attempts,
  };
}

/** Which accounts there are is not known: the one that is listed by its id is scanned all the same. */
function lostOrganization(
  each: Case,
  whole: Expectation,
  held: readonly Held[],
  { attempts }: Failing,
): Expectation {
  const [listed = "", ...found] = accountsOf(each);
  const arns = held.filter(({ account }) => account !== listed).map(({ arn }) => arn);
  return {
    verdicts: without(whole.verdicts, arns),
    uncovered: [" "],
    closed: found,
    failures: new Map([[" ", 1]]),
    calls: each.at + attempts,
  };
}

/** What came before the page that is missing stays, and what comes behind it nobody knows of. */
function lostPages(
  each: Case,
  whole: Expectation,
  held: readonly Held[],
  { attempts }: Failing,
): Expectation {
  const listed = listedBy(each, held);
  const pageSize = Math.ceil(listed.length / each.operation.calls);
  return {
    ...whole,
    ...struckPlace(each, 1),
    verdicts: without(
      whole.verdicts,
      listed.slice(each.at * pageSize).map(({ arn }) => arn),
    ),
    calls: each.at + attempts,
  };
}

function lostDescriptions(
  each: Case,
  whole: Expectation,
  held: readonly Held[],
  { attempts, closes }: Failing,
): Expectation {
  const listed = listedBy(each, held);
  const lost = listed.slice(each.at, each.fault.times === undefined ? undefined : each.at + 1);
  const verdicts = new Map(whole.verdicts);
  for (const { arn } of lost) verdicts.set(arn, "unknown");
  const inVain = attempts * (closes ? 1 : lost.length);
  return {
    ...whole,
    ...struckPlace(each, lost.length),
    verdicts,
    calls: listed.length - lost.length + inVain,
  };
}

/** Tags that cannot be read exempt nothing; what is judged is judged, so that the region is covered. */
function lostTags(each: Case, whole: Expectation, held: readonly Held[], failing: Failing): Expectation {
  const { fault, at } = each;
  const verdicts = new Map(whole.verdicts);
  let [read, lost, calls] = [0, 0, 0];
  const tagged = listedBy(each, held).filter(({ arn }) => arn.includes("tagged"));
  for (const [index, { arn }] of tagged.entries()) {
    const pages = TAG_PAGES[index] ?? 1;
    const isStruck = lost === 0 ? read + pages > at : fault.times === undefined;
    if (!isStruck) {
      read += pages;
      calls += pages;
      continue;
    }
    const before = lost === 0 ? at - read : 0;
    calls += before + (failing.closes && lost > 0 ? 0 : failing.attempts);
    lost += 1;
    verdicts.set(arn, "violation");
  }
  return { ...whole, verdicts, failures: struckPlace(each, lost).failures, calls };
}

function struckPlace(each: Case, failures: number): Pick<Expectation, "uncovered" | "failures"> {
  const place = `${accountsOf(each)[0]} ${STRUCK_REGION}`;
  return { uncovered: [place], failures: new Map([[place, failures]]) };
}

/** What the struck place lists of the type that the operation is about. */
function listedBy(each: Case, held: readonly Held[]): readonly Held[] {
  const [first] = accountsOf(each);
  const type = each.operation.name.includes("Domain") ? "domain" : "notebook";
  return isOfOrganization(each)
    ? []
    : held.filter((one) => one.account === first && one.region === STRUCK_REGION && one.type === type);
}

function without<V>(verdicts: ReadonlyMap<string, V>, arns: readonly string[]): ReadonlyMap<string, V> {
  return new Map([...verdicts].filter(([arn]) => !arns.includes(arn)));
}
