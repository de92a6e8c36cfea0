import { describe, it } from "vitest";
import {
  ACCOUNT,
  condition,
  coverage,
  DOMAIN,
  healthyScan,
  type Labels,
  ofProcess,
  ofScan,
  operator,
  queueDepth,
  resources,
  violation,
} from "./alert-rules/operator-series.ts";
import { expectAlerts, fires, silent } from "./alert-rules/shipped.ts";

const labels = { namespace: "aws-account-scan-system" };

describe("AwsAccountScanOperatorDown", () => {
  const ALERT = "AwsAccountScanOperatorDown";
  const down = (why: string) => ({
    labels,
    description: `${why} Violations that are known keep their alerts; nobody looks for new ones. See: kubectl get pods,events -n aws-account-scan-system.`,
  });
  const GONE = down(
    "No operator in namespace aws-account-scan-system answers Prometheus: it is not running, it hangs (up is 0), or it is no target (there is no up).",
  );
  const USELESS = down(
    "An operator runs in namespace aws-account-scan-system, but none scans, or one that does has not restored its scans.",
  );
  const lacking = (...metrics: readonly string[]) =>
    down(
      `An operator runs in namespace aws-account-scan-system, but these metrics, on which alerts depend, are missing: ${metrics.join(", ")}.`,
    );

  it("fires in the operator's namespace ten minutes after it is gone, until it is back", async () => {
    await expectAlerts(
      [...operator({ up: "1x9 stale _x19 1x60" })],
      [...silent(ALERT, [9, 19]), ...fires(ALERT, [20, 29], GONE), ...silent(ALERT, [30, 60])],
    );
  });

  it("fires where there never was one, whatever operator runs elsewhere", async () => {
    await expectAlerts(operator({}, { namespace: "elsewhere" }), [
      ...silent(ALERT, [9]),
      ...fires(ALERT, [10], GONE),
    ]);
  });

  it("bears a restart of a few minutes", async () => {
    await expectAlerts(
      [
        ...operator({ up: "1x9 stale" }),
        ...operator({ up: "_x12 1x60", restored: "_x12 0x3 1x60" }, { instance: "10.0.0.2:8080" }),
      ],
      silent(ALERT, [10, 15, 20, 60]),
    );
  });

  it("fires where the operator does not come to an end with restoring its scans", async () => {
    await expectAlerts(operator({ restored: "0x60" }), fires(ALERT, [10, 60], USELESS));
  });

  it("fires where all that run are standbys, and not where one of two leads", async () => {
    const second = { instance: "10.0.0.2:8080" };
    await expectAlerts(
      [...operator({ leader: "0x60" }), ...operator({ leader: "0x60" }, second)],
      fires(ALERT, [10], USELESS),
    );
    await expectAlerts(
      [...operator(), ...operator({ restored: "0x60", leader: "0x60" }, second)],
      silent(ALERT, [60]),
    );
  });

  it("is silent while replicas share the scans, and fires where one of them has not restored its own", async () => {
    const second = { instance: "10.0.0.2:8080" };
    await expectAlerts([...operator(), ...operator({}, second)], silent(ALERT, [10, 60]));
    await expectAlerts(
      [...operator(), ...operator({ restored: "0x60" }, second)],
      [...silent(ALERT, [9]), ...fires(ALERT, [10], USELESS)],
    );
  });

  it("bears a takeover by a standby, which restores what the leader had", async () => {
    const standby = { instance: "10.0.0.2:8080" };
    await expectAlerts(
      [
        ...operator({ up: "1x19 stale" }),
        ...operator({ up: "1x60", leader: "0x20 1x40", restored: "0x22 1x38" }, standby),
      ],
      silent(ALERT, [19, 20, 21, 23, 30, 60]),
    );
  });

  it.each([
    ["created_timestamp_seconds", 10],
    ["scan_info", 10],
    ["suspended", 71],
    ["scan_timeout_seconds", 71],
    ["period_seconds", 71],
    ["condition", 71],
    ["coverage", 10],
    ["consecutive_failures", 10],
    ["next_scan_timestamp_seconds", 10],
  ])("fires where %s has vanished, though there are scans that must have it", async (metric, minute) => {
    const rest = healthyScan().filter(({ series }) => !series.startsWith(`awsaccountscan_${metric}{`));
    await expectAlerts(
      [...operator(), ...rest],
      [...silent(ALERT, [minute - 1]), ...fires(ALERT, [minute], lacking(`awsaccountscan_${metric}`))],
    );
  });

  it("fires where violations have names and no count, and where the process says too little of itself", async () => {
    await expectAlerts(
      [...operator().slice(0, 1), ...healthyScan(), ...violation("nb-1", 0, 60)],
      fires(
        ALERT,
        [10],
        lacking("awsaccountscan_leader", "awsaccountscan_resources", "awsaccountscan_restored"),
      ),
    );
  });

  it("fires where a scan is overdue and nothing tells how late it is", async () => {
    const rest = healthyScan({ next_scan_timestamp_seconds: "3600x1000", schedule_lag_seconds: undefined });
    await expectAlerts(
      [...operator(), ...rest],
      [...silent(ALERT, [80]), ...fires(ALERT, [81], lacking("awsaccountscan_schedule_lag_seconds"))],
    );
  });

  it("does not ask for a time of the next scan where none is to come", async () => {
    const idle = healthyScan({ next_scan_timestamp_seconds: undefined, suspended: "1x1000" });
    const stalled = healthyScan({ next_scan_timestamp_seconds: undefined });
    await expectAlerts([...operator(), ...idle], silent(ALERT, [60, 900]));
    await expectAlerts(
      [...operator(), ...stalled, condition("Stalled", "True", "UnknownRule")],
      silent(ALERT, [60, 900]),
    );
  });
});

