import { describe, it } from "vitest";
import {
  ACCOUNT,
  condition,
  coverage,
  healthyScan,
  ofScan,
  operator,
  resources,
  SCAN,
} from "./alert-rules/operator-series.ts";
import { expectAlerts, fires, silent } from "./alert-rules/shipped.ts";

const SEE = "See: kubectl describe awsaccountscan nightly -n team-a.";
const ALL = ["Incomplete", "Stale", "Failing", "Stalled", "MetricsTruncated"].map(
  (end) => `AwsAccountScan${end}`,
);
const without = (name: string) =>
  healthyScan().filter(({ series }) => !series.startsWith(`awsaccountscan_${name}{`));

describe("a scan that is as it should be", () => {
  it("has no alert, and neither has a region where SageMaker does not exist", async () => {
    await expectAlerts(
      [
        ...operator(),
        ...healthyScan(),
        coverage("unsupported", "1x1000", { region: "ap-east-2" }),
        resources("compliant", "3x1000"),
        resources("unknown", "0x1000"),
      ],
      [...ALL, "AwsAccountScanOperatorDown", "ExemptionExpiring"].flatMap((name) =>
        silent(name, [20, 100, 500]),
      ),
    );
  });
});

describe("AwsAccountScanIncomplete", () => {
  const ALERT = "AwsAccountScanIncomplete";
  const incomplete = (places: string, unknown = "") => ({
    labels: SCAN,
    description: `AwsAccountScan team-a/nightly is incomplete. Accounts and regions not read: ${places}.${unknown} No violation reported from there does not mean that there is none. ${SEE}`,
  });

  it.each(["denied", "denied-by-scp", "throttled", "timed-out", "unreachable", "not-enabled", "failed"])(
    "fires for a region that is %s, after a quarter of an hour",
    async (state) => {
      await expectAlerts(
        [...operator(), ...healthyScan(), coverage(state, "1x60", { region: "eu-west-1" })],
        [...silent(ALERT, [14]), ...fires(ALERT, [15], incomplete(`${ACCOUNT} eu-west-1: ${state}`))],
      );
    },
  );

  it("names an account that could not be read at all, and ten places at most", async () => {
    const regions = Array.from({ length: 11 }, (_, index) => `r-${index + 10}`);
    await expectAlerts(
      [
        ...operator(),
        coverage("denied", "1x60", { region: "" }),
        ...regions.map((region) => coverage("throttled", "1x60", { region })),
      ],
      fires(
        ALERT,
        [20],
        incomplete(
          `${[`${ACCOUNT}: denied`, ...regions.slice(0, 9).map((region) => `${ACCOUNT} ${region}: throttled`)].join(", ")} and 2 more`,
        ),
      ),
    );
  });

  it("fires for resources without a verdict, and tells how many", async () => {
    await expectAlerts(
      [
        ...operator(),
        ...healthyScan(),
        resources("unknown", "3x60"),
        resources("unknown", "4x60", { region: "eu-west-1" }),
      ],
      fires(ALERT, [20], incomplete("none", " Resources without a verdict: 7.")),
    );
  });

  it("fires for what only the status tells of, such as a violation that was not verified", async () => {
    await expectAlerts(
      [...operator(), ...without("condition"), condition("Complete", "False", "AccessDenied")],
      fires(ALERT, [20], incomplete("none")),
    );
  });

  it("outlives a restart of the operator", async () => {
    await expectAlerts(
      [...operator(), coverage("denied", "1x20 stale _x9 1x5 stale")],
      [...fires(ALERT, [20, 21, 29, 35], incomplete(`${ACCOUNT} us-east-1: denied`)), ...silent(ALERT, [60])],
    );
  });
});

describe("AwsAccountScanStale", () => {
  const ALERT = "AwsAccountScanStale";
  const stale = (read: string, due: string) => ({
    labels: SCAN,
    description: `AwsAccountScan team-a/nightly ${read}. ${due} ${SEE}`,
  });
  // Due after an hour; a timeout of 15 minutes and a margin of 10 make it late at minute 86, and an alert at 101.
  const due = { next_scan_timestamp_seconds: "3600x1000" };

  it("fires well past the time at which the next scan should have ended", async () => {
    await expectAlerts(
      [...operator(), ...healthyScan(due)],
      [
        ...silent(ALERT, [60, 85, 100]),
        ...fires(
          ALERT,
          [101, 200],
          stale(
            "last read anything at 1970-01-01 00:01 UTC, and what it says of AWS is of then",
            "Next scan due: 1970-01-01 01:00 UTC.",
          ),
        ),
      ],
    );
  });

  it("gives a scan the time that its own timeout allows", async () => {
    await expectAlerts(
      [...operator(), ...healthyScan({ ...due, scan_timeout_seconds: "7200x1000" })],
      [
        ...silent(ALERT, [101, 205]),
        ...fires(
          ALERT,
          [206],
          stale(
            "last read anything at 1970-01-01 00:01 UTC, and what it says of AWS is of then",
            "Next scan due: 1970-01-01 01:00 UTC.",
          ),
        ),
      ],
    );
  });

  it("fires for a scan that never read anything since it was made", async () => {
    const never = healthyScan({
      last_success_timestamp_seconds: undefined,
      next_scan_timestamp_seconds: undefined,
      created_timestamp_seconds: "600x1000",
    });
    await expectAlerts(
      [...operator(), ...never],
      [
        ...silent(ALERT, [35, 50]),
        ...fires(ALERT, [51], stale("has read nothing since it was made", "No scan of it has ended.")),
      ],
    );
  });

  it("does not take a scan that is not restored yet for one that never read anything", async () => {
    await expectAlerts(
      [
        ...operator({ restored: "0x300" }),
        ofScan("created_timestamp_seconds", "0x300"),
        ofScan("scan_timeout_seconds", "900x300"),
      ],
      silent(ALERT, [60, 300]),
    );
  });

  it("says nothing of a scan that is suspended, or that is stalled", async () => {
    const old = { ...due, last_success_timestamp_seconds: undefined };
    await expectAlerts(
      [...operator(), ...healthyScan({ ...old, suspended: "1x1000" })],
      silent(ALERT, [200, 900]),
    );
    await expectAlerts(
      [...operator(), ...healthyScan(old), condition("Stalled", "True", "UnknownRule")],
      silent(ALERT, [200, 900]),
    );
  });
});

