import type { SageMakerClient } from "@aws-sdk/client-sagemaker";
import { parseArn } from "../aws/arn.ts";
import { AwsCallError } from "../aws/errors.ts";
import { COLLECTORS, type Collector, type Listed, listTags, type Place } from "../aws/inventory.ts";
import type { Resource } from "../rules/resource.ts";
import type { Rule } from "../rules/rule.ts";
import type { Finding, ScanSink } from "./events.ts";
import { candidates, type Exemption, matchTags } from "./exemptions.ts";
import { ACCOUNT_MISMATCH, deadlineFailure, failureOf } from "./failure.ts";
import { settleAll } from "./settle.ts";

export interface RegionScan {
  readonly client: SageMakerClient;
  readonly place: Place;
  readonly rules: readonly Rule[];
  readonly exemptions: readonly Exemption[];
  /** When the scan began (ms): exemptions are in force at one time for all of it. */
  readonly startedAt: number;
  /** Runs a describe when its turn comes. */
  readonly limit: <T>(task: () => Promise<T>) => Promise<T>;
  readonly sink: ScanSink;
  readonly signal: AbortSignal;
}

/**
 * Reads and judges every resource of one region. Never throws: failures become events, and none hides what else can
 * be read. An ARN of another account or region is told as a failure of the whole account at once, since nothing that
 * its credentials read can be trusted to be its own.
 */
export async function scanRegion(scan: RegionScan): Promise<void> {
  await settleAll(COLLECTORS.map((collector) => scanType(scan, collector)));
}

async function scanType(scan: RegionScan, collector: Collector): Promise<void> {
  const { client, place, sink, signal } = scan;
  const { account, region } = place;
  const { type, listOperation } = collector;
  const rules = scan.rules.filter((rule) => rule.resourceTypes.includes(type));
  if (rules.length === 0) return sink({ kind: "listed", account, region, type, supported: true });
  const seen = new Set<string>();
  try {
    for await (const page of collector.list(client, signal)) {
      // Pages may overlap while resources come and go.
      const fresh = page.filter(({ arn }) => !seen.has(arn) && seen.add(arn));
      for (const { arn } of fresh) confirmPlace(arn, place, listOperation);
      await settleAll(fresh.map((listed) => scan.limit(() => judge(scan, collector, rules, listed))));
    }
    sink({ kind: "listed", account, region, type, supported: true });
  } catch (error) {
    if (error instanceof AwsCallError && error.code === ACCOUNT_MISMATCH) {
      return sink({ kind: "failure", failure: failureOf(error, listOperation, account) });
    }
    if (signal.aborted)
      return sink({ kind: "failure", failure: deadlineFailure(listOperation, account, region) });
    const failure = failureOf(error, listOperation, account, region);
    // A list that broke off behind its first page shows that the service is there.
    if (failure.kind === "unsupported" && seen.size === 0) {
      return sink({ kind: "listed", account, region, type, supported: false });
    }
    sink({ kind: "failure", failure });
  }
}

async function judge(
  scan: RegionScan,
  collector: Collector,
  rules: readonly Rule[],
  listed: Listed,
): Promise<void> {
  const { client, place, sink, signal } = scan;
  const operation = collector.describeOperation;
  const { type, arn, name } = listed;
  let resource: Resource | undefined;
  try {
    resource = await collector.describe(client, listed, place, signal);
  } catch (error) {
    const { account, region } = place;
    const failure = signal.aborted
      ? deadlineFailure(operation, account, region)
      : failureOf(error, operation, account, region);
    sink({ kind: "failure", failure });
    for (const rule of rules) {
      const { reason, message } = failure;
      sink({
        kind: "finding",
        finding: {
          rule: rule.id,
          verdict: "unknown",
          type,
          arn,
          name,
          account,
          region,
          reason,
          message,
          evidence: {},
        },
      });
    }
    return;
  }
  // Gone between list and describe: neither a pass nor a violation.
  if (resource === undefined) return sink({ kind: "gone", arn });
  for (const rule of rules) sink({ kind: "finding", finding: await verdictOf(scan, rule, resource) });
}

async function verdictOf(scan: RegionScan, rule: Rule, resource: Resource): Promise<Finding> {
  const { type, arn, name, account, region } = resource;
  const judgement = rule.evaluate(resource);
  const finding = { rule: rule.id, type, arn, name, account, region, ...judgement };
  if (judgement.verdict !== "violation") return finding;
  const exemption = await exemptionOf(scan, resource);
  if (exemption === undefined) return finding;
  return { ...finding, verdict: "exempt", message: exemption.reason, exemption: exemption.name };
}

/** The exemption that covers a violation. Tags are read only where they decide; unreadable ones exempt nothing. */
async function exemptionOf(scan: RegionScan, resource: Resource): Promise<Exemption | undefined> {
  const { certain, byTags } = candidates(scan.exemptions, resource, scan.startedAt);
  if (certain !== undefined || byTags.length === 0) return certain;
  try {
    return matchTags(byTags, await listTags(scan.client, resource.arn, scan.signal));
  } catch (error) {
    const { account, region } = scan.place;
    scan.sink({ kind: "failure", failure: failureOf(error, "ListTags", account, region) });
    return undefined;
  }
}

function confirmPlace(arn: string, { account, region }: Place, operation: string): void {
  const parsed = parseArn(arn);
  if (parsed?.account === account && parsed.region === region) return;
  throw new AwsCallError({
    kind: "failed",
    operation,
    code: ACCOUNT_MISMATCH,
    message: `asked account ${account} in ${region}, the answer lists ${arn}`,
  });
}
