import { describe, expect, it } from "vitest";
import { plainIdentities, resourceIdentity, resultIdentity } from "../../test/support/policy-reporter.ts";
import type { Coverage, RecordedFinding, ScanRecord } from "../report/record.ts";
import { DOMAIN, NOTEBOOK_INSTANCE } from "../rules/resource.ts";
import { CarriedResults } from "./carried.ts";
import { reportsOf, rowsOf } from "./report.ts";
import type { ReportedScan } from "./results.ts";

const A = "111111111111";
const B = "222222222222";
const REGION = "us-east-1";

const scope = {
  apiVersion: "awsaccountscan.dev/v1alpha1",
  kind: "AwsAccountScan",
  namespace: "team",
  name: "ml",
  uid: "0b7c2c0e-1111-4222-8333-444455556666",
};
const scanned: ReportedScan = { scope, rules: ["SageMaker-004"], includesPasses: false };

const finding = (facts: Partial<RecordedFinding> = {}): RecordedFinding => {
  const { account = A, region = REGION, name = "n" } = facts;
  return {
    rule: "SageMaker-004",
    verdict: "violation",
    arn: `arn:aws:sagemaker:${region}:${account}:notebook-instance/${name}`,
    type: NOTEBOOK_INSTANCE,
    account,
    region,
    name,
    reason: "DirectInternetAccessEnabled",
    message: "The notebook instance has direct internet access.",
    evidence: { DirectInternetAccess: "Enabled" },
    firstSeen: "2026-01-01T00:00:00Z",
    ...facts,
  };
};
const unknown = (facts: Partial<RecordedFinding> = {}) => {
  const { firstSeen: _, ...rest } = finding({
    verdict: "unknown",
    reason: "AccessDenied",
    evidence: {},
    ...facts,
  });
  return rest;
};

function record(findings: readonly RecordedFinding[], facts: Partial<ScanRecord> = {}): ScanRecord {
  const startTime = "2026-01-05T00:00:00Z";
  return {
    scan: {
      id: "1",
      trigger: "Scheduled",
      generation: 1,
      scopeDigest: "",
      startTime,
      completionTime: startTime,
      outcome: "Complete",
      consecutiveFailures: 0,
    },
    cells: [],
    coverage: [],
    failures: [],
    findings,
    ...facts,
  };
}

function reports(of: ScanRecord, scan = scanned, carried = new CarriedResults(), maxBytes?: number) {
  return reportsOf([...rowsOf(of, scan, carried)], scan, maxBytes);
}
function results(of: ScanRecord, scan = scanned, carried?: CarriedResults) {
  return reports(of, scan, carried).flatMap(({ body }) => body.results);
}

/** The record a day later, nothing else changed but the words of AWS. */
function later({ scan, ...rest }: ScanRecord): ScanRecord {
  const startTime = "2026-01-06T00:00:00Z";
  return { ...rest, scan: { ...scan, id: "2", startTime, completionTime: startTime } };
}

