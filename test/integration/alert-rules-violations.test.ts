import { describe, it } from "vitest";
import {
  ACCOUNT,
  coverage,
  DOMAIN,
  healthyScan,
  NOTEBOOK,
  ofScan,
  operator,
  placeOf,
  resources,
  SCAN,
  violation,
} from "./alert-rules/operator-series.ts";
import { expectAlerts, fires, silent } from "./alert-rules/shipped.ts";

const ALERT = "NotebookDirectInternetAccess";
const labels = placeOf(NOTEBOOK);
const HOW =
  "All of them: kubectl awsscan violations nightly -n team-a (how to mend: awsscan plan --scan team-a/nightly --output-dir plans).";

/** One notebook, seen and verified at the time of the scan. */
const ONE = {
  labels,
  description: `1 SageMaker notebook instance with direct internet access in account ${ACCOUNT}, region us-east-1: nb-1 (since 1970-01-01 00:00 UTC). Last verified 1970-01-01 00:01 UTC. ${HOW}`,
};

/** The same while the operator gives nothing to tell of it. */
const HELD = {
  labels,
  description: `1 SageMaker notebook instance with direct internet access in account ${ACCOUNT}, region us-east-1: their names are not known as long as the operator gives no metrics. ${HOW}`,
};

describe("alerts about violations", () => {
  it("fire ten minutes after a scan has found one, with its name, and end with it", async () => {
    await expectAlerts(
      [
        ...operator(),
        ...healthyScan(),
        resources("violation", "0x4 1x24 0x100"),
        ...violation("nb-1", 0, 60, "x29 stale"),
      ],
      [...silent(ALERT, [4, 14]), ...fires(ALERT, [15, 29], ONE), ...silent(ALERT, [30, 90])],
    );
  });

  it("end where the last violating resource of a region is gone, and the place with it", async () => {
    await expectAlerts(
      [
        ...operator(),
        ...healthyScan(),
        resources("violation", "1x29 stale"),
        ...violation("nb-1", 0, 60, "x29 stale"),
      ],
      [...fires(ALERT, [29], ONE), ...silent(ALERT, [30, 90])],
    );
  });

  it("name the ten oldest, oldest first, and say how many there are beside them", async () => {
    const ages = [7, 3, 11, 1, 9, 5, 2, 12, 8, 4, 10, 6];
    const names = Array.from({ length: 10 }, (_, index) => {
      const day = String(index + 2).padStart(2, "0");
      return `nb-${index + 1} (since 1970-01-${day} 00:00 UTC)`;
    });
    await expectAlerts(
      [
        ...operator(),
        ...healthyScan(),
        // Two more than have series of their own.
        resources("violation", "14x100"),
        ...ages.flatMap((age) => violation(`nb-${age}`, age * 86_400, 60)),
        // Of another region, and of another type.
        ...violation("elsewhere", 0, 60, "x100", { region: "eu-west-1" }),
        ...violation("d-1", 0, 60, "x100", { type: DOMAIN }),
      ],
      fires(ALERT, [20], {
        labels,
        description: `14 SageMaker notebook instances with direct internet access in account ${ACCOUNT}, region us-east-1: ${names.join(", ")} and 4 more. Last verified 1970-01-01 00:01 UTC. ${HOW}`,
      }),
    );
  });

  it("say of violations that the last scan could not read how old their proof is", async () => {
    await expectAlerts(
      [
        ...operator(),
        ...healthyScan({ last_success_timestamp_seconds: "86400x100" }),
        resources("violation", "2x100"),
        ...violation("nb-1", 0, 3_600),
        ...violation("nb-2", 7_200, 86_400),
      ],
      fires(ALERT, [20], {
        labels,
        description: `2 SageMaker notebook instances with direct internet access in account ${ACCOUNT}, region us-east-1: nb-1 (since 1970-01-01 00:00 UTC), nb-2 (since 1970-01-01 02:00 UTC). Last verified 1970-01-01 01:00 UTC. The last scan could not read 1 of them: they count until one can. ${HOW}`,
      }),
    );
  });

  it("have the account's name, with what would break a line made visible, and stay where it changes", async () => {
    const info = (account_name: string, values: string) =>
      ofScan("account_info", values, { account: ACCOUNT, account_name });
    const renamed = (name: string) => ({
      ...ONE,
      description: ONE.description.replace(ACCOUNT, `${ACCOUNT} (${name})`),
    });
    await expectAlerts(
      [
        ...operator(),
        ...healthyScan(),
        resources("violation", "1x100"),
        ...violation("nb-1", 0, 60, "x29 stale", { account_name: "old" }),
        ...violation("nb-1", 0, 60, "x100", { account_name: 'a\n"b" {{ c }}' }),
        info("old", "1x29 stale"),
        info('a\n"b" {{ c }}', "_x30 1x100"),
      ],
      [...fires(ALERT, [29], renamed('"old"')), ...fires(ALERT, [30, 40], renamed('"a\\n\\"b\\" {{ c }}"'))],
    );
  });

  it("are one for each scan, account and region, without a trace of the process that told of them", async () => {
    const west = { region: "us-west-2" };
    const other = { scan: "other" };
    const described = (place: Record<string, string>, scan: string, region: string) => ({
      labels: { ...labels, ...place },
      description: HELD.description.replaceAll("nightly", scan).replace("us-east-1", region),
    });
    await expectAlerts(
      [
        ...operator(),
        resources("violation", "1x100"),
        resources("violation", "1x100", west),
        resources("violation", "1x100", other),
        // What the next process tells of the same.
        resources("violation", "_x5 1x95", { instance: "10.0.0.2:8080", pod: "operator-b" }),
      ],
      fires(
        ALERT,
        [20],
        described({}, "nightly", "us-east-1"),
        described(west, "nightly", "us-west-2"),
        described(other, "other", "us-east-1"),
      ),
    );
  });

  it("call domains by their own alert", async () => {
    const found = (values: string, type: string) => resources("violation", values, { type });
    await expectAlerts(
      [
        ...operator(),
        ...healthyScan(),
        found("0x100", NOTEBOOK),
        found("2x100", DOMAIN),
        resources("exempt", "1x100"),
      ],
      [
        ...silent(ALERT, [20]),
        ...silent("SageMakerDomainNotVpcOnly", [9]),
        ...fires("SageMakerDomainNotVpcOnly", [10], {
          labels: placeOf(DOMAIN),
          description: `2 SageMaker domains not limited to the VPC in account ${ACCOUNT}, region us-east-1: their names are not known as long as the operator gives no metrics. ${HOW}`,
        }),
      ],
    );
  });
});

