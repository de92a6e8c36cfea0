import { pino } from "pino";
import { expect, it } from "vitest";
import type { FailureCount, ScanRecord } from "../report/record.ts";
import { logUnread } from "./unread-log.ts";

const failure = (region: string, changes: Partial<FailureCount> = {}): FailureCount => ({
  account: "111111111111",
  region,
  operation: "ListNotebookInstances",
  reason: "AccessDenied",
  code: "AccessDeniedException",
  message: "no",
  count: 1,
  ...changes,
});

function recordOf(failures: FailureCount[]): ScanRecord {
  const scan = {
    id: "1",
    trigger: "Scheduled",
    generation: 1,
    scopeDigest: "",
    startTime: "",
    completionTime: "",
    outcome: "Incomplete",
    consecutiveFailures: 0,
  } as const;
  return { scan, cells: [], coverage: [], failures, findings: [] };
}

/** The lines about `failures` after a scan with those `before`: level, and region or how many more. */
function told(before: FailureCount[] | undefined, failures: FailureCount[]): unknown[] {
  const lines: unknown[] = [];
  const write = (line: string) => {
    const { level, failure: of, more } = JSON.parse(line);
    lines.push([level === 40 ? "warn" : "debug", of?.region ?? more]);
  };
  logUnread(pino({ level: "debug" }, { write }), before && recordOf(before), recordOf(failures));
  return lines;
}

it("a place that cannot be read is warned of once, however its message changes", () => {
  const first = failure("us-east-1", { requestId: "a", message: "session 1 may not" });
  const again = failure("us-east-1", { requestId: "b", message: "session 2 may not", count: 7 });
  expect(told(undefined, [first])).toEqual([["warn", "us-east-1"]]);
  expect(told([], [first])).toEqual([["warn", "us-east-1"]]);
  expect(told([first], [again])).toEqual([["debug", "us-east-1"]]);
});

it("another place, another call and another reason are warned of", () => {
  const before = [failure("us-east-1")];
  expect(told(before, [failure("eu-west-1")])).toEqual([["warn", "eu-west-1"]]);
  expect(told(before, [failure("us-east-1", { operation: "ListDomains" })])).toEqual([["warn", "us-east-1"]]);
  expect(told(before, [failure("us-east-1", { reason: "Throttled" })])).toEqual([["warn", "us-east-1"]]);
});

it("a place that could be read in between is warned of again", () => {
  expect(told([], [failure("us-east-1")])).toEqual([["warn", "us-east-1"]]);
});

it("of many new ones the first are told one by one, the others by their number", () => {
  const many = Array.from({ length: 25 }, (_, n) => failure(`region-${n}`));
  const lines = told([failure("region-0")], many);
  expect(lines.slice(0, 20)).toEqual(many.slice(1, 21).map(({ region }) => ["warn", region]));
  expect(lines.slice(20)).toEqual([
    ["warn", 4],
    ["debug", "region-0"],
  ]);
});
