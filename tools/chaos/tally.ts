/** What of vitest's JSON report is read here; see https://vitest.dev/guide/reporters#json-reporter */
export interface RunReport {
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

/** How one scenario fared in all runs. */
export interface Score {
  readonly scenario: string;
  readonly passed: number;
  /** In how many runs it was to run. One that a run never came to has not passed. */
  readonly runs: number;
}

/** Sorted by name. `undefined`: a run that ended without a report, in which nothing has passed. */
export function tally(reports: readonly (RunReport | undefined)[]): Score[] {
  const passed = new Map<string, number>();
  for (const report of reports) {
    const results = report?.testResults.flatMap(({ assertionResults }) => assertionResults) ?? [];
    for (const { fullName, status } of results)
      passed.set(fullName, (passed.get(fullName) ?? 0) + (status === "passed" ? 1 : 0));
  }
  return [...passed]
    .map(([scenario, count]) => ({ scenario, passed: count, runs: reports.length }))
    .sort((a, b) => (a.scenario < b.scenario ? -1 : 1));
}

/** One line a scenario. */
export function scoreLines(scores: readonly Score[]): string[] {
  return scores.map(({ scenario, passed, runs }) => `${passed}/${runs}  ${scenario}`);
}
