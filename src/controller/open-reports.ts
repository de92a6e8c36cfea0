import { setImmediate as otherWork } from "node:timers/promises";
import type { AwsAccountScan } from "../api/generated/awsaccountscan.ts";
import { API_VERSION, GROUP, MANAGER, SCAN, SCAN_LABEL } from "../api/names.ts";
import { TimeLimit } from "../async/time-limit.ts";
import { isNotFound, type KubeClient, type KubeObject } from "../kube/client.ts";
import { CarriedResults } from "../openreports/carried.ts";
import { isDoubtAt, keptReports } from "../openreports/lost-record.ts";
import { type DesiredReport, reportsOf, rowsOf } from "../openreports/report.ts";
import type { ReportedScan, ScanDoubt } from "../openreports/results.ts";
import { OPEN_REPORT, type ReportBody, type ReportResult } from "../openreports/types.ts";
import type { ScanRecord } from "../report/record.ts";
import { digestOf } from "../report/shards.ts";
import { RULES, selectRules } from "../rules/registry.ts";
import { hashedName, ownedBy, scanLabelValue } from "./object-names.ts";

/** A Report as it may come back: whoever may write to the namespace may have changed it. */
interface StoredReport extends KubeObject, Partial<ReportBody> {
  readonly metadata: KubeObject["metadata"] & {
    readonly ownerReferences?: readonly { readonly uid: string }[];
  };
}

/** What the Reports of a scan are to say. */
export interface ReportedOutcome {
  /** `missing`: it is lost; what the cluster's Reports say stays, with the doubt beside it. */
  readonly record: ScanRecord | "missing";
  readonly doubt: ScanDoubt | undefined;
}

/** What one export came to. */
export type Exported =
  | { readonly kind: "done"; readonly written: number; readonly deleted: number }
  /** The cluster has no such API. */
  | { readonly kind: "not-served" };

/** For all requests of one export together. The next attempt does not write again what this one has written. */
export const EXPORT_MS = 10 * 60_000;

const MANAGED_BY = "app.kubernetes.io/managed-by";

/** Annotation on a report that took over results of others: the UID of the last one of these. */
const REPLACES = `${GROUP}/replaces`;

/** A report may have half a megabyte. */
const PAGE = 20;

/**
 * Makes the Reports of `scan` those that its outcome asks for, and writes nothing where they are so already: what is
 * there is read each time, so that neither a restart nor a hand's edit needs to be remembered. However it fails, every
 * result that was in the cluster is still there, and its age with it. Rejects with a KubeError, or a TimeLimitError.
 */
export async function exportReports(
  client: KubeClient,
  scan: AwsAccountScan,
  { record, doubt }: ReportedOutcome,
  limitMs = EXPORT_MS,
): Promise<Exported> {
  const { namespace, name: scanName } = scan.metadata;
  const limit = new TimeLimit(`exporting the reports of ${namespace}/${scanName}`, limitMs);
  const reported = reportedScan(scan, doubt);
  const carried = new CarriedResults();
  const kept = new Map<string, readonly ReportResult[]>();
  const present = new Map<string, Present>();
  try {
    for await (const report of stored(client, scan, limit)) {
      const { name, uid } = report.metadata;
      const results = report.results ?? [];
      const part = partOf(scan, name);
      carried.add(results);
      present.set(name, { uid, part, digest: digestOf(comparable(report)) });
      if (record === "missing" && isDoubtAt(part, reported)) kept.set(part, results);
    }
  } catch (error) {
    if (isNotFound(error)) return { kind: "not-served" };
    throw error;
  }
  const desired =
    record === "missing"
      ? keptReports(kept, reported, carried)
      : reportsOf(await inTurns(rowsOf(record, reported, carried)), reported);
  const names = new Set(desired.map(({ part }) => nameOf(scan, part)));
  const stale = record === "missing" ? [] : [...present].filter(([name]) => !names.has(name));
  const changed: DesiredReport[] = [];
  for (const report of desired) {
    // Half a megabyte each, of a large fleet a hundred of them: probes and scrapes must have their turn in between.
    await otherWork();
    const known = present.get(nameOf(scan, report.part))?.digest;
    if (known === undefined || known !== digestOf(comparable(report.body))) changed.push(report);
  }
  // Stale ones last: a write that is refused must not leave their results in no report at all.
  for (const report of changed) {
    limit.check();
    await apply(client, scan, report, {});
  }
  let deleted = 0;
  for (const [name, { uid }] of stale) {
    limit.check();
    if (await client.delete(OPEN_REPORT, { namespace, name, uid })) deleted += 1;
  }
  // Readers with one row a result refuse it a second time and forget it with the older report: Policy Reporter's
  // database does. An update lets them take it in.
  for (const report of changed) {
    const replaced = stale.findLast(([, { part }]) => overlap(part, report.part))?.[1].uid;
    if (replaced === undefined) continue;
    limit.check();
    await apply(client, scan, report, { [REPLACES]: replaced });
  }
  return { kind: "done", written: changed.length, deleted };
}

