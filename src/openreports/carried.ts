import type { DatedResult } from "./results.ts";
import type { ReportResult } from "./types.ts";

/** What is kept of a result from one export to the next: since when it is so, and what was said of it then. */
export type Carried = Pick<ReportResult, "timestamp" | "message">;

/** Results already in the cluster, by identity. */
export class CarriedResults {
  readonly #known = new Map<string, Carried>();

  /** Takes in what the cluster has; of results whose record knows their age, nothing need be kept. */
  add(results: readonly Partial<ReportResult>[]): void {
    for (const { result, timestamp, message, properties } of results) {
      const id = properties?.["resultID"];
      if (id === undefined || result === "fail" || timestamp === undefined || message === undefined) continue;
      const key = `${id} ${causeOf(properties)}`;
      const known = this.#known.get(key);
      // An export that ended half-way leaves a result in two reports.
      if (known === undefined || timestamp.seconds < known.timestamp.seconds)
        this.#known.set(key, { timestamp, message });
    }
  }

  /**
   * `result` as it is to be written. One that was there before, for the same cause, keeps its time. An error keeps its
   * words as well: those of AWS hold ids and counts that differ in every scan and say nothing new.
   */
  apply({ dated, ...result }: DatedResult): ReportResult {
    if (dated) return result;
    const { properties } = result;
    const known = this.#known.get(`${properties["resultID"]} ${causeOf(properties)}`);
    if (known === undefined) return result;
    const message = result.result === "error" ? known.message : result.message;
    return { ...result, timestamp: known.timestamp, message };
  }
}

/** Throttled now and denied before is another thing than denied all along. */
function causeOf(properties: Readonly<Record<string, string>> | undefined): string {
  return ["reason", "coverage", "operation", "code"].map((key) => properties?.[key] ?? "").join(" ");
}
