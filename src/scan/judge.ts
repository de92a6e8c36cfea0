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

/**
 * Turns one listed resource into events. Returns nothing where it has: what an earlier scan read, and no exemption may cover, is
 * judged at once. Never throws or rejects for what AWS answers.
 */
export function judge(scan: TypeScan, listed: Listed): Promise<void> | undefined {
  try {
    const known = remembered(scan, listed);
    if (known === undefined) return tellLater(scan, listed, observed(scan, listed));
    const findings = scan.rules.map((rule) => findingOf(rule, known));
    if (findings.some((finding) => mayBeExempt(scan, finding)))
      return tellLater(scan, listed, exempted(scan, known, findings));
    tell(scan, listed, findings);
  } catch (error) {
    tellError(scan, listed, error);
  }
  return undefined;
}

async function tellLater(
  scan: TypeScan,
  listed: Listed,
  findings: Promise<readonly Finding[] | undefined>,
): Promise<void> {
  try {
    tell(scan, listed, await findings);
  } catch (error) {
    tellError(scan, listed, error);
  }
}

/** What Describe says now, judged; undefined where the resource is gone. */
async function observed(scan: TypeScan, listed: Listed): Promise<readonly Finding[] | undefined> {
  const observation = await observe(scan, listed);
  if (observation === undefined) return undefined;
  const findings = scan.rules.map((rule) => findingOf(rule, observation));
  return exempted(scan, observation, findings);
}

function tell({ sink, progress }: TypeScan, { arn }: Listed, findings: readonly Finding[] | undefined): void {
  progress.judged += 1;
  // Gone between list and describe: neither a pass nor a violation.
  if (findings === undefined) sink({ kind: "gone", arn });
  else for (const finding of findings) sink({ kind: "finding", finding });
}

function tellError(scan: TypeScan, listed: Listed, error: unknown): void {
  if (scan.signal.aborted) {
    tellUnjudged(scan, listed);
    return;
  }
  scan.progress.judged += 1;
  tellUnknown(scan, listed, error);
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

/** What `rule` says of the resource, whatever may be exempt. */
function findingOf(rule: Rule, { resource, observedAt, observedBy }: Observation): Finding {
  const { type, arn, name, account, region } = resource;
  const observedTime = toTime(new Date(observedAt));
  const facts = { rule: rule.id, type, arn, name, account, region };
  return { ...facts, ...rule.evaluate(resource), observedTime, observedBy };
}

function mayBeExempt({ request }: TypeScan, { verdict }: Finding): boolean {
  return verdict === "violation" && request.exemptions.length > 0;
}

/** The findings, each as it is where an exemption covers it. Rejects with the signal's reason where it aborts before all are known. */
async function exempted(
  scan: TypeScan,
  { resource }: Observation,
  findings: readonly Finding[],
): Promise<readonly Finding[]> {
  const judged: Finding[] = [];
  for (const finding of findings) {
    const exemption = mayBeExempt(scan, finding) ? await exemptionOf(scan, resource) : undefined;
    if (exemption === undefined) judged.push(finding);
    else judged.push({ ...finding, verdict: "exempt", message: exemption.reason, exemption: exemption.name });
  }
  return judged;
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