/** Rows made between two turns of the event loop: some tens of milliseconds' work. */
const ROWS_A_TURN = 1_000;

/** All of `rows`, with turns for probes and scrapes in between. */
async function inTurns<T>(rows: Iterable<T>): Promise<T[]> {
  const all: T[] = [];
  for (const row of rows) {
    all.push(row);
    if (all.length % ROWS_A_TURN === 0) await otherWork();
  }
  return all;
}

interface Present {
  readonly uid: string | undefined;
  readonly part: string;
  readonly digest: string;
}

/** Whether results of one part may have been in the other. */
function overlap(one: string, other: string): boolean {
  return one.startsWith(other) || other.startsWith(one);
}

/** The scan's own reports in the cluster. Those of an earlier scan of its name are the garbage collector's. */
async function* stored(
  client: KubeClient,
  scan: AwsAccountScan,
  limit: TimeLimit,
): AsyncGenerator<StoredReport> {
  const { namespace, name, uid } = scan.metadata;
  const labelSelector = `${SCAN_LABEL}=${scanLabelValue(name)},${MANAGED_BY}=${MANAGER}`;
  let continueToken: string | undefined;
  do {
    limit.check();
    const options = { namespace, labelSelector, limit: PAGE, continueToken };
    const page = await client.list<StoredReport>(OPEN_REPORT, options);
    for (const report of page.items)
      if (report.metadata.ownerReferences?.some((owner) => owner.uid === uid)) yield report;
    continueToken = page.metadata.continue || undefined;
  } while (continueToken !== undefined);
}

function reportedScan({ spec, metadata }: AwsAccountScan, doubt: ScanDoubt | undefined): ReportedScan {
  const { namespace, name, uid } = metadata;
  const { rules } = selectRules(spec.rules?.include);
  return {
    scope: { apiVersion: API_VERSION, kind: SCAN.kind, namespace, name, uid },
    // A spec that names no rule of ours is in doubt as well, and has to be told of under some rule.
    rules: (rules.length > 0 ? rules : RULES).map(({ id }) => id),
    includesPasses: spec.reports?.include === "All",
    doubt,
  };
}

function nameOf(scan: AwsAccountScan, part: string): string {
  return part === "" ? hashedName(scan) : `${hashedName(scan)}-${part}`;
}

function partOf(scan: AwsAccountScan, name: string): string {
  return name.slice(hashedName(scan).length + 1);
}

async function apply(
  client: KubeClient,
  scan: AwsAccountScan,
  { part, body }: DesiredReport,
  annotations: Readonly<Record<string, string>>,
): Promise<void> {
  const { namespace, name: scanName } = scan.metadata;
  const name = nameOf(scan, part);
  const report = {
    apiVersion: `${OPEN_REPORT.group}/${OPEN_REPORT.version}`,
    kind: OPEN_REPORT.kind,
    metadata: {
      name,
      namespace,
      labels: { [SCAN_LABEL]: scanLabelValue(scanName), [MANAGED_BY]: MANAGER },
      annotations,
      ownerReferences: [ownedBy(scan)],
    },
    ...body,
  };
  await client.apply(OPEN_REPORT, { namespace, name }, report, { fieldManager: MANAGER, force: true });
}

/** All of a report that is ours to say; others may add labels and annotations. */
function comparable({ source, scope, configuration, summary, results }: Partial<ReportBody>): object {
  return { source, scope, configuration, summary, results };
}
