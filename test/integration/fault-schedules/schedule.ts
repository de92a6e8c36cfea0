/** Random lives of a small world: scans in a row, what goes wrong in each, and what changes before and meanwhile. */
import fc from "fast-check";
import { FAULT_KINDS, type FaultRule } from "../../../tools/aws-simulator/faults.ts";
import { ACCOUNTS, type Change, HUB, REGIONS, SLOTS, STATES, type State } from "./model.ts";

/** Which regions a scan asks for, and which of the world's those are. */
export const SELECTIONS = [
  { regions: {}, meant: REGIONS },
  { regions: { include: ["us-east-1"] }, meant: ["us-east-1"] },
  { regions: { include: ["us-*"] }, meant: ["us-east-1"] },
  { regions: { exclude: ["us-*"] }, meant: ["eu-west-1"] },
  { regions: { include: ["eu-west-1", "us-*"] }, meant: REGIONS },
] as const;

export interface PlannedScan {
  /** Before it begins. */
  readonly changes: readonly Change[];
  /** While it runs: after so many requests. */
  readonly meanwhile: readonly { readonly afterRequests: number; readonly change: Change | "sessions end" }[];
  readonly faults: readonly FaultRule[];
  readonly selection: (typeof SELECTIONS)[number];
  readonly isOfOrganization: boolean;
  readonly deadlineMs: number | undefined;
  readonly keepPasses: boolean;
  /** Whether another scan of the same, which no deadline cuts off, shares everything with it at the same time. */
  readonly isAccompanied: boolean;
}

export interface Schedule {
  readonly states: readonly State[];
  readonly scans: readonly PlannedScan[];
  /** Of faults that strike by chance. */
  readonly seed: number;
  readonly maxCacheBytes: number;
}

const LISTS = ["ListNotebookInstances", "ListDomains", "ListAccounts", "ListTags"];
const OPERATIONS = [
  "AssumeRole",
  "GetCallerIdentity",
  "DescribeRegions",
  "DescribeNotebookInstance",
  "DescribeDomain",
  ...LISTS,
];

const operation = fc.constantFrom(...OPERATIONS);
const account = fc.constantFrom(...ACCOUNTS);
const region = fc.constantFrom(...REGIONS);
const after = fc.nat({ max: 6 });
const times = fc.integer({ min: 1, max: 6 });
const probability = fc.constantFrom(0.2, 0.5, 0.8);

/** What a rule strikes: mostly one operation, wherever it is asked. */
const where: fc.Arbitrary<Pick<FaultRule, "operation" | "account" | "region">> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ operation }) },
  { weight: 2, arbitrary: fc.record({ operation, account }) },
  { weight: 2, arbitrary: fc.record({ operation, region }) },
  { weight: 1, arbitrary: fc.record({ account }) },
  { weight: 1, arbitrary: fc.record({ region }) },
  { weight: 1, arbitrary: fc.constant({ account: HUB }) },
);

/** When and how often it does: mostly for good. */
const often: fc.Arbitrary<Pick<FaultRule, "after" | "times" | "probability">> = fc.oneof(
  { weight: 2, arbitrary: fc.constant({}) },
  { weight: 2, arbitrary: fc.record({ after }) },
  { weight: 2, arbitrary: fc.record({ probability }) },
  { weight: 1, arbitrary: fc.record({ after, times }) },
);

const ERRORS = [
  { code: "ServiceUnavailable", status: 503 },
  { code: "SomethingNew", status: 400 },
  { code: "SlowDown", status: 429 },
  { code: "ValidationException", status: 400, message: "1 validation error detected" },
] as const;

const fault = fc
  .tuple(fc.constantFrom(...FAULT_KINDS), where, often, fc.nat({ max: 2 }), fc.constantFrom(...ERRORS))
  .map(([kind, place, moments, size, error]): FaultRule => {
    const rule = { kind, ...place, ...moments };
    switch (kind) {
      // Empty pages without end are none that AWS gives, and no list would ever end.
      case "short-page":
        return { ...rule, pageSize: size, ...(size === 0 && { times: 2 }) };
      case "duplicate":
        return { ...rule, pageSize: size + 1 };
      // Where resources are, the service is: an AWS that denies it lies about more than a scan could find out.
      case "unsupported":
        return { ...rule, operation: "DescribeNotebookInstance" };
      case "error":
        return { ...rule, ...error };
      case "drip":
        return { ...rule, latencyMs: 5, ...(size > 0 && { pieces: size * 3 }) };
      case "latency":
        return { ...rule, latencyMs: 1 + size * 10 };
      default:
        return rule;
    }
  });

/** How lists come, beside what goes wrong: whole, in pages, and in pages that overlap or have nothing between them. */
const paging: fc.Arbitrary<readonly FaultRule[]> = fc.constantFrom(
  [],
  onLists({ kind: "short-page", pageSize: 2 }),
  onLists({ kind: "short-page", pageSize: 2 }, { kind: "duplicate", pageSize: 1 }),
  onLists({ kind: "short-page", pageSize: 0, times: 1 }, { kind: "short-page", pageSize: 1 }),
);

function onLists(...rules: readonly FaultRule[]): readonly FaultRule[] {
  return LISTS.flatMap((operation) => rules.map((rule) => ({ ...rule, operation })));
}

const change: fc.Arbitrary<Change> = fc.record({
  slot: fc.nat({ max: SLOTS.length - 1 }),
  to: fc.constantFrom(...STATES, "touched" as const),
});

const scan: fc.Arbitrary<PlannedScan> = fc.record({
  changes: fc.array(change, { maxLength: 6 }),
  meanwhile: fc.array(
    fc.record({
      afterRequests: fc.integer({ min: 1, max: 30 }),
      change: fc.oneof({ weight: 4, arbitrary: change }, fc.constant("sessions end" as const)),
    }),
    { maxLength: 3 },
  ),
  faults: fc.tuple(paging, fc.array(fault, { maxLength: 4 })).map(([pages, faults]) => [...pages, ...faults]),
  selection: fc.constantFrom(...SELECTIONS),
  isOfOrganization: fc.boolean(),
  deadlineMs: fc.oneof(
    { weight: 3, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 120 }) },
  ),
  keepPasses: fc.boolean(),
  isAccompanied: fc.boolean(),
});

export const schedule: fc.Arbitrary<Schedule> = fc.record({
  states: fc.oneof(
    fc.array(fc.constantFrom(...STATES), { minLength: SLOTS.length, maxLength: SLOTS.length }),
    // Where next to nothing violates, a scan that forgot something would claim that all comply.
    fc.array(fc.constantFrom<State>("absent", "vpc", "vpc"), {
      minLength: SLOTS.length,
      maxLength: SLOTS.length,
    }),
  ),
  scans: fc.oneof(
    { weight: 1, arbitrary: fc.tuple(scan) },
    { weight: 2, arbitrary: fc.tuple(scan, scan) },
    { weight: 2, arbitrary: fc.tuple(scan, scan, scan) },
  ),
  seed: fc.nat(),
  maxCacheBytes: fc.constantFrom(0, 600, 2 ** 20),
});
