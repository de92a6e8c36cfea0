import type { Place } from "../aws/inventory.ts";
import type { Span } from "../tracing/span.ts";
import type { Finding, ScanEvent, ScanSink } from "./events.ts";

/**
 * Runs the scan of one region as a span below `scan`, which says what came of it: how many findings of each verdict,
 * and the first thing that could not be read. Nothing but `run` where nobody traces.
 */
export async function tracedRegion(
  scan: Span | undefined,
  { account, region }: Place,
  sink: ScanSink,
  run: (span: Span | undefined, sink: ScanSink) => Promise<void>,
): Promise<void> {
  if (scan === undefined) return run(undefined, sink);
  const span = scan.child("scan region", {
    "cloud.provider": "aws",
    "cloud.account.id": account,
    "cloud.region": region,
  });
  const tally = new RegionTally();
  try {
    await run(span, (event) => {
      tally.add(event);
      sink(event);
    });
  } finally {
    tally.tell(span);
    span.end();
  }
}

class RegionTally {
  readonly #verdicts: Record<Finding["verdict"], number> = {
    compliant: 0,
    violation: 0,
    exempt: 0,
    unknown: 0,
  };
  #failures = 0;
  #first: { readonly kind: string; readonly code: string } | undefined;

  add(event: ScanEvent): void {
    if (event.kind === "finding") this.#verdicts[event.finding.verdict] += 1;
    if (event.kind !== "failure") return;
    this.#failures += 1;
    this.#first ??= event.failure;
  }

  tell(span: Span): void {
    for (const [verdict, count] of Object.entries(this.#verdicts))
      span.set({ [`awsscan.findings.${verdict}`]: count });
    span.set({ "awsscan.failures": this.#failures });
    if (this.#first !== undefined) span.fail(this.#first.kind, this.#first.code);
  }
}
