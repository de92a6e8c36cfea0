import { Registry } from "prom-client";
import { registerOperatorMetrics } from "../../src/metrics/operator-metrics.ts";
import { MAX_VIOLATION_SERIES } from "../../src/metrics/violation-metrics.ts";
import { LABELS } from "./metric-labels.ts";
import { QUERIES, type Query } from "./metric-queries.ts";

/** What a registry says of one family of series. */
export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly labelNames: readonly string[];
}

/** Every family that the operator brings, in the order of its exposition; nothing is started for it. */
export function operatorFamilies(): readonly Family[] {
  const registry = new Registry();
  registerOperatorMetrics(registry, {
    build: { version: "", revision: "" },
    restored: () => false,
    leader: () => false,
    known: () => [],
    scans: () => [],
    entryOf: () => undefined,
    jobOf: () => undefined,
    descriptions: () => ({ bytes: 0, hits: 0, misses: 0 }),
    watch: () => ({ lists: 0, listFailures: 0, watches: 0, watchFailures: 0, contactAgeMs: undefined }),
    now: () => 0,
  });
  // What a registry gives is the metrics themselves: prom-client's types leave their labels out.
  const families = registry.getMetricsAsArray() as unknown as readonly Family[];
  return families.filter(({ name }) => GROUPS.some(({ prefix }) => name.startsWith(prefix)));
}

/** The groups of the page; a family is of the first that has its prefix and whose labels it has. */
const GROUPS: readonly {
  readonly title: string;
  readonly intro: string;
  /** Labels that every family of the group has, told once. */
  readonly common: readonly string[];
  readonly prefix: string;
}[] = [
  {
    title: "Scans",
    intro: "Gauges, each with the labels `namespace` and `scan` of the AwsAccountScan, and those given here.",
    common: ["namespace", "scan"],
    prefix: "awsaccountscan_",
  },
  {
    title: "The operator",
    intro:
      "What the process does. Labels of closed sets are there from the start, at 0, so that rates see the first event.",
    common: [],
    prefix: "awsaccountscan_",
  },
  {
    title: "Work queues",
    intro: "Under the names of client-go, so that dashboards made for other controllers show these too.",
    common: [],
    prefix: "workqueue_",
  },
];