describe("AwsAccountScanFailing", () => {
  const ALERT = "AwsAccountScanFailing";

  it("fires after three scans in a row that could read nothing, with the reason, until one can", async () => {
    await expectAlerts(
      [
        ...operator(),
        ...healthyScan({ consecutive_failures: "0 1 2 2x10 3x10 4x10 0x100" }),
        condition("Complete", "False", "AccessDenied", "1x34 stale"),
      ],
      [
        ...silent(ALERT, [13, 18]),
        ...fires(ALERT, [19], {
          labels: SCAN,
          description: `The last 3 scans of AwsAccountScan team-a/nightly could read nothing (AccessDenied). The last that could ended at 1970-01-01 00:01 UTC. ${SEE}`,
        }),
        ...silent(ALERT, [60]),
      ],
    );
  });

  it("tells of one that never could, and says nothing of one that is suspended", async () => {
    const failing = { consecutive_failures: "9x100", last_success_timestamp_seconds: undefined };
    await expectAlerts(
      [...operator(), ...healthyScan(failing)],
      fires(ALERT, [10], {
        labels: SCAN,
        description: `The last 9 scans of AwsAccountScan team-a/nightly could read nothing. None ever could. ${SEE}`,
      }),
    );
    await expectAlerts(
      [...operator(), ...healthyScan({ ...failing, suspended: "1x100" })],
      silent(ALERT, [10, 90]),
    );
  });
});

describe("AwsAccountScanStalled", () => {
  const ALERT = "AwsAccountScanStalled";
  const stalled = (reason: string) => ({
    labels: SCAN,
    description: `AwsAccountScan team-a/nightly is stalled (${reason}): it scans nothing until somebody changes its spec, its credentials or the operator's configuration. ${SEE}`,
  });

  it("fires once, and does not begin anew where the reason changes", async () => {
    await expectAlerts(
      [
        ...operator(),
        ...healthyScan(),
        condition("Stalled", "True", "UnknownRule", "1x9 stale"),
        condition("Stalled", "True", "InvalidSchedule", "_x10 1x9 stale"),
      ],
      [
        ...silent(ALERT, [4]),
        ...fires(ALERT, [5, 9], stalled("UnknownRule")),
        ...fires(ALERT, [10, 11, 19], stalled("InvalidSchedule")),
        ...silent(ALERT, [36]),
      ],
    );
  });

  it("says nothing of other conditions", async () => {
    await expectAlerts(
      [
        ...operator(),
        condition("Reconciling", "True", "Progressing"),
        condition("Ready", "False", "ScanFailed"),
      ],
      silent(ALERT, [60]),
    );
  });
});

describe("AwsAccountScanMetricsTruncated", () => {
  it("tells how many violations have no name in the metrics", async () => {
    await expectAlerts(
      [...operator(), ...healthyScan({ metrics_truncated: "0x9 12x100" })],
      [
        ...silent("AwsAccountScanMetricsTruncated", [24]),
        ...fires("AwsAccountScanMetricsTruncated", [25], {
          labels: SCAN,
          description:
            "12 violations of AwsAccountScan team-a/nightly are counted in the metrics, and not named. All of them: kubectl awsscan violations nightly -n team-a.",
        }),
      ],
    );
  });
});

describe("ExemptionExpiring", () => {
  const ALERT = "ExemptionExpiring";
  const exemption = (covers: string, expiry: number, name: string) => [
    ofScan("exemption_resources", covers, { exemption: name }),
    ofScan("exemption_expiry_timestamp_seconds", `${expiry}x1000`, { exemption: name }),
  ];
  const HOUR = 3_600;
  const WEEK = 168 * HOUR;

  it("fires in the week before the end, and no longer than to the end", async () => {
    await expectAlerts(
      [
        ...operator(),
        ...exemption("2x1000", WEEK + HOUR, 'legacy "ml"'),
        ...exemption("1x1000", 2 * HOUR, "short"),
      ],
      [
        ...fires(ALERT, [60], {
          labels: { ...SCAN, exemption: "short" },
          description:
            'Exemption "short" of AwsAccountScan team-a/nightly ends at 1970-01-01 02:00 UTC: 1 violation that it covers will count again. See: kubectl awsscan violations nightly -n team-a.',
        }),
        ...fires(ALERT, [140], {
          labels: { ...SCAN, exemption: 'legacy "ml"' },
          description:
            'Exemption "legacy \\"ml\\"" of AwsAccountScan team-a/nightly ends at 1970-01-08 01:00 UTC: 2 violations that it covers will count again. See: kubectl awsscan violations nightly -n team-a.',
        }),
      ],
    );
  });

  it("says nothing of one that covers nothing, or that never ends", async () => {
    await expectAlerts(
      [
        ...operator(),
        ...exemption("0x1000", 100 * HOUR, "unused"),
        ofScan("exemption_resources", "5x1000", { exemption: "endless" }),
      ],
      silent(ALERT, [60, 900]),
    );
  });
});