describe("AwsAccountScansLate", () => {
  const ALERT = "AwsAccountScansLate";
  const waiting = (values: string, of: Labels = {}) => queueDepth("scans", values, of);
  const late = (count: number, latest: string) => ({
    labels,
    description: `${count} scans of the operator in aws-account-scan-system begin later than half the time between two of them, and more wait for their turn. The latest: ${latest}. What they say of AWS is older than their specs ask for.`,
  });
  const other = { scan: "hourly", namespace: "team-b" };

  it("fires while scans begin later than half their period and others wait, and names the latest", async () => {
    await expectAlerts(
      [
        ...operator(),
        ...healthyScan({ schedule_lag_seconds: "0x9 2400x60" }),
        ofScan("schedule_lag_seconds", "0x9 3720x60", other),
        ofScan("period_seconds", "3600x70", other),
        // Late by as much, which is little for a scan a day.
        ofScan("schedule_lag_seconds", "0x9 3720x60", { scan: "daily" }),
        ofScan("period_seconds", "86400x70", { scan: "daily" }),
        waiting("0x9 7x30 0x30"),
      ],
      [
        ...silent(ALERT, [9, 24]),
        ...fires(ALERT, [25, 39], late(2, "team-b/hourly by 1h 2m 0s, team-a/nightly by 40m 0s")),
        ...silent(ALERT, [45, 60]),
      ],
    );
  });

  it("says nothing of scans that were late after an outage, nor of the queue of somebody else", async () => {
    await expectAlerts(
      [
        ...operator(),
        ...healthyScan({ schedule_lag_seconds: "9000x100" }),
        waiting("7x5 0x100"),
        waiting("7x100", { job: "another", namespace: "elsewhere" }),
      ],
      silent(ALERT, [5, 30, 90]),
    );
  });

  it("counts a scan once of which two processes tell, one of which has begun to work", async () => {
    const second = { instance: "10.0.0.2:8080" };
    await expectAlerts(
      [
        ...operator(),
        ...healthyScan({ schedule_lag_seconds: "2400x60" }),
        ofScan("schedule_lag_seconds", "60x60", second),
        ofScan("period_seconds", "3600x60", second),
        waiting("3x60"),
        waiting("0x60", second),
      ],
      fires(ALERT, [30], late(1, "team-a/nightly by 40m 0s")),
    );
  });
});

