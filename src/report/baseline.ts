import { findingKey, type RecordedFinding, type ScanRecord } from "./record.ts";
import { reported, type ScanResult } from "./result.ts";

/** What of an earlier result later ones are held against. */
export interface Baseline {
  /** RFC 3339. */
  readonly completionTime: string;
  readonly findings: readonly RecordedFinding[];
}

/** A text that is no earlier result. */
export class InvalidBaselineError extends Error {
  override readonly name = "InvalidBaselineError";
}

const TEXTS = ["rule", "arn", "type", "account", "region", "name", "reason", "message", "verdict"] as const;
const VERDICTS: readonly unknown[] = ["violation", "exempt", "unknown", "compliant"];

/**
 * Reads what `awsscan scan -o json` wrote.
 * @throws {InvalidBaselineError} that says what is not as it should be.
 */
export function parseBaseline(text: string): Baseline {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new InvalidBaselineError(
      `it is not JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  if (!isObject(value) || !isObject(value["scan"]) || !Array.isArray(value["findings"])) {
    throw new InvalidBaselineError(
      "it has no scan and findings; give a file that awsscan scan -o json wrote",
    );
  }
  const { completionTime } = value["scan"];
  if (typeof completionTime !== "string" || Number.isNaN(Date.parse(completionTime))) {
    throw new InvalidBaselineError("scan.completionTime is not a time");
  }
  return { completionTime, findings: value["findings"].map(toFinding) };
}

/** The baseline as the record that a scan goes on from: a violation that cannot be read now stays one, with its age. */
export function recordOf({ completionTime, findings }: Baseline): ScanRecord {
  return {
    scan: {
      id: "baseline",
      trigger: "Requested",
      generation: 0,
      scopeDigest: "",
      startTime: completionTime,
      completionTime,
      outcome: "Complete",
      consecutiveFailures: 0,
    },
    cells: [],
    coverage: [],
    failures: [],
    findings,
  };
}

/** `result` with what changed since `baseline`, which the scan must have gone on from. */
export function compareWith(result: ScanResult, baseline: Baseline): ScanResult {
  const before = new Set(baseline.findings.filter(isViolation).map(findingKey));
  const now = new Map(result.findings.map((finding) => [findingKey(finding), finding.verdict]));
  const findings = result.findings.map((finding) =>
    isViolation(finding)
      ? { ...finding, change: before.has(findingKey(finding)) ? ("unchanged" as const) : ("new" as const) }
      : finding,
  );
  // The scan went on from the baseline, so that what it could not read is among its findings. What was not in its scope
  // has not ended, and what is exempt now is a violation still.
  const scope = new Set(result.coverage.map(({ account, region }) => `${account} ${region}`));
  const resolved = baseline.findings
    .filter(isViolation)
    .filter((finding) => (now.get(findingKey(finding)) ?? "compliant") === "compliant")
    .filter(({ account, region }) => scope.has(`${account} ${region}`))
    .map(reported);
  const count = (change: "new" | "unchanged") =>
    findings.filter((finding) => finding.change === change).length;
  return { ...result, findings, baseline: { new: count("new"), unchanged: count("unchanged"), resolved } };
}

function isViolation({ verdict }: Pick<RecordedFinding, "verdict">): boolean {
  return verdict === "violation";
}

function toFinding(value: unknown, at: number): RecordedFinding {
  if (!isObject(value)) throw new InvalidBaselineError(`findings[${at}] is not an object`);
  for (const key of TEXTS) {
    if (typeof value[key] !== "string")
      throw new InvalidBaselineError(`findings[${at}].${key} is not a text`);
  }
  if (!VERDICTS.includes(value["verdict"]))
    throw new InvalidBaselineError(`findings[${at}].verdict is not one`);
  if (!isObject(value["evidence"]))
    throw new InvalidBaselineError(`findings[${at}].evidence is not an object`);
  // What a rule says of a finding is said anew.
  const { frameworks: _, severity: __, change: ___, ...finding } = value;
  return finding as unknown as RecordedFinding;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
