import type { Failure, Finding, ScanEvent } from "../scan/events.ts";
import { type FailureCount, findingKey, placeKey } from "./record.ts";

/** Counts while they grow. */
export interface MutableCell {
  readonly account: string;
  readonly region: string;
  readonly type: Finding["type"];
  readonly rule: string;
  compliant: number;
  violations: number;
  exempt: number;
  unknown: number;
}

const COUNTED: Readonly<Record<Finding["verdict"], "compliant" | "violations" | "exempt" | "unknown">> = {
  compliant: "compliant",
  violation: "violations",
  exempt: "exempt",
  unknown: "unknown",
};

/** Findings without a verdict that a record holds one by one; the others are counted. */
const MAX_UNKNOWNS = 10_000;

/**
 * The events of one scan, folded as they come: its size follows from the violations, not from the fleet.
 */
export class ScanFold {
  /** The accounts that the scan set out for; undefined where it never came to know. */
  targets: Pick<Extract<ScanEvent, { kind: "scope" }>, "accounts" | "complete"> | undefined;
  readonly accounts = new Map<string, { readonly regions: readonly string[] }>();
  readonly cells = new Map<string, MutableCell>();
  /** Everything but passes, and those too where they are to be kept, by {@link findingKey}. */
  readonly findings = new Map<string, Finding>();
  readonly #knownBefore: ReadonlySet<string>;
  readonly #keepPasses: boolean;
  readonly #gone = new Set<string>();
  readonly #passed = new Set<string>();
  readonly #unjudged = new Set<string>();
  #unknowns = 0;
  readonly #listed = new Map<string, boolean>();
  readonly #failures = new Map<string, { failure: Failure; count: number }>();
  readonly #failuresByPlace = new Map<string, Failure[]>();

  /** `knownBefore`: the {@link findingKey}s of the last record, whose passing now is remembered one by one. */
  constructor(knownBefore: ReadonlySet<string> = new Set(), keepPasses = false) {
    this.#knownBefore = knownBefore;
    this.#keepPasses = keepPasses;
  }

  /** The sink to hand to the engine. */
  readonly sink = (event: ScanEvent): void => {
    switch (event.kind) {
      case "scope":
        this.targets = event;
        return;
      case "account":
        this.accounts.set(event.account, event);
        return;
      case "listed":
        this.#listed.set(cellPlace(event.account, event.region, event.type), event.supported);
        return;
      case "finding":
        this.#addFinding(event.finding);
        return;
      case "unjudged":
        this.#addUnjudged(event.resource);
        return;
      case "gone":
        this.#gone.add(event.arn);
        return;
      case "failure":
        this.#addFailure(event.failure);
    }
  };

  /** Whether every page of this type's list was read; `unsupported` where the region has no such service. */
  listing(account: string, region: string, type: string): "listed" | "unsupported" | "missing" {
    const supported = this.#listed.get(cellPlace(account, region, type));
    if (supported === undefined) return "missing";
    return supported ? "listed" : "unsupported";
  }

  /** Whether this scan read a formerly known finding as a pass. */
  passed(finding: Pick<Finding, "rule" | "arn">): boolean {
    return this.#passed.has(findingKey(finding));
  }

  /** Whether this scan listed a formerly known resource and did not come to judge it. */
  unjudged(finding: Pick<Finding, "rule" | "arn">): boolean {
    return this.#unjudged.has(findingKey(finding));
  }

  /** Whether this scan listed a resource and then found it gone. */
  gone({ arn }: Pick<Finding, "arn">): boolean {
    return this.#gone.has(arn);
  }

  /** The failures of one account and region, of the account as a whole where the region is empty. */
  failuresAt(account: string, region: string): readonly Failure[] {
    return this.#failuresByPlace.get(placeKey({ account, region })) ?? [];
  }

  get failures(): readonly Failure[] {
    return [...this.#failures.values()].map(({ failure }) => failure);
  }

  get failureCounts(): readonly FailureCount[] {
    return [...this.#failures.values()].map(({ failure: { kind: _, ...rest }, count }) => ({
      ...rest,
      count,
    }));
  }

  /** The counts of a place, made where there are none yet. */
  cell({ account, region, type, rule }: Pick<Finding, "account" | "region" | "type" | "rule">): MutableCell {
    const key = `${cellPlace(account, region, type)} ${rule}`;
    const known = this.cells.get(key);
    if (known !== undefined) return known;
    const fresh = { account, region, type, rule, compliant: 0, violations: 0, exempt: 0, unknown: 0 };
    this.cells.set(key, fresh);
    return fresh;
  }

  #addUnjudged(resource: Pick<Finding, "rule" | "arn" | "type" | "account" | "region">): void {
    this.cell(resource).unknown += 1;
    const key = findingKey(resource);
    if (this.#knownBefore.has(key)) this.#unjudged.add(key);
  }

  #addFinding(finding: Finding): void {
    if (finding.verdict === "unknown") {
      // A hundred thousand of them say no more than their number and the failure behind them.
      this.#unknowns += 1;
      if (this.#unknowns > MAX_UNKNOWNS) {
        this.#addUnjudged(finding);
        return;
      }
    }
    this.cell(finding)[COUNTED[finding.verdict]] += 1;
    const key = findingKey(finding);
    const passes = finding.verdict === "compliant";
    if (!passes || this.#keepPasses) this.findings.set(key, finding);
    if (passes && this.#knownBefore.has(key)) this.#passed.add(key);
  }

  #addFailure(failure: Failure): void {
    const { account, region, operation, reason, code } = failure;
    const key = [account, region, operation, reason, code].join(" ");
    const known = this.#failures.get(key);
    if (known !== undefined) {
      known.count += 1;
      return;
    }
    this.#failures.set(key, { failure, count: 1 });
    const place = placeKey({ account, region });
    const there = this.#failuresByPlace.get(place);
    if (there === undefined) this.#failuresByPlace.set(place, [failure]);
    else there.push(failure);
  }
}

function cellPlace(account: string, region: string, type: string): string {
  return `${account} ${region} ${type}`;
}