describe("AwsApiThrottled", () => {
  const ALERT = "AwsApiThrottled";
  const requests = (operation: string, outcome: string, values: string, service = "SageMaker") =>
    ofProcess("aws_requests_total", values, { service, operation, outcome });

  it("fires where more than a tenth of a service's requests is throttled, and names the operations", async () => {
    await expectAlerts(
      [
        ...operator(),
        requests("DescribeNotebookInstance", "success", "0+60x60"),
        requests("DescribeNotebookInstance", "throttled", "0+30x60"),
        requests("ListDomains", "throttled", "0+10x60"),
        requests("AssumeRole", "success", "0+100x60", "STS"),
        requests("AssumeRole", "throttled", "0+5x60", "STS"),
      ],
      [
        ...silent(ALERT, [2]),
        ...fires(ALERT, [30], {
          labels: { ...labels, service: "SageMaker" },
          description:
            "AWS throttled 40% of the requests to SageMaker in the last 15 minutes (DescribeNotebookInstance, ListDomains). The counter is of all scans of the operator in aws-account-scan-system together.",
        }),
      ],
    );
  });

  it("says nothing of a share of a few requests", async () => {
    await expectAlerts(
      [
        ...operator(),
        requests("ListDomains", "success", "0+3x60"),
        requests("ListDomains", "throttled", "0+3x60"),
      ],
      silent(ALERT, [30, 60]),
    );
  });
});

describe("AwsAccountScanReportExportFailing", () => {
  const ALERT = "AwsAccountScanReportExportFailing";
  const exports = (result: string, values: string) => ofProcess("report_exports_total", values, { result });

  it("fires where exports go on to fail, and not for one that failed", async () => {
    await expectAlerts(
      [...operator(), exports("success", "0+1x60"), exports("error", "0x9 1x200")],
      silent(ALERT, [20, 24, 25, 26, 30, 35, 60]),
    );
    // As often as the longest wait between two attempts.
    await expectAlerts(
      [...operator(), exports("error", "0x4 1x4 2x4 3x4 4x4 5x4 6x4 7x4 8x4 9x4")],
      fires(ALERT, [40], {
        labels,
        description:
          "The operator in aws-account-scan-system keeps failing to write openreports.io Reports: what reads them (Policy Reporter, kubectl get reports) sees old results. Status, metrics and alerts are not affected. See: kubectl logs deployment/aws-account-scan-operator -n aws-account-scan-system.",
      }),
    );
  });
});

describe("AwsAccountScanReconcileErrors", () => {
  const ALERT = "AwsAccountScanReconcileErrors";
  const reconciles = (result: string, values: string) => ofProcess("reconcile_total", values, { result });

  it("fires where more than a tenth fails", async () => {
    await expectAlerts(
      [
        ...operator(),
        reconciles("success", "0+30x60"),
        reconciles("requeue_after", "0+30x60"),
        reconciles("error", "0+20x60"),
      ],
      fires(ALERT, [30], {
        labels,
        description:
          "25% of the reconciles of the operator in aws-account-scan-system failed in the last 15 minutes: it cannot read or write what it needs in the cluster. See: kubectl logs deployment/aws-account-scan-operator -n aws-account-scan-system.",
      }),
    );
  });

  it("bears fewer, and none at all", async () => {
    await expectAlerts(
      [...operator(), reconciles("success", "0+30x60"), reconciles("error", "0+3x60")],
      silent(ALERT, [30, 60]),
    );
    await expectAlerts(
      [...operator(), reconciles("success", "7x60"), reconciles("error", "7x60")],
      silent(ALERT, [60]),
    );
  });
});

