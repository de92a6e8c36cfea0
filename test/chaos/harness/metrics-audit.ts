import type { AwsAccountScan } from "../../../src/api/generated/awsaccountscan.ts";
import type { Sample } from "../../support/exposition.ts";
import { compliantOf } from "./fleet.ts";
import type { Truth } from "./truth.ts";

/** A scrape, and what was known of the cluster just before and just after it. */
export interface Scrape {
  readonly samples: readonly Sample[];
  /** Whether the process has all scans, if it has any. */
  readonly isWhole: boolean;
  /** Violations that the status of each scan listed, by UID. */
  readonly before: ReadonlyMap<string, readonly string[]>;
  readonly after: ReadonlyMap<string, readonly string[]>;
  /** Every scan that the cluster ever had, by UID. */
  readonly scans: ReadonlyMap<string, AwsAccountScan>;
}

/** Promises that a scrape breaks: no false pass, and no violation without its series while one process scans. */
export function brokenInScrape({ samples, isWhole, before, after, scans }: Scrape, truth: Truth): string[] {
  const of = (name: string) => samples.filter((sample) => sample.name === `awsaccountscan_${name}`);
  const broken: string[] = [];
  for (const { labels } of of("condition")) {
    if (labels["type"] !== "Compliant" || labels["status"] !== "True") continue;
    const namesakes = [...scans.values()].filter((scan) => isOf(labels, scan));
    const possible = namesakes.flatMap(({ spec }) => truth.between(spec, 0, Number.POSITIVE_INFINITY));
    if (possible.every((verdict) => compliantOf(verdict) !== "True"))
      broken.push(`metric: ${labels["namespace"]}/${labels["scan"]} has Compliant=True`);
  }
  // Until then results are missing, and the series says so.
  const answers = isWhole && of("restored")[0]?.value === 1 && of("leader")[0]?.value === 1;
  if (!answers) return broken;
  const shown = of("violation_info");
  for (const [uid, arns] of before) {
    const scan = scans.get(uid);
    if (scan === undefined) continue;
    // A series goes with the record that disproves it, and the status may be refused for a while yet.
    const always = truth.between(scan.spec, 0, Number.POSITIVE_INFINITY);
    for (const arn of arns.filter((each) => always.every(({ violations }) => violations.includes(each)))) {
      if (!after.get(uid)?.includes(arn)) continue;
      if (!shown.some(({ labels }) => isOf(labels, scan) && isAbout(labels, arn)))
        broken.push(`metric: ${scan.metadata.namespace}/${scan.metadata.name} lacks ${arn}`);
    }
  }
  return broken;
}

/** How the series of a process that scans differ from the scans of the cluster; none is as it should be. */
export function differences(samples: readonly Sample[], scans: readonly AwsAccountScan[]): string[] {
  const keyOf = (labels: Sample["labels"]) => `${labels["namespace"]}/${labels["scan"]}`;
  const keys = new Set(scans.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`));
  const strangers = new Set(
    samples
      .filter(({ labels }) => labels["scan"] !== undefined && !keys.has(keyOf(labels)))
      .map(({ labels }) => keyOf(labels)),
  );
  return [
    ...[...strangers].map((key) => `series of ${key}, which is no more`),
    ...scans.flatMap((scan) => {
      const ours = samples.filter(({ labels }) => isOf(labels, scan));
      const of = (name: string) => ours.filter((sample) => sample.name === `awsaccountscan_${name}`);
      const { name, namespace } = scan.metadata;
      const told = scan.status?.violations?.map(
        ({ arn, firstSeen = "" }) => `${placeOf(arn)} ${Date.parse(firstSeen) / 1_000}`,
      );
      const shown = of("violation_first_seen_timestamp_seconds").map(
        ({ labels, value }) => `${placeIn(labels)} ${value}`,
      );
      const conditions = scan.status?.conditions?.map(
        ({ type, status, reason }) => `${type}=${status} ${reason}`,
      );
      const shownConditions = of("condition").map(
        ({ labels }) => `${labels["type"]}=${labels["status"]} ${labels["reason"]}`,
      );
      const count = (verdict: string) =>
        of("resources")
          .filter(({ labels }) => labels["verdict"] === verdict)
          .reduce((sum, { value }) => sum + value, 0);
      const { compliant, violations, exempt, unknown } = scan.status?.summary ?? {};
      const pairs = [
        ["violations", told?.sort(), shown.sort()],
        ["conditions", conditions?.sort(), shownConditions.sort()],
        [
          "counts",
          [compliant, violations, exempt, unknown],
          ["compliant", "violation", "exempt", "unknown"].map(count),
        ],
      ];
      return pairs
        .filter(([, status, series]) => JSON.stringify(status) !== JSON.stringify(series))
        .map(
          ([what, status, series]) =>
            `${namespace}/${name}: ${what} ${JSON.stringify(status)} in status, ${JSON.stringify(series)} in series`,
        );
    }),
  ];
}

/** Scans that have series in the scrapes of several processes at once, when all have come to rest. */
export function shared(scrapes: readonly (readonly Sample[])[]): string[] {
  const shown = scrapes.flatMap((samples) => {
    const scans = samples.filter(
      ({ name, labels }) => labels["scan"] !== undefined && name !== "awsaccountscan_scan_info",
    );
    return [...new Set(scans.map(({ labels }) => `${labels["namespace"]}/${labels["scan"]}`))];
  });
  const twice = new Set(shown.filter((key, at) => shown.indexOf(key) !== at));
  return [...twice].map((key) => `several processes have series of ${key}`);
}

function isOf(labels: Sample["labels"], { metadata }: AwsAccountScan): boolean {
  return labels["namespace"] === metadata.namespace && labels["scan"] === metadata.name;
}

/** A resource, as the labels of its series name it. */
function placeIn({ account, region, resource }: Sample["labels"]): string {
  return `${account} ${region} ${resource}`;
}

function placeOf(arn: string): string {
  const [, , , region, account, resource = ""] = arn.split(":");
  return `${account} ${region} ${resource.slice(resource.indexOf("/") + 1)}`;
}

function isAbout(labels: Sample["labels"], arn: string): boolean {
  return placeIn(labels) === placeOf(arn);
}