describe("a record as Reports", () => {
  it("tells a violation with what it rests on, since when, and what to do", () => {
    const cells = [
      { ...finding(), accountName: "ml-prod", compliant: 0, violations: 1, exempt: 0, unknown: 0 },
    ];
    expect(results(record([finding()], { cells }))).toEqual([
      {
        policy: "SageMaker-004",
        rule: "Disable Direct Internet Access for Notebook Instances",
        category: "SageMaker",
        severity: "medium",
        result: "fail",
        timestamp: { seconds: Date.parse("2026-01-01T00:00:00Z") / 1_000, nanos: 0 },
        resources: [
          {
            apiVersion: "AWS::SageMaker",
            kind: "NotebookInstance",
            name: `${A}/${REGION}/n`,
            uid: expect.stringMatching(/^[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/),
          },
        ],
        message: `The notebook instance has direct internet access. arn:aws:sagemaker:${REGION}:${A}:notebook-instance/n`,
        properties: {
          DirectInternetAccess: "Enabled",
          arn: finding().arn,
          account: A,
          accountName: "ml-prod",
          region: REGION,
          name: "n",
          reason: "DirectInternetAccessEnabled",
          firstSeen: "2026-01-01T00:00:00Z",
          frameworks: expect.stringMatching(/PCI DSS 4\.0\.1: 1\.4\.4;.*GDPR/),
          remediation: `awsscan plan ${finding().arn}`,
          resultID: expect.any(String),
        },
      },
    ]);
  });

  it.each([
    ["violation", "fail"],
    ["unknown", "error"],
    ["exempt", "skip"],
    ["compliant", "pass"],
  ] as const)("takes %s for %s", (verdict, status) => {
    const [report] = reports(record([finding({ verdict })]), { ...scanned, includesPasses: true });
    expect(report?.body.results).toMatchObject([{ result: status }]);
    expect(report?.body.summary).toEqual({ pass: 0, fail: 0, warn: 0, error: 0, skip: 0, [status]: 1 });
    expect(report?.body.configuration).toBeUndefined();
  });

  it("leaves passes out where they are not asked for, and says so", () => {
    const [report, ...more] = reports(record([finding({ verdict: "compliant" })]));
    expect(report?.body.results).toEqual([]);
    expect(report?.body.configuration?.limits.statusFilter).not.toContain("pass");
    expect(more).toEqual([]);
  });

  it("tells of every place that could not be read", () => {
    const coverage: Coverage[] = [
      { account: A, region: REGION, state: "covered" },
      { account: A, region: "me-south-1", state: "unsupported" },
      {
        account: A,
        region: "eu-west-1",
        state: "denied",
        operation: "ListDomains",
        code: "AccessDenied",
        message: "no",
      },
      {
        account: B,
        region: "",
        state: "denied",
        operation: "AssumeRole",
        code: "AccessDenied",
        message: "no",
      },
      { account: "", region: "", state: "failed" },
    ];
    const told = results(record([], { coverage }));
    expect(
      told.map(({ result, resources: [{ kind, name }], message }) => [result, kind, name, message]).sort(),
    ).toEqual([
      ["error", "Account", B, `account ${B} could not be read: denied: AccessDenied (AssumeRole) no`],
      ["error", "AwsAccountScan", "ml", "The scan's accounts could not be read: failed"],
      [
        "error",
        "Region",
        `${A}/eu-west-1`,
        `eu-west-1 of account ${A} could not be read: denied: AccessDenied (ListDomains) no`,
      ],
    ]);
  });

  it("tells of resources without a verdict that the record only counts", () => {
    const cell = { account: A, region: REGION, type: NOTEBOOK_INSTANCE, rule: "SageMaker-004" } as const;
    const cells = [{ ...cell, compliant: 3, violations: 0, exempt: 0, unknown: 8 }];
    const coverage: Coverage[] = [{ account: A, region: REGION, state: "covered" }];
    const told = results(record([unknown()], { cells, coverage }));
    expect(told.find(({ resources: [{ kind }] }) => kind === "Region")).toMatchObject({
      result: "error",
      message: `${REGION} of account ${A} has more that could not be judged than is listed`,
      properties: { coverage: "not-listed", resourcesNotListed: "7" },
    });
  });

  it("says of a violation that the scan could not read when it was last one", () => {
    const [told] = results(record([finding({ lastVerified: "2026-01-03T00:00:00Z" })]));
    expect(told).toMatchObject({ result: "fail", properties: { lastVerified: "2026-01-03T00:00:00Z" } });
    expect(told?.message).toContain("it stands as it was last read, at 2026-01-03T00:00:00Z");
  });
});

describe("the next scan's Reports", () => {
  const coverage: Coverage[] = [
    { account: A, region: "eu-west-1", state: "timed-out", message: "10 of 90", requestId: "one" },
  ];
  const first = record(
    [
      finding({ name: "open" }),
      finding({ name: "waived", verdict: "exempt", exemption: "x" }),
      unknown({ name: "dark", message: "request 1" }),
    ],
    { coverage },
  );
  const [stored] = reports(first);
  const carried = new CarriedResults();
  carried.add(stored?.body.results ?? []);

  it("are the same where nothing has changed but times and the words of AWS", () => {
    const words = first.findings.map((before) =>
      before.verdict === "unknown" ? { ...before, message: "request 2" } : before,
    );
    const moved = coverage.map((row) => ({ ...row, message: "20 of 90", requestId: "two" }));
    expect(reports(later({ ...first, findings: words, coverage: moved }), scanned, carried)).toEqual([
      stored,
    ]);
  });

  it("differ without what the cluster has: its times are what is carried", () => {
    expect(reports(later(first))).not.toEqual([stored]);
  });

  it("date a result anew whose verdict or cause is another one", () => {
    const findings = [
      finding({ name: "waived", verdict: "compliant" }),
      unknown({ name: "dark", reason: "Throttled" }),
    ];
    const dates = results(
      later({ ...first, findings, coverage: [] }),
      { ...scanned, includesPasses: true },
      carried,
    );
    expect(dates.map(({ timestamp }) => timestamp.seconds)).toEqual(
      Array(2).fill(Date.parse("2026-01-06T00:00:00Z") / 1_000),
    );
  });

  it("tell the new words of an exemption", () => {
    const findings = [finding({ name: "waived", verdict: "exempt", exemption: "x", message: "until June" })];
    const [told] = results(later({ ...first, findings, coverage: [] }), scanned, carried);
    expect(told?.message).toContain("until June");
    expect(told?.timestamp).toEqual(stored?.body.results.find(({ result }) => result === "skip")?.timestamp);
  });
});

describe("parts", () => {
  const fleet = (size: number) => Array.from({ length: size }, (_, n) => finding({ name: `n-${n}` }));
  const MAX = 100_000;

  it("lose and double nothing, and stay under their bound", () => {
    const parts = reports(record(fleet(1_000)), scanned, undefined, MAX);
    expect(parts.length).toBeGreaterThan(8);
    const arns = parts.flatMap(({ body }) => body.results.map(({ properties }) => properties["arn"]));
    expect(arns.sort()).toEqual(
      fleet(1_000)
        .map(({ arn }) => arn)
        .sort(),
    );
    for (const { body } of parts) expect(JSON.stringify(body).length).toBeLessThan(MAX + 2_000);
    expect(new Set(parts.map(({ part }) => part)).size).toBe(parts.length);
  });

  it("are all but one the same after one change", () => {
    const before = new Set(
      reports(record(fleet(1_000)), scanned, undefined, MAX).map((part) => JSON.stringify(part)),
    );
    const changed = [...fleet(999), finding({ name: "n-999", verdict: "exempt", exemption: "x" })];
    const after = reports(record(changed), scanned, undefined, MAX).map((part) => JSON.stringify(part));
    expect(after.filter((part) => !before.has(part))).toHaveLength(1);
  });

  it("that grow too large are cut without touching the others", () => {
    const names = (size: number) =>
      reports(record(fleet(size)), scanned, undefined, MAX).map(({ part }) => part);
    const before = names(300);
    const after = names(340);
    for (const part of before) expect(after.some((name) => name.startsWith(part))).toBe(true);
    expect(after.length).toBeGreaterThan(before.length);
  });
});

describe("Policy Reporter", () => {
  const twins = [
    finding({ account: A }),
    finding({ account: B }),
    finding({ account: A, region: "eu-west-1" }),
  ];
  // Names of domains are not unique, and nor is a name among types.
  const domains = ["d-1", "d-2"].map((id) =>
    finding({ type: DOMAIN, name: "n", arn: `arn:aws:sagemaker:${REGION}:${A}:domain/${id}` }),
  );
  const [report] = reports(record([...twins, ...domains]));
  const body = report?.body ?? { scope, results: [] };

  it("is told by the same hash that its own tests expect", () => {
    expect(resultIdentity({ scope: { name: "test", kind: "Pod" } }, {})).toBe("18007334074686647077");
  });

  it.each([
    ["results by the identity that they name", body.results.map((result) => resultIdentity(body, result))],
    ["results by scope and words", plainIdentities(body)],
    [
      "resources in lists and metrics",
      body.results.map(({ resources: [resource] }) => resourceIdentity(resource)),
    ],
  ])("keeps instances of the same name apart: %s", (_, identities) => {
    expect(new Set(identities).size).toBe(5);
  });

  it("keeps the results of two scans of one account apart", () => {
    const [other] = reports(record(twins), { ...scanned, scope: { ...scope, uid: "another" } });
    const identities = [...body.results, ...(other?.body.results ?? [])].map(
      ({ properties }) => properties["resultID"],
    );
    expect(new Set(identities).size).toBe(8);
  });
});

describe("hostile names and messages", () => {
  const hostile = "\u001b[31m\u202e`$(rm -rf /)`\n=cmd()|'<script>\u0000\ud800";

  it("become one bounded line each, and no command to copy", () => {
    const long = hostile.repeat(5_000);
    const arn = `arn:aws:sagemaker:${REGION}:${A}:notebook-instance/${long}`;
    const row: Coverage = { account: A, region: REGION, state: "failed", code: long, message: long };
    const rows = [finding({ arn, name: long, evidence: { [long]: long } }), unknown({ message: long })];
    const told = results(record(rows, { coverage: [row] }));
    expect(told).toHaveLength(3);
    for (const result of told) {
      expect(JSON.stringify(result).length).toBeLessThan(12_000);
      for (const text of [result.message, result.resources[0].name, ...Object.values(result.properties)]) {
        // biome-ignore lint/suspicious/noControlCharactersInRegex: that there are none is what is tested
        expect(text).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/);
        expect(text.isWellFormed()).toBe(true);
      }
    }
    expect(told.flatMap(({ properties }) => Object.keys(properties))).not.toContain("remediation");
  });
});