describe("sums over the fleet", () => {
  const at = (expr: string, samples: Readonly<Record<string, number>>) => ({
    minute: 5,
    expr,
    samples: Object.entries(samples).map(([labels, value]) => ({ labels, value })),
  });
  const fleet = [
    resources("compliant", "6x60"),
    resources("violation", "1x60"),
    resources("violation", "2x60", { type: DOMAIN }),
    resources("exempt", "5x60"),
    resources("unknown", "0x60"),
    // The same account and region in another scan, which could read less of it.
    resources("compliant", "5x60", { scan: "other" }),
    resources("unknown", "1x60", { scan: "other" }),
    resources("violation", "4x60", { account: "222222222222", region: "eu-west-1" }),
    coverage("covered", "1x60"),
    coverage("denied", "1x60", { region: "eu-west-1" }),
    coverage("denied", "1x60", { region: "eu-west-1", scan: "other" }),
  ];

  it("count a resource once however many scans see it, and an unknown one against compliance", async () => {
    await expectAlerts(
      [...operator(), ...fleet],
      [
        at("rule_verdict:awsaccountscan_resources:sum", {
          'rule_verdict:awsaccountscan_resources:sum{rule="SageMaker-004",verdict="compliant"}': 6,
          'rule_verdict:awsaccountscan_resources:sum{rule="SageMaker-004",verdict="violation"}': 7,
          'rule_verdict:awsaccountscan_resources:sum{rule="SageMaker-004",verdict="exempt"}': 5,
          'rule_verdict:awsaccountscan_resources:sum{rule="SageMaker-004",verdict="unknown"}': 1,
        }),
        at("rule:awsaccountscan_compliance:ratio", {
          'rule:awsaccountscan_compliance:ratio{rule="SageMaker-004"}': 6 / 14,
        }),
        at("account_rule:awsaccountscan_compliance:ratio", {
          [`account_rule:awsaccountscan_compliance:ratio{account="${ACCOUNT}",rule="SageMaker-004"}`]: 0.6,
        }),
        at("account_rule:awsaccountscan_violations:sum", {
          [`account_rule:awsaccountscan_violations:sum{account="${ACCOUNT}",rule="SageMaker-004"}`]: 3,
          'account_rule:awsaccountscan_violations:sum{account="222222222222",rule="SageMaker-004"}': 4,
        }),
        at("region_rule:awsaccountscan_violations:sum", {
          'region_rule:awsaccountscan_violations:sum{region="us-east-1",rule="SageMaker-004"}': 3,
          'region_rule:awsaccountscan_violations:sum{region="eu-west-1",rule="SageMaker-004"}': 4,
        }),
        at("type_rule:awsaccountscan_violations:sum", {
          'type_rule:awsaccountscan_violations:sum{type="AWS::SageMaker::NotebookInstance",rule="SageMaker-004"}': 5,
          'type_rule:awsaccountscan_violations:sum{type="AWS::SageMaker::Domain",rule="SageMaker-004"}': 2,
        }),
        at("state:awsaccountscan_coverage:count", {
          'state:awsaccountscan_coverage:count{state="covered"}': 1,
          'state:awsaccountscan_coverage:count{state="denied"}': 1,
        }),
      ],
    );
  });

  it("are absent while a scan goes from one replica to another, and not for one that only a standby knows", async () => {
    const second = { instance: "10.0.0.2:8080" };
    const moves = (leader: string) => [
      ...operator(),
      ...operator({ leader }, second),
      ...fleet,
      ofScan("scan_info", "1x60", { ...second, scan: "moves" }),
    ];
    await expectAlerts(moves("1x60"), [at('{__name__=~".+:awsaccountscan_.+:(sum|ratio|count|max)"}', {})]);
    await expectAlerts(moves("0x60"), [
      at('rule_verdict:awsaccountscan_resources:sum{verdict="violation"}', {
        'rule_verdict:awsaccountscan_resources:sum{rule="SageMaker-004",verdict="violation"}': 7,
      }),
    ]);
  });

  it("are absent while the operator restores its scans, and the ratio where nothing is judged", async () => {
    await expectAlerts(
      [...operator({ restored: "0x60" }), ...fleet],
      [at('{__name__=~".+:awsaccountscan_.+:(sum|ratio|count|max)"}', {})],
    );
    await expectAlerts(
      [...operator(), resources("exempt", "3x60"), resources("compliant", "0x60")],
      [at('{__name__=~".+:ratio"}', {})],
    );
  });
});
