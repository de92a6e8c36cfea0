import { type Exemption, inForce } from "../scan/exemptions.ts";
import { isWhole } from "./assemble.ts";
import { findingKey, type ScanRecord } from "./record.ts";

/** What people should know of an exemption before, or when, it surprises them. */
export interface ExemptionNotice {
  /** CamelCase: the reason of the Event that tells it. */
  readonly reason: "ExemptionExpiring" | "ExemptionExpired" | "ExemptionUnused";
  readonly note: string;
}

/** What is told of an exemption: its name, why it is there, and until when. */
type Terms = Pick<Exemption, "name" | "reason" | "expiresAt">;

/** A record as exemptions see it. */
interface View {
  /** When the scan began (ms). */
  readonly start: number;
  /** Whether everything was read, the tags that exemptions go by too. */
  readonly whole: boolean;
  /** Keys of the findings that each exemption covers, by its name. */
  readonly covered: ReadonlyMap<string, readonly string[]>;
}

const DAY_MS = 24 * 60 * 60_000;

/** How long before its end an exemption is told to end, the nearest first: a last call, and time to plan. */
const LINES: readonly { readonly ms: number; readonly words: string }[] = [
  { ms: DAY_MS, words: "within a day" },
  { ms: 7 * DAY_MS, words: "within 7 days" },
];

/**
 * What the scan behind `next` makes newly true of exemptions: one ends soon, has ended since `previous`, or covers
 * nothing although everything was read. Each is told once, by the scan that is the first to see it so; a changed
 * scope, which is what a changed exemption is, begins anew.
 */
export function exemptionNotices(
  exemptions: readonly Terms[],
  previous: ScanRecord | undefined,
  next: ScanRecord,
): ExemptionNotice[] {
  if (exemptions.length === 0) return [];
  const before = previous && viewOf(previous);
  const known = previous?.scan.scopeDigest === next.scan.scopeDigest ? before : undefined;
  const now = viewOf(next);
  return exemptions.flatMap((exemption) => {
    if (inForce(exemption, now.start))
      return [...expiring(exemption, known, now), ...unused(exemption, known, now)];
    return before !== undefined && inForce(exemption, before.start)
      ? [expired(exemption, before, now, next)]
      : [];
  });
}

function expiring(exemption: Terms, known: View | undefined, now: View): ExemptionNotice[] {
  const end = Date.parse(exemption.expiresAt ?? "");
  const line = LINES.find(({ ms }) => now.start >= end - ms);
  if (line === undefined || (known !== undefined && known.start >= end - line.ms)) return [];
  const covered = amount(coveredBy(exemption, now).length, now);
  const note = `${titleOf(exemption)} ends ${line.words}, at ${exemption.expiresAt}. It covers ${covered} now, to count again from then on. Put right what it covers, or renew it in spec.exemptions.`;
  return [{ reason: "ExemptionExpiring", note }];
}

function expired(exemption: Terms, before: View, now: View, next: ScanRecord): ExemptionNotice {
  const violations = new Set(next.findings.filter(({ verdict }) => verdict === "violation").map(findingKey));
  const again = coveredBy(exemption, before).filter((key) => violations.has(key)).length;
  const note = `${titleOf(exemption)} ended at ${exemption.expiresAt}. Of what it covered, ${amount(again, now)} count again. Put right what it covered, or renew it in spec.exemptions.`;
  return { reason: "ExemptionExpired", note };
}

function unused(exemption: Terms, known: View | undefined, now: View): ExemptionNotice[] {
  const isUnused = (view: View) => view.whole && coveredBy(exemption, view).length === 0;
  if (!isUnused(now) || (known !== undefined && isUnused(known))) return [];
  const note = `${titleOf(exemption)} covers nothing: everything was read, and it matches no violation that another exemption does not cover. Remove it from spec.exemptions if it has served its purpose.`;
  return [{ reason: "ExemptionUnused", note }];
}

function viewOf(record: ScanRecord): View {
  const covered = new Map<string, string[]>();
  for (const finding of record.findings) {
    if (finding.verdict !== "exempt" || finding.exemption === undefined) continue;
    const keys = covered.get(finding.exemption);
    if (keys === undefined) covered.set(finding.exemption, [findingKey(finding)]);
    else keys.push(findingKey(finding));
  }
  // Tags that could not be read leave no hole in the coverage, only a failure.
  const whole = isWhole(record) && record.failures.length === 0;
  return { start: Date.parse(record.scan.startTime), whole, covered };
}

function coveredBy({ name }: Terms, { covered }: View): readonly string[] {
  return covered.get(name) ?? [];
}

/** A number of violations as far as the scan can know it. */
function amount(count: number, { whole }: View): string {
  return `${whole ? "" : "at least "}${count} violation(s)`;
}

function titleOf({ name, reason }: Terms): string {
  return `Exemption ${name} (${reason})`;
}
