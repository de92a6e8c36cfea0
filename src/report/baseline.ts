import { safeText } from "../api/safe-text.ts";
import { COLLECTED_TYPES } from "../rules/resource.ts";
import { findingKey, placeKey, type RecordedFinding, type ScanRecord } from "./record.ts";
import { reported, type ScanResult } from "./result.ts";

/** What of an earlier result later ones are held against. */
export interface Baseline {
  /** RFC 3339. */
  readonly completionTime: string;
  readonly findings: readonly RecordedFinding[];
  /** Whether it says of itself that everything in scope was read and judged: only then has it every violation. */
  readonly isWhole: boolean;
}

/** A text that is no earlier result. */
export class InvalidBaselineError extends Error {
  override readonly name = "InvalidBaselineError";
}

const VERDICTS = ["violation", "exempt", "unknown", "compliant"] as const;
/** Far above what a scan writes. */
const MAX_TEXT = 8_192;
const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

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
      `it is not JSON: ${safeText(error instanceof Error ? error.message : String(error))}`,
    );
  }
  if (!isObject(value) || !isObject(value["scan"]) || !Array.isArray(value["findings"])) {
    throw new InvalidBaselineError(
      "it has no scan and findings; give a file that awsscan scan -o json wrote",
    );
  }
  const { completionTime, outcome, interrupted } = value["scan"];
  if (typeof completionTime !== "string" || !isTime(completionTime)) {
    throw new InvalidBaselineError("scan.completionTime is not a time");
  }
  const findings = value["findings"].map(toFinding);
  const unknown = isObject(value["summary"]) ? value["summary"]["unknown"] : undefined;
  const isRead = findings.every(
    (finding) => finding.verdict !== "unknown" && finding.lastVerified === undefined,
  );
  const isWhole = outcome === "Complete" && interrupted === false && unknown === 0 && isRead;
  return { completionTime, findings, isWhole };
}

/** The baseline as the record that a scan goes on from: a violation that cannot be read now stays one, with its age. */
export function recordOf({
  completionTime,
  findings,
}: Pick<Baseline, "completionTime" | "findings">): ScanRecord {
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

/**
 * `result` with what changed since `baseline`, which the scan must have gone on from. `rules`: ids of those that it
 * judged by everywhere.
 */
export function compareWith(
  result: ScanResult,
  baseline: Pick<Baseline, "findings">,
  rules: ReadonlySet<string>,
): ScanResult {
  const before = new Set(baseline.findings.filter(isViolation).map(findingKey));
  const now = new Map(result.findings.map((finding) => [findingKey(finding), finding.verdict]));
  const findings = result.findings.map((finding) =>
    isViolation(finding)
      ? { ...finding, change: before.has(findingKey(finding)) ? ("unchanged" as const) : ("new" as const) }
      : finding,
  );
  // The scan went on from the baseline, so that what it could not read is among its findings. What was not in its scope
  // has not ended, and what is exempt now is a violation still.
  const scope = new Set(result.coverage.map(placeKey));
  const resolved = baseline.findings
    .filter(isViolation)
    .filter((finding) => (now.get(findingKey(finding)) ?? "compliant") === "compliant")
    .filter((finding) => rules.has(finding.rule) && scope.has(placeKey(finding)))
    .map(reported);
  const count = (change: "new" | "unchanged") =>
    findings.filter((finding) => finding.change === change).length;
  return { ...result, findings, baseline: { new: count("new"), unchanged: count("unchanged"), resolved } };
}

function isViolation({ verdict }: Pick<RecordedFinding, "verdict">): boolean {
  return verdict === "violation";
}

/** Field by field: what is not known here goes no further, and what a rule says of a finding is said anew. */
function toFinding(value: unknown, at: number): RecordedFinding {
  const fail = (what: string): never => {
    throw new InvalidBaselineError(`findings[${at}]${what}`);
  };
  if (!isObject(value)) return fail(" is not an object");
  const text = (key: string): string => {
    const field = value[key];
    return typeof field === "string" && field.length <= MAX_TEXT ? field : fail(`.${key} is not a text`);
  };
  const optional = (key: string) => (value[key] === undefined ? undefined : text(key));
  const time = (key: string): string | undefined => {
    const field = optional(key);
    return field === undefined || isTime(field) ? field : fail(`.${key} is not a time`);
  };
  const verdict = VERDICTS.find((known) => known === value["verdict"]) ?? fail(".verdict is not one");
  const type =
    COLLECTED_TYPES.find((known) => known === value["type"]) ?? fail(".type is not one that is scanned");
  const exemption = optional("exemption");
  return {
    rule: text("rule"),
    verdict,
    arn: text("arn"),
    type,
    account: text("account"),
    region: text("region"),
    name: text("name"),
    reason: text("reason"),
    message: text("message"),
    evidence: evidenceOf(value["evidence"]) ?? fail(".evidence is not an object of texts and nulls"),
    observedTime: time("observedTime"),
    observedBy: optional("observedBy"),
    ...(exemption !== undefined && { exemption }),
    firstSeen: time("firstSeen"),
    lastVerified: time("lastVerified"),
  };
}

/** One that a calendar has too: formats make dates of it. */
function isTime(text: string): boolean {
  return RFC_3339.test(text) && Number.isFinite(Date.parse(text));
}

function evidenceOf(value: unknown): RecordedFinding["evidence"] | undefined {
  if (!isObject(value)) return undefined;
  const entries = Object.entries(value).filter(
    (entry): entry is [string, string | null] => entry[1] === null || typeof entry[1] === "string",
  );
  return entries.length === Object.keys(value).length ? Object.fromEntries(entries) : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