describe("what an operator that is away leaves", () => {
  const scan = (during: string) => [
    ofScan("created_timestamp_seconds", `0${during}`),
    ofScan("last_success_timestamp_seconds", `60${during}`),
  ];

  it("stays for an outage of two hours, and ends when the operator is back and has read it as compliant", async () => {
    const away = "x19 stale _x119";
    await expectAlerts(
      [
        ...operator({ up: `1${away} 1x60`, restored: `1${away} 0x1 1x60` }),
        resources("violation", `1${away} _x1 1x9 0x50`),
        ...violation("nb-1", 0, 60, "x19 stale"),
        ...scan("x19 stale"),
      ],
      [
        ...fires(ALERT, [19], ONE),
        ...fires(ALERT, [20, 21, 30, 60, 139, 140, 141, 150], HELD),
        ...silent(ALERT, [152, 180]),
      ],
    );
  });

  it("goes on to fire where the operator vanished within the grace period", async () => {
    await expectAlerts(
      [...operator({ up: "1x3 stale" }), resources("violation", "1x3 stale")],
      [...silent(ALERT, [9]), ...fires(ALERT, [10, 60], HELD)],
    );
  });

  it("stays while the next process restores its scans, whatever those say that it has restored", async () => {
    const next = { instance: "10.0.0.2:8080", pod: "operator-b" };
    await expectAlerts(
      [
        ...operator({ up: "1x19 stale" }),
        ...operator({ up: "_x21 1x60", restored: "_x21 0x9 1x50" }, next),
        resources("violation", "1x19 stale"),
        // Another scan is back at once.
        resources("violation", "_x22 0x60", { ...next, scan: "other" }),
        resources("violation", "_x30 1x50", next),
      ],
      fires(ALERT, [19, 20, 22, 25, 30, 31, 60], HELD),
    );
  });

  it("stays while nobody but a standby is up, even one that has restored everything", async () => {
    const standby = { instance: "10.0.0.2:8080", pod: "operator-b" };
    await expectAlerts(
      [
        ...operator({ up: "1x19 stale" }),
        ...operator({ up: "1x100", restored: "1x100", leader: "0x59 1x40" }, standby),
        resources("violation", "1x19 stale"),
      ],
      [...fires(ALERT, [20, 59], HELD), ...silent(ALERT, [60])],
    );
  });

  it("stays while its scan goes from one replica to another, though both serve, and ends when the other tells of it", async () => {
    const second = { instance: "10.0.0.2:8080", pod: "operator-b" };
    const known = (during: string, labels = {}) => ofScan("scan_info", `1${during}`, labels);
    const told = (values: string, labels = {}) => ofScan("consecutive_failures", values, labels);
    await expectAlerts(
      [
        ...operator({ up: "1x19 stale" }),
        ...operator({}, second),
        known("x19 stale"),
        known("x100", second),
        told("0x19 stale"),
        told("_x30 0x60", second),
        resources("violation", "1x19 stale"),
        // Others of its own, all the while.
        resources("compliant", "1x100", { ...second, scan: "other" }),
      ],
      [...fires(ALERT, [19, 20, 21, 29], HELD), ...silent(ALERT, [30, 60])],
    );
  });

  it("ends with its scan where that was deleted while replicas share the others", async () => {
    const second = { instance: "10.0.0.2:8080", pod: "operator-b" };
    await expectAlerts(
      [
        ...operator(),
        ...operator({}, second),
        ...[{}, second].map((labels) => ofScan("scan_info", "1x19 stale", labels)),
        ofScan("consecutive_failures", "0x19 stale"),
        resources("violation", "1x19 stale"),
      ],
      [...fires(ALERT, [19], HELD), ...silent(ALERT, [20, 30])],
    );
  });

  it("stays whatever an operator of other scans knows", async () => {
    await expectAlerts(
      [
        ...operator({ up: "1x19 stale" }),
        ...operator({}, { job: "another-operator", instance: "10.0.0.9:8080" }),
        resources("violation", "1x19 stale"),
      ],
      fires(ALERT, [20, 60], HELD),
    );
  });

  it("goes over to an operator that was installed anew under another name", async () => {
    const renamed = { job: "scanner", instance: "10.0.0.9:8080" };
    await expectAlerts(
      [
        ...operator({ up: "1x19 stale" }),
        ...operator({ up: "_x25 1x60" }, renamed),
        resources("violation", "1x19 stale"),
        resources("violation", "_x25 1x14 0x40", renamed),
      ],
      [...fires(ALERT, [20, 25, 39], HELD), ...silent(ALERT, [40])],
    );
  });

  it("ends with its scan where that was deleted meanwhile", async () => {
    await expectAlerts(
      [
        ...operator({ up: "1x19 stale _x39 1x60", restored: "1x19 stale _x39 0x4 1x60" }),
        resources("violation", "1x19 stale"),
      ],
      [...fires(ALERT, [20, 59, 64], HELD), ...silent(ALERT, [65, 90])],
    );
  });

  it("does not come back: a violation that was over before the outage stays over", async () => {
    await expectAlerts(
      [
        ...operator({ up: "1x39 stale" }),
        resources("violation", "1x19 stale"),
        resources("violation", "1x29 0x9 stale", { scan: "other" }),
      ],
      [
        ...fires(ALERT, [19], HELD, {
          labels: { ...labels, scan: "other" },
          description: HELD.description.replaceAll("nightly", "other"),
        }),
        ...silent(ALERT, [31, 39, 40, 41, 60, 120]),
      ],
    );
  });
});

describe("a scan that can no longer be read", () => {
  it("keeps its violations, and says that it is incomplete", async () => {
    await expectAlerts(
      [
        ...operator(),
        ...healthyScan().filter(({ series }) => !series.startsWith("awsaccountscan_coverage{")),
        coverage("covered", "1x19 stale"),
        coverage("denied", "_x20 1x100"),
        resources("violation", "1x120"),
        ...violation("nb-1", 0, 60),
      ],
      [
        ...fires(ALERT, [19, 20, 60], ONE),
        ...fires("AwsAccountScanIncomplete", [60], {
          labels: SCAN,
          description: `AwsAccountScan team-a/nightly is incomplete. Accounts and regions not read: ${ACCOUNT} us-east-1: denied. No violation reported from there does not mean that there is none. See: kubectl describe awsaccountscan nightly -n team-a.`,
        }),
      ],
    );
  });
});
