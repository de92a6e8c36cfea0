import { toTime } from "../api/conditions.ts";
import type { Endpoint } from "../aws/aws.ts";
import type { Shelf } from "../aws/descriptions.ts";
import { type Collector, type Listed, listTags, type Place } from "../aws/inventory.ts";
import type { Resource } from "../rules/resource.ts";
import type { Rule } from "../rules/rule.ts";
import type { Finding, ScanSink } from "./events.ts";
import { candidates, type Exemption, matchTags } from "./exemptions.ts";
import { failureOf } from "./failure.ts";
import type { ScanRequest } from "./request.ts";

/** One region of one account, to be read and judged. */
export interface RegionScan {
  readonly sagemaker: Endpoint<"sagemaker">;
  readonly place: Place;
  /** The ARN of the identity that asks. */
  readonly observedBy: string;
  /** What this identity has described here before. */
  readonly shelf: Shelf;
  /** Resources of one type described at once. */
  readonly concurrency: number;
  readonly request: Pick<ScanRequest, "rules" | "exemptions" | "startedAt">;
  readonly sink: ScanSink;
  readonly signal: AbortSignal;
}

/** How far the scan of one type in one region is. */
export interface Progress {
  /** Whether a page of the list was read. */
  isListing: boolean;
  listed: number;
  judged: number;
}

/** A {@link RegionScan} at work on one type. */
export interface TypeScan extends RegionScan {
  readonly collector: Collector;
  /** Those that judge this type. */
  readonly rules: readonly Rule[];
  /** The listing under way, by the shelf's count. */
  readonly listing: number;
  readonly progress: Progress;
}

/** What was read of a resource, and when (ms). */
interface Observation {
  readonly resource: Resource;
  readonly observedAt: number;
}

/** Turns one listed resource into events. Never throws for what AWS answers. */
export async function judge(scan: TypeScan, listed: Listed): Promise<void> {
  const { sink, signal, rules, progress, collector, place } = scan;
  const { arn, type, name } = listed;
  let observation: Observation | undefined;
  try {
    observation = remembered(scan, listed) ?? (await observe(scan, listed));
  } catch (error) {
    if (signal.aborted) {
      for (const rule of rules) {
        sink({ kind: "unjudged", resource: { rule: rule.id, arn, type, ...place } });
      }
      return;
    }
    progress.judged += 1;
    const { describeOperation } = collector;
    const failure = failureOf(error, describeOperation, place.account, place.region);
    sink({ kind: "failure", failure });
    const { reason, message } = failure;
    const { observedBy } = scan;
    for (const { id: rule } of rules) {
      const verdict = "unknown";
      const finding = { rule, verdict, type, arn, name, ...place, reason, message, observedBy } as const;
      sink({ kind: "finding", finding: { ...finding, evidence: {} } });
    }
    return;
  }
  progress.judged += 1;
  // Gone between list and describe: neither a pass nor a violation.
  if (observation === undefined) return sink({ kind: "gone", arn });
  for (const rule of rules) {
    sink({ kind: "finding", finding: await verdictOf(scan, rule, observation) });
  }
}

/** What an earlier scan read, where the list says that it is still so. */
function remembered(
  { collector, shelf, place, listing }: TypeScan,
  { version, key, arn, name }: Listed,
): Observation | undefined {
  if (collector.fromDescription === undefined || version === undefined) return undefined;
  const known = shelf.get(key, arn, version, listing);
  if (known === undefined) return undefined;
  return {
    resource: collector.fromDescription(known.value, { arn, name, ...place }),
    observedAt: known.observedAt,
  };
}

/** What Describe says now; undefined where the resource is gone. Throws `AwsCallError`. */
async function observe(
  { collector, sagemaker, shelf, place, listing, signal }: TypeScan,
  listed: Listed,
): Promise<Observation | undefined> {
  signal.throwIfAborted();
  const resource = await collector.describe(sagemaker, listed, place);
  if (resource === undefined) return undefined;
  const observedAt = Date.now();
  const value = collector.toDescription?.(resource);
  if (value !== undefined && listed.version !== undefined) {
    shelf.set(listed.key, listed.arn, { ...listed.version, value, observedAt }, listing);
  }
  return { resource, observedAt };
}

async function verdictOf(
  scan: TypeScan,
  rule: Rule,
  { resource, observedAt }: Observation,
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
    observedBy: scan.observedBy,
  };
  if (judgement.verdict !== "violation") return finding;
  const exemption = await exemptionOf(scan, resource);
  if (exemption === undefined) return finding;
  return { ...finding, verdict: "exempt", message: exemption.reason, exemption: exemption.name };
}

/** The exemption that covers a violation. Tags are read only where they decide; unreadable ones exempt nothing. */
async function exemptionOf(
  { request, sagemaker, place, sink }: TypeScan,
  resource: Resource,
): Promise<Exemption | undefined> {
  const { certain, byTags } = candidates(request.exemptions, resource, request.startedAt);
  if (certain !== undefined || byTags.length === 0) return certain;
  try {
    return matchTags(byTags, await listTags(sagemaker, resource.arn));
  } catch (error) {
    sink({ kind: "failure", failure: failureOf(error, "ListTags", place.account, place.region) });
    return undefined;
  }
}
