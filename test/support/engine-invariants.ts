/** What holds of every scan, whatever AWS did: the product's promises, as a check of a scan against the fleet. */
import type { RecordedFinding, VerdictCounts } from "../../src/report/record.ts";
import type { Finding } from "../../src/scan/events.ts";
import type { Fleet } from "../../tools/aws-simulator/fleet.ts";
import type { ScanOutcome } from "./engine.ts";

/** Whether a resource that the simulator holds violates the rule, by ARN. */
export type Truth = ReadonlyMap<string, "violating" | "compliant">;

/** All that a fleet has. */
export function truthOf({ accounts }: Fleet): Truth {
  const truth = new Map<string, "violating" | "compliant">();
  for (const { id, regions = {} } of accounts) {
    for (const [region, { notebooks = [], domains = [] }] of Object.entries(regions)) {
      for (const { name, directInternetAccess } of notebooks) {
        const isOpen = directInternetAccess !== "Disabled";
        truth.set(notebookArn(id, region, name), isOpen ? "violating" : "compliant");
      }
      for (const { id: domain, appNetworkAccessType } of domains) {
        const isOpen = appNetworkAccessType !== "VpcOnly";
        truth.set(domainArn(id, region, domain), isOpen ? "violating" : "compliant");
      }
    }
  }
  return truth;
}

export function notebookArn(account: string, region: string, name: string): string {
  return `arn:aws:sagemaker:${region}:${account}:notebook-instance/${name.toLowerCase()}`;
}

export function domainArn(account: string, region: string, id: string): string {
  return `arn:aws:sagemaker:${region}:${account}:domain/${id}`;
}

/**
 * Everything of a scan that breaks a promise, in words; none is as it should be. `truth`: what was there, and as it was,
 * all through the scan; resources that the scan was told to be gone do not count as there.
 */
export function brokenPromises(outcome: ScanOutcome, truth: Truth): string[] {
  const gone = new Set(outcome.events.flatMap((event) => (event.kind === "gone" ? [event.arn] : [])));
  const told = outcome.events.flatMap((event) => (event.kind === "finding" ? [event.finding] : []));
  return [
    ...falsePasses([...told, ...outcome.record.findings], truth),
    ...hastyClaims(outcome, told, truth, gone),
    ...toldTwice(outcome),
    ...miscounts(outcome),
  ];
}

function falsePasses(findings: readonly Finding[], truth: Truth): string[] {
  return findings
    .filter(({ verdict, arn }) => verdict === "compliant" && truth.get(arn) === "violating")
    .map(({ arn }) => `${arn} violates and passes for compliant`);
}

/** Compliant=True must rest on a verdict for everything there is, and on no violation. */
function hastyClaims(
  { compliant, record }: ScanOutcome,
  told: readonly Finding[],
  truth: Truth,
  gone: ReadonlySet<string>,
): string[] {
  if (compliant !== "True") return [];
  const verdicts = new Map(told.map(({ arn, verdict }) => [arn, verdict]));
  const unread = [...truth.keys()].filter((arn) => !gone.has(arn) && !verdicts.has(arn));
  const bad = [...told, ...record.findings].filter(
    ({ verdict }) => verdict === "unknown" || verdict === "violation",
  );
  return [
    ...unread.map((arn) => `Compliant=True without a verdict on ${arn}`),
    ...bad.map(({ arn, verdict }) => `Compliant=True beside ${arn}, a ${verdict}`),
  ];
}

/** What is told of a resource and a rule is told once: judged, not judged or gone. */
function toldTwice({ events, record }: ScanOutcome): string[] {
  const seen = new Set<string>();
  const twice: string[] = [];
  const once = (key: string, what: string) => {
    if (seen.has(key)) twice.push(`${key} is told twice, ${what} at last`);
    seen.add(key);
  };
  for (const event of events) {
    if (event.kind === "finding") once(`${event.finding.rule} ${event.finding.arn}`, event.finding.verdict);
    else if (event.kind === "unjudged") once(`${event.resource.rule} ${event.resource.arn}`, "not judged");
  }
  const keys = record.findings.map(({ rule, arn }) => `${rule} ${arn}`);
  return [
    ...twice,
    ...keys.filter((key, at) => keys.indexOf(key) !== at).map((key) => `${key} is recorded twice`),
  ];
}

/** Cells count what the findings list; beside them only resources without a finding, which are unknown. */
function miscounts({ record, events }: ScanOutcome): string[] {
  const passes = events.flatMap((event) =>
    event.kind === "finding" && event.finding.verdict === "compliant" ? [event.finding] : [],
  );
  const recorded = new Set(record.findings.map(({ arn }) => arn));
  // Where a record keeps no passes, those that were told and are not recorded as something else are passes.
  const findings = [...record.findings, ...passes.filter(({ arn }) => !recorded.has(arn))];
  const places = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = placeOf(finding);
    places.set(key, [...(places.get(key) ?? []), finding]);
  }
  const cells = new Map(record.cells.map((cell) => [placeOf(cell), cell]));
  return [...new Set([...places.keys(), ...cells.keys()])].flatMap((place) => {
    const listed = countOf(places.get(place) ?? []);
    const counted = cells.get(place) ?? countOf([]);
    const isRight =
      counted.compliant === listed.compliant &&
      counted.violations === listed.violations &&
      counted.exempt === listed.exempt &&
      counted.unknown >= listed.unknown;
    return isRight ? [] : [`${place}: counted ${words(counted)}, listed ${words(listed)}`];
  });
}

function placeOf({
  account,
  region,
  type,
  rule,
}: Pick<RecordedFinding, "account" | "region" | "type" | "rule">) {
  return [account, region, type, rule].join(" ");
}

function countOf(findings: readonly Finding[]): VerdictCounts {
  const count = (verdict: Finding["verdict"]) =>
    findings.filter((finding) => finding.verdict === verdict).length;
  return {
    compliant: count("compliant"),
    violations: count("violation"),
    exempt: count("exempt"),
    unknown: count("unknown"),
  };
}

function words({ compliant, violations, exempt, unknown }: VerdictCounts): string {
  return `${compliant} compliant, ${violations} violations, ${exempt} exempt, ${unknown} unknown`;
}
