import fc from "fast-check";
import { expect } from "vitest";
import { fuzz } from "../../test/support/fuzz.ts";
import { damagedJson, type Json } from "../../test/support/mutations.ts";
import { RECORD } from "../../test/support/scan-result.ts";
import { stored, storedSchema } from "../../test/support/stored.ts";
import type { AwsAccountScanStatus } from "../api/generated/awsaccountscan.ts";
import { assembleRecord } from "../report/assemble.ts";
import { ScanFold } from "../report/fold.ts";
import { recordFromStatus } from "./remains.ts";
import { projectStatus } from "./status.ts";

const INPUT = {
  generation: 1,
  scopeDigest: "",
  suspended: false,
  stalled: undefined,
  unwritten: undefined,
  stale: false,
  exemptionExpired: false,
  violationsBefore: false,
  before: undefined,
  job: undefined,
  nextScanAt: undefined,
  now: new Date(0),
};
const STATUS = projectStatus({ ...INPUT, record: RECORD });

const { status: SCHEMA = {} } = (await storedSchema("awsaccountscans")).properties ?? {};

const statuses = damagedJson(STATUS)
  .map((damaged) => stored({ status: damaged }, { properties: { status: SCHEMA } }))
  .filter((object) => object !== undefined)
  .map((object) => (object as { status: Json }).status);

fuzz(
  "from whatever status the cluster may have, no violation goes missing, and the next scan can go on",
  100,
  fc.oneof(statuses, fc.constant(STATUS as Json)),
  (object) => {
    const status = object as unknown as AwsAccountScanStatus;
    const remains = recordFromStatus(status);
    if (remains === undefined) {
      expect(status?.lastScan).toBeUndefined();
      return;
    }
    const known = (status.violations ?? []).filter(({ type }) => type.startsWith("AWS::SageMaker::"));
    expect(remains.findings.map(({ arn, verdict }) => [arn, verdict])).toEqual(
      known.map(({ arn }) => [arn, "violation"]),
    );
    // A scan that could read nothing: whatever was a violation is one still, and nothing passes.
    const accounts = [...new Set(remains.findings.map(({ account }) => account))].map((id) => ({ id }));
    const scope = {
      accounts,
      openEnded: false,
      regions: {},
      rules: remains.findings.map(({ rule }) => rule),
    };
    const facts = { id: "2", trigger: "RecordLost", generation: 1, scopeDigest: "" } as const;
    const times = { startTime: "2026-03-02T00:00:00Z", completionTime: "2026-03-02T00:01:00Z" };
    const next = assembleRecord(new ScanFold(), remains, scope, { ...facts, ...times });
    const violations = new Set(
      next.findings.filter(({ verdict }) => verdict === "violation").map(({ arn }) => arn),
    );
    for (const { arn } of known) expect(violations).toContain(arn);
    for (const record of [next, remains, "missing"] as const) {
      const after = projectStatus({ ...INPUT, record, before: status });
      expect(after.conditions?.find(({ type }) => type === "Compliant")?.status).not.toBe("True");
    }
  },
);
