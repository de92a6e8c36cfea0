import { setImmediate as otherWork } from "node:timers/promises";
import { toTime } from "../api/conditions.ts";
import type { Version } from "../aws/description-table.ts";
import { ACCOUNT_MISMATCH, AwsCallError } from "../aws/errors.ts";
import { type Listed, listTags } from "../aws/inventory.ts";
import type { Resource } from "../rules/resource.ts";
import type { Rule } from "../rules/rule.ts";
import type { Finding } from "./events.ts";
import { candidates, type Exemption, entriesOf, matchTags } from "./exemptions.ts";
import { failureOf } from "./failure.ts";
import type { TypeScan } from "./type-scan.ts";

/** A tenth of a millisecond's work. */
const MANY_ENTRIES = 200;

/** What was read of a resource, when (ms), and who asked. */
interface Observation {
  readonly resource: Resource;
  readonly observedAt: number;
  readonly observedBy: string;
}

/** Turns one listed resource into events. Never throws for what AWS answers. */
export async function judge(scan: TypeScan, listed: Listed): Promise<void> {
  const { sink, signal, progress } = scan;
  try {
    const observation = remembered(scan, listed) ?? (await observe(scan, listed));
    const findings = observation && (await verdictsOn(scan, observation));
    progress.judged += 1;
    // Gone between list and describe: neither a pass nor a violation.
    if (findings === undefined) sink({ kind: "gone", arn: listed.arn });
    else for (const finding of findings) sink({ kind: "finding", finding });
  } catch (error) {
    if (signal.aborted) {
      tellUnjudged(scan, listed);
      return;
    }
    progress.judged += 1;
    tellUnknown(scan, listed, error);
  }
}

function tellUnjudged({ rules, sink, place }: TypeScan, { arn, type }: Listed): void {
  for (const { id: rule } of rules) sink({ kind: "unjudged", resource: { rule, arn, type, ...place } });
}

function tellUnknown(
  { aws, sink, rules, collector, place, observedBy }: TypeScan,
  { arn, type, name }: Listed,
  error: unknown,
): void {
  const isMismatch = error instanceof AwsCallError && error.code === ACCOUNT_MISMATCH;
  if (isMismatch) aws.descriptions.forgetAccount(place.account);
  // An answer of another account speaks of all that these credentials read.
  const failure = failureOf(
    error,
    collector.describeOperation,
    place.account,
    isMismatch ? "" : place.region,
  );
  sink({ kind: "failure", failure });
  const { reason, message } = failure;
  for (const { id: rule } of rules) {
    const verdict = "unknown";
    const finding = { rule, verdict, type, arn, name, ...place, reason, message, observedBy } as const;
    sink({ kind: "finding", finding: { ...finding, evidence: {} } });
  }
}

/** What an earlier scan read, where the list says that it is still so. */
function remembered(
  { collector, shelf, place, listing }: TypeScan,
  { version, key, arn, name }: Listed,
): Observation | undefined {
  if (collector.fromDescription === undefined || version === undefined) return undefined;
  const known = shelf.find(key, version, listing);
  if (known === undefined) return undefined;
  const { value, observedAt, observedBy } = known;
  const resource = collector.fromDescription(value, { arn, name, ...place });
  return { resource, observedAt, observedBy };
}

/** What Describe says now; undefined where the resource is gone. Throws `AwsCallError`. */
async function observe(
  { collector, sagemaker, shelf, place, listing, signal, observedBy }: TypeScan,
  listed: Listed,
): Promise<Observation | undefined> {
  signal.throwIfAborted();
  const described = await collector.describe(sagemaker, listed, place);
  if (described === undefined) return undefined;
  const { resource, version } = described;
  const observedAt = Date.now();
  const value = collector.toDescription?.(resource);
  // A describe may be of another version than the list was; then it is good for this scan alone.
  if (value !== undefined && version !== undefined && isSame(version, listed.version)) {
    shelf.keep(listed.key, { ...version, value, observedAt, observedBy }, listing);
  }
  return { resource, observedAt, observedBy };
}

function isSame(a: Version, b: Version | undefined): boolean {
  return a.createdAt === b?.createdAt && a.modifiedAt === b.modifiedAt;
}

/** One finding a rule. Rejects with the signal's reason where it aborts before all are known. */
async function verdictsOn(scan: TypeScan, observation: Observation): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const rule of scan.rules) findings.push(await verdictOf(scan, rule, observation));
  return findings;
}

async function verdictOf(
  scan: TypeScan,
  rule: Rule,
  { resource, observedAt, observedBy }: Observation,
): Promise<Finding> {
  const { type, arn, name, account, region } = resource;
  const judgement = rule.evaluate(resource);
  const finding = {
    rule: rule.id,
    type,
    arn,
    name,
    account,
    region,
    ...judgement,
    observedTime: toTime(new Date(observedAt)),
    observedBy,
  };
  if (judgement.verdict !== "violation") return finding;
  const exemption = await exemptionOf(scan, resource);
  if (exemption === undefined) return finding;
  return { ...finding, verdict: "exempt", message: exemption.reason, exemption: exemption.name };
}

/**
 * The exemption that covers a violation. Tags are read only where they decide; unreadable ones exempt nothing. Rejects
 * with the signal's reason where the deadline comes first: nobody knows yet whether it is exempt.
 */
async function exemptionOf(
  { request, sagemaker, place, sink, signal }: TypeScan,
  resource: Resource,
): Promise<Exemption | undefined> {
  // As many as the schema admits cost milliseconds a resource, of which a page that is remembered has a hundred at once.
  if (entriesOf(request.exemptions) > MANY_ENTRIES) await otherWork();
  const { certain, byTags } = candidates(request.exemptions, resource, request.startedAt);
  if (certain !== undefined || byTags.length === 0) return certain;
  try {
    return matchTags(byTags, await listTags(sagemaker, resource.arn));
  } catch (error) {
    signal.throwIfAborted();
    sink({ kind: "failure", failure: failureOf(error, "ListTags", place.account, place.region) });
    return undefined;
  }
}