/** The reference of metrics: what a registry holds, as Markdown. */
export function metricsPage(families: readonly Family[]): string {
  const groups = Map.groupBy(families, ({ name, labelNames }) =>
    GROUPS.find(
      ({ prefix, common }) => name.startsWith(prefix) && common.every((label) => labelNames.includes(label)),
    ),
  );
  const sections = GROUPS.map((group) => {
    const rows = (groups.get(group) ?? []).map((family) => row(family, group.common));
    return `## ${group.title}
${group.intro}

| name | type | labels | meaning |
|---|---|---|---|
${rows.join("\n")}`;
  });
  return `<!-- Generated from the operator's registry and tools/generate-docs by npm run generate. -->
# Metrics

\`GET /metrics\` on \`--metrics-port\` (8080), in Prometheus' text format, or OpenMetrics where the scraper asks for it.
Times are seconds since the epoch, durations seconds, sizes bytes.

## Scraping
Set \`honorLabels: true\` (\`honor_labels\` in a scrape configuration). Metrics of scans carry the scan's own \`namespace\`, so
that an alert about a team's scan reaches the team; without it Prometheus calls that \`exported_namespace\` and puts the
operator's in its place. The operator's own metrics have no such label and get the operator's namespace from the scrape.

## Who may scrape
Everybody who reaches the port, unless told otherwise: accounts, resource names and how long they have been open to the internet
are worth a NetworkPolicy at least.

| flags | served |
|---|---|
| none | HTTP, to everybody |
| \`--metrics-tls-cert-file\`, \`--metrics-tls-key-file\` | HTTPS (TLS 1.2 or later) with that certificate, to everybody |
| \`--metrics-auth\` | HTTPS with a self-signed certificate, which scrapers cannot verify, to those who are allowed |
| all three | HTTPS with that certificate, to those who are allowed |

Allowed is who sends \`Authorization: Bearer\` and a token that the API server takes for its own (TokenReview), of a user who may
\`get\` the non-resource URL \`/metrics\` (SubjectAccessReview). What the API server said of a token holds for a minute, that its
user is allowed for 5 minutes, that he is not for 30 s.

| answer | means | what to do |
|---|---|---|
| 401 | no token, or one that the API server does not know: expired, deleted, of another audience | Have the scraper send its ServiceAccount's token: \`bearerTokenFile\`, \`authorization.credentials_file\` |
| 403 | the user, whom answer and log name, is not allowed | Bind him the ClusterRole \`<release>-metrics-reader\` of the chart, or one with \`nonResourceURLs: [/metrics]\` and \`verbs: [get]\` |
| 500 | the API server could not be asked, and nothing is shown then | See the log. Most often the operator lacks \`create\` on \`tokenreviews.authentication.k8s.io\` and \`subjectaccessreviews.authorization.k8s.io\` |
| 503 | more than 64 unknown tokens are being reviewed | Somebody tries tokens: see the NetworkPolicy |

Certificate and key are PEM and read again every minute, so that a Secret may be rotated; a pair that cannot be used is told in the
log and the old one kept. What the operator signs itself encrypts and proves nothing: give it a certificate where somebody may
stand between it and the scraper, who would get the scraper's token. A scrape configuration:

\`\`\`yaml part
scheme: https
authorization:
  credentials_file: /var/run/secrets/kubernetes.io/serviceaccount/token
tls_config:
  ca_file: /etc/prometheus/awsscan/ca.crt # with a self-signed certificate: insecure_skip_verify: true
\`\`\`

## What is there when
- Series of scans are made at every scrape from the cluster as it is then, and from the last result. A violation that is
  resolved has no series in the next scrape, and a scan that is deleted has none at all; one that is made anew under
  the same name shows none of the old one's results.
- What the spec says is there from a scan's creation on; what a scan found, once the first has ended.
- A violation that could not be read again keeps its series and its age, and \`last_verified\` stays where it was.
- Of a scan whose record is lost, what is left of it stays until the next scan has replaced it.
- After a restart, \`awsaccountscan_restored\` is 0 until the record of every scan has been read from the cluster. Until
  then results are missing that were there before, and alerts should not take that for an end; then they are back,
  with their ages. Counters begin at 0, which \`rate\` and \`increase\` know; nothing else starts anew.

${sections.join("\n\n")}

## Process and Node
prom-client's own: \`process_*\` by the names of Prometheus' client libraries, such as \`process_cpu_seconds_total\`,
\`process_resident_memory_bytes\` and \`process_start_time_seconds\`, and \`nodejs_*\`, such as
\`nodejs_eventloop_lag_p99_seconds\`, \`nodejs_heap_size_used_bytes\` and \`nodejs_gc_duration_seconds\`. Which there are
depends on the system and on Node.

## Labels
| label | values | bounded by |
|---|---|---|
${labelsOf(families).map(labelRow).join("\n")}

## How many series
For one scan, with *p* accounts and regions in scope, *c* pairs of place and type that have resources (at most twice as many
places) and *e* exemptions:

| metrics | series |
|---|---|
| created, suspended, scan timeout, last success, next scan, failures, truncated | 1 each |
| \`awsaccountscan_condition\` | at most 5 |
| \`awsaccountscan_resources\` | 4 *c* a rule |
| \`awsaccountscan_coverage\` | *p* |
| \`awsaccountscan_account_info\` | 1 an account |
| \`awsaccountscan_violation_*\` | 1 a violation each, of the ${MAX_VIOLATION_SERIES.toLocaleString("en")} oldest at most |
| exemptions | *e* each |

Compliant resources have no series of their own. Violations beyond the bound are in \`awsaccountscan_resources\`, in
the scan's reports and, as a number, in \`awsaccountscan_metrics_truncated\`. Beside the scans, a namespace with scans
has the histogram of resolutions, and the process some hundred series, whatever it scans.

## Questions and queries
Scans that overlap count a resource once each.

${QUERIES.map(query).join("\n\n")}
`;
}

function row({ name, type, labelNames, help }: Family, common: readonly string[]): string {
  const labels = labelNames.filter((label) => !common.includes(label)).map((label) => `\`${label}\``);
  return `| \`${name}\` | ${type} | ${labels.join(", ")} | ${help} |`;
}

function labelsOf(families: readonly Family[]): string[] {
  return [...new Set(families.flatMap(({ labelNames }) => labelNames))];
}

function labelRow(name: string): string {
  const label = LABELS[name];
  if (label === undefined)
    throw new Error(`say in metric-labels.ts what label ${name} means and what bounds it`);
  return `| \`${name}\` | ${label.values} | ${label.bound} |`;
}

function query({ question, promql }: Query): string {
  return `${question}:

\`\`\`promql
${promql}
\`\`\``;
}
