/** What a check of a release came to. */

/** `not asked` is neither: whoever could answer was not reached. It fails a release unless that was allowed. */
export type Outcome =
  | { readonly status: "passed"; readonly detail: string }
  | { readonly status: "failed"; readonly detail: string }
  | { readonly status: "not asked"; readonly detail: string };

export interface Check {
  readonly name: string;
  run(): Outcome | Promise<Outcome>;
}

export interface Checked {
  readonly name: string;
  readonly outcome: Outcome;
}

export const passed = (detail: string): Outcome => ({ status: "passed", detail });
export const failed = (detail: string): Outcome => ({ status: "failed", detail });
export const notAsked = (detail: string): Outcome => ({ status: "not asked", detail });

/** Passed where there are no problems, which are told otherwise. */
export function judged(problems: readonly string[], detail: string): Outcome {
  return problems.length === 0 ? passed(detail) : failed(problems.join("; "));
}

/** One after the other, in their order; a check that throws has failed. `tell` hears of each as it ends. */
export async function runChecks(checks: readonly Check[], tell: (line: string) => void): Promise<Checked[]> {
  const results: Checked[] = [];
  for (const check of checks) {
    const outcome = await outcomeOf(check);
    results.push({ name: check.name, outcome });
    tell(line(check.name, outcome));
  }
  return results;
}

/** Whether this may be released: everything passed, but for what could not be asked where `offline` allows that. */
export function releasable(results: readonly Checked[], offline: boolean): boolean {
  return results.every(
    ({ outcome: { status } }) => status === "passed" || (offline && status === "not asked"),
  );
}

async function outcomeOf(check: Check): Promise<Outcome> {
  try {
    return await check.run();
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error));
  }
}

function line(name: string, { status, detail }: Outcome): string {
  return `${status.toUpperCase().padEnd(9)}  ${name}: ${detail.replaceAll(/\s*\n\s*/g, " ")}`;
}
