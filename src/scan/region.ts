import { parseArn } from "../api/arn.ts";
import { forEachAhead } from "../async/for-each-ahead.ts";
import { ACCOUNT_MISMATCH, AwsCallError } from "../aws/errors.ts";
import { COLLECTORS, type Collector, hasOwnArn, type Listed, type Place } from "../aws/inventory.ts";
import { cutOffFailure, failureOf } from "./failure.ts";
import { judge } from "./judge.ts";
import { settleAll } from "./settle.ts";
import type { Progress, RegionScan } from "./type-scan.ts";

/**
 * Reads and judges every resource of one region. Never throws: failures become events, and none hides what else can
 * be read. An ARN of another account or region is told as a failure of the whole account at once, since nothing that
 * its credentials read can be trusted to be its own.
 */
export async function scanRegion(scan: RegionScan): Promise<void> {
  await settleAll(COLLECTORS.map((collector) => scanType(scan, collector)));
}

async function scanType(scan: RegionScan, collector: Collector): Promise<void> {
  const { aws, place, sink, request, identity } = scan;
  const { type } = collector;
  const rules = request.rules.filter((rule) => rule.resourceTypes.includes(type));
  if (rules.length === 0) return sink({ kind: "listed", ...place, type, supported: true });
  const progress: Progress = { isListing: false, listed: 0, judged: 0 };
  const shelf = aws.descriptions.shelf({ ...place, type, identity });
  const listing = shelf.beginListing();
  const bounds = { concurrency: () => aws.describes.part, ahead: () => aws.ahead.part };
  try {
    const typeScan = { ...scan, collector, rules, shelf, listing, progress };
    const pages = freshPages(scan, collector, progress);
    await aws.describes.during(() =>
      aws.ahead.during(() => forEachAhead(pages, bounds, (listed) => judge(typeScan, listed))),
    );
    shelf.endListing(listing);
    sink({ kind: "listed", ...place, type, supported: true });
    if (progress.judged < progress.listed) tellCutOff(scan, collector.describeOperation, progress);
  } catch (error) {
    tellBrokenList(scan, collector, error, progress);
  }
}

/** The pages of the list without what an earlier one named: they may overlap while resources come and go. */
async function* freshPages(
  { sagemaker, place }: RegionScan,
  collector: Collector,
  progress: Progress,
): AsyncGenerator<readonly Listed[]> {
  // By the key that Describe takes, which is unique in its place and shorter than the ARN, unless the two do not go together.
  const seen = new Set<string>();
  for await (const page of collector.list(sagemaker)) {
    progress.isListing = true;
    for (const { arn } of page) confirmPlace(arn, place, collector.listOperation);
    const fresh = page.filter((listed) => {
      const id = hasOwnArn(listed) ? listed.key : listed.arn;
      return !seen.has(id) && seen.add(id);
    });
    progress.listed += fresh.length;
    yield fresh;
  }
}

function tellBrokenList(
  scan: RegionScan,
  { listOperation, type }: Collector,
  error: unknown,
  progress: Progress,
): void {
  const { aws, sink, signal, place } = scan;
  const { account, region } = place;
  if (error instanceof AwsCallError && error.code === ACCOUNT_MISMATCH) {
    aws.descriptions.forgetAccount(account);
    sink({ kind: "failure", failure: failureOf(error, listOperation, account) });
  } else if (signal.aborted) {
    tellCutOff(scan, listOperation, progress);
  } else {
    const failure = failureOf(error, listOperation, account, region);
    // A list that broke off behind its first page, be it an empty one, shows that the service is there.
    const isMissing = failure.kind === "unsupported" && !progress.isListing;
    sink(isMissing ? { kind: "listed", ...place, type, supported: false } : { kind: "failure", failure });
  }
}

function tellCutOff({ place, sink, signal }: RegionScan, operation: string, progress: Progress): void {
  const { account, region } = place;
  sink({ kind: "failure", failure: cutOffFailure(signal, operation, account, region, progress) });
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
