import { placeKey } from "../report/record.ts";
import type { ScanResult } from "../report/result.ts";
import { harmlessFailures } from "../report/unread.ts";
import type { Format } from "./format.ts";
import { coverageCase, findingCase, type TestCase, testCaseXml } from "./junit/test-case.ts";
import { xmlAttributes, xmlLines } from "./junit/xml.ts";
import { placeReports } from "./place-report.ts";
import { failureSentence, placeText } from "./unread-text.ts";

/** A suite: first the coverage of the scan, then one for each account and region that has findings. */
interface Suite {
  readonly name: string;
  /** Made when they are written: only their number is known before. */
  readonly cases: Iterable<TestCase>;
  readonly output: readonly string[];
}

interface Counts {
  tests: number;
  failures: number;
  errors: number;
  skipped: number;
}

/** JUnit's XML as Jenkins' xUnit plugin defines it, which GitLab, GitHub's reporters and others read. */
export const junit: Format = function* (result) {
  const { startTime, completionTime } = result.scan;
  const suites = suitesOf(result).map((suite) => ({ suite, counts: countsOf(suite.cases) }));
  const { skipped: _, ...total } = sum(suites.map(({ counts }) => counts));
  const time = secondsBetween(startTime, completionTime);
  yield `<?xml version="1.0" encoding="UTF-8"?>\n`;
  yield `<testsuites${xmlAttributes({ name: "awsscan", time, ...total })}>\n`;
  for (const { suite, counts } of suites) {
    yield `  <testsuite${xmlAttributes({ name: suite.name, ...counts, timestamp: startTime })}>\n`;
    for (const testCase of suite.cases) yield testCaseXml(testCase, "    ");
    if (suite.output.length > 0) yield `    <system-out>${xmlLines(suite.output)}</system-out>\n`;
    yield "  </testsuite>\n";
  }
  yield "</testsuites>\n";
};

function suitesOf(result: ScanResult): Suite[] {
  const harmless = harmlessFailures(result).map(
    (failure) => `${placeText(failure)}: ${failureSentence(failure)}`,
  );
  const places = Map.groupBy(result.findings, placeKey);
  return [
    { name: "coverage", cases: placeReports(result).map(coverageCase), output: harmless },
    ...[...places].map(([name, findings]) => ({ name, cases: findings.map(findingCase), output: [] })),
  ];
}

function countsOf(cases: Iterable<TestCase>): Counts {
  const counts = { tests: 0, failures: 0, errors: 0, skipped: 0 };
  for (const { outcome } of cases) {
    counts.tests += 1;
    if (outcome === "failure") counts.failures += 1;
    if (outcome === "error") counts.errors += 1;
    if (outcome === "skipped") counts.skipped += 1;
  }
  return counts;
}

function sum(all: readonly Counts[]): Counts {
  const total = { tests: 0, failures: 0, errors: 0, skipped: 0 };
  for (const { tests, failures, errors, skipped } of all) {
    total.tests += tests;
    total.failures += failures;
    total.errors += errors;
    total.skipped += skipped;
  }
  return total;
}

function secondsBetween(start: string, end: string): string {
  return (Math.max(0, Date.parse(end) - Date.parse(start)) / 1_000).toFixed(3);
}
