import { once } from "node:events";
import { request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { AwsAccountScan, AwsAccountScanStatus } from "../../src/api/generated/awsaccountscan.ts";
import { defectsOf } from "../support/kubelet.ts";
import { ChaosAws, DELIVERY_MS } from "./harness/aws.ts";
import { fleetFor, SCANS, verdictOf } from "./harness/fleet.ts";
import { brokenInScrape, differences } from "./harness/metrics-audit.ts";
import { needlessScans, untoldReads } from "./harness/scan-counts.ts";
import { StatusAudit } from "./harness/status-audit.ts";
import { Truth } from "./harness/truth.ts";
import { growth } from "./harness/usage.ts";

const FLEET = fleetFor(["team"]);
const TRUTH = new Truth(FLEET);
const ARNS = verdictOf(FLEET, SCANS.violating).violations;
const [ARN = ""] = ARNS;
const at = (minute: number) => `2026-01-05T00:0${minute}:00Z`;

/** A status as it should be of `SCANS.violating`, by a scan of that minute; with what is said otherwise. */
function seen(minute: number, otherwise: Partial<AwsAccountScanStatus> = {}, uid = "uid-1"): AwsAccountScan {
  const condition = (type: string, status: string) =>
    ({ type, status, reason: "Any", message: "", lastTransitionTime: at(0), observedGeneration: 1 }) as const;
  const conditions = [
    condition("Ready", "True"),
    condition("Compliant", "False"),
    condition("Complete", "True"),
  ];
  const violations = ARNS.map((arn) => ({ arn, firstSeen: at(1) }));
  const lastScan = {
    id: `scan-${minute}`,
    trigger: "Scheduled",
    startTime: at(minute),
    completionTime: at(minute),
    outcome: "Complete",
  };
  const status = { observedGeneration: 1, conditions, violations, lastScan, ...otherwise };
  const metadata = { namespace: "team", name: "violating", uid, generation: 1 };
  return { metadata, spec: SCANS.violating, status } as unknown as AwsAccountScan;
}

function brokenBy(...scans: AwsAccountScan[]): string {
  const audit = new StatusAudit(TRUTH);
  for (const scan of scans) audit.see(scan);
  return audit.broken.join("\n");
}

const passing = (scan: AwsAccountScan): AwsAccountScan => {
  const conditions = scan.status?.conditions?.map((c) =>
    c.type === "Compliant" ? { ...c, status: "True" } : c,
  );
  return { ...scan, status: { ...scan.status, conditions } } as AwsAccountScan;
};

describe("the audit of statuses", () => {
  it("lets pass what is as it should be", () => {
    expect(brokenBy(seen(1), seen(2), seen(2))).toBe("");
  });

  it.each([
    ["a false pass", "false pass: Compliant=True", [passing(seen(1))]],
    ["a violation that is not listed", "is not listed", [seen(1, { violations: [] })]],
    [
      "a violation that is forgotten",
      "is forgotten by scan",
      [seen(1), seen(2, { violations: [], conditions: [] })],
    ],
    [
      "an age that is lost",
      "firstSeen of",
      [seen(1), seen(2, { violations: ARNS.map((arn) => ({ arn, firstSeen: at(2) })) as never })],
    ],
    ["an older result after a newer", "replaces that of", [seen(2), seen(1)]],
    [
      "a result that is gone",
      "its last scan is forgotten",
      [seen(1), seen(2, { lastScan: undefined as never })],
    ],
    ["the result of another resource", "which is of", [seen(1), seen(1, {}, "uid-2")]],
    ["what Flux would not accept", "Flux's rule", [seen(1, { conditions: [] })]],
  ])("finds %s", (_, words, scans) => {
    expect(brokenBy(...scans)).toContain(words);
  });
});

describe("the audit of metrics", () => {
  const labels = { namespace: "team", scan: "violating" };
  const sample = (name: string, more: object = {}, value = 1) => ({
    name: `awsaccountscan_${name}`,
    labels: { ...labels, ...more },
    value,
  });
  const listed = new Map([["uid-1", ARNS]]);
  const scans = new Map([["uid-1", seen(1)]]);
  const scanning = [sample("restored"), sample("leader")];
  const broken = (samples: ReturnType<typeof sample>[]) =>
    brokenInScrape({ samples, isWhole: true, before: listed, after: listed, scans }, TRUTH).join("\n");

  it("finds a false pass", () => {
    expect(broken([sample("condition", { type: "Compliant", status: "True" })])).toContain(
      "has Compliant=True",
    );
  });

  it("finds a violation without its series where records are restored, and only there", () => {
    expect(broken(scanning)).toContain(`lacks ${ARN}`);
    expect(broken([sample("restored", {}, 0), sample("leader")])).toBe("");
  });

  it("finds series of what is no more, and series that say otherwise than the status", () => {
    expect(differences([sample("suspended")], [])).toEqual(["series of team/violating, which is no more"]);
    expect(differences([], [seen(1)]).join("\n")).toContain("violations");
  });
});

describe("the other audits", () => {
  const started = { namespace: "team", scan: "violating", scanId: "1", trigger: "Requested" };
  const causes = new Map([["team/violating", { creations: 1, requests: 1 }]]);

  it("find scans without a cause, but for those of another life", () => {
    expect(needlessScans([started, started], causes, 1)).toHaveLength(1);
    expect(needlessScans([started, started], causes, 2)).toEqual([]);
  });

  it("find reads of AWS by no scan", () => {
    const caller = "arn:aws:sts::111111111111:assumed-role/Hub/awsscan-team.violating";
    const read = { operation: "ListDomains", outcome: "success", caller, account: "1", region: "r" } as never;
    expect(untoldReads([read, read], [started], 0)).toHaveLength(1);
    expect(untoldReads([read, read, read], [started], 1)).toHaveLength(1);
    expect(untoldReads([read, read], [started], 1)).toEqual([]);
    expect(untoldReads([read], [started], 0)).toEqual([]);
  });

  it("know of an answer that was lost, and of none that came", async () => {
    const aws = await ChaosAws.start({ fleet: FLEET });
    onTestFinished(() => aws.stop());
    const ask = async (operation: string) => {
      const headers = { "x-amz-target": `SageMaker.${operation}` };
      const call = request(aws.url, { method: "POST", headers, agent: false }).end("{}");
      await once(call, "response").then(
        ([answer]) => once(answer.resume(), "close"),
        () => undefined,
      );
    };
    await Promise.all([ask("ListDomains"), ask("ListNotebookInstances")]);
    await sleep(2 * DELIVERY_MS);
    await aws.vanish();
    expect(aws.lost).toBe(0);
    await aws.comeBack();
    aws.freeze();
    const asked = [ask("ListDomains"), ask("ListNotebookInstances")];
    await vi.waitUntil(() => aws.waiting === 2, { timeout: 10_000 });
    await aws.vanish();
    await Promise.all(asked);
    await vi.waitUntil(() => aws.waiting === 0);
    aws.thaw();
    expect(aws.lost).toBe(1);
    await aws.comeBack();
  });

  it("find leaks", () => {
    const before = { descriptors: 30, residentMb: 120 };
    expect(growth(before, { descriptors: 130, residentMb: 400 })).toHaveLength(2);
    expect(growth(before, before)).toEqual([]);
  });

  it("find what no operator may write", () => {
    expect(defectsOf(['{"level":"warn"}', '{"level":"info","msg":"cut o'])).toEqual([]);
    expect(defectsOf(['{"level":"fatal"}', "(node:1) MaxListenersExceededWarning"])).toHaveLength(2);
  });
});
