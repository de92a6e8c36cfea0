import type { Aws, Endpoint } from "../aws/aws.ts";
import type { Shelf } from "../aws/descriptions.ts";
import type { Collector, Place } from "../aws/inventory.ts";
import type { Rule } from "../rules/rule.ts";
import type { ScanSink } from "./events.ts";
import type { ScanRequest } from "./request.ts";

/** One region of one account, to be read and judged. */
export interface RegionScan {
  readonly aws: Pick<Aws, "descriptions" | "describes" | "ahead">;
  readonly sagemaker: Endpoint<"sagemaker">;
  readonly place: Place;
  /** The ARN of the identity that asks. */
  readonly observedBy: string;
  /** Whose descriptions may be used: the same for whoever may read the same. */
  readonly identity: string;
  readonly request: Pick<ScanRequest, "rules" | "exemptions" | "startedAt">;
  readonly sink: ScanSink;
  readonly signal: AbortSignal;
}

/** How far the scan of one type in one region is. */
export interface Progress {
  /** Whether a page of the list was read. */
  isListing: boolean;
  listed: number;
  judged: number;
}

/** A {@link RegionScan} at work on one type. */
export interface TypeScan extends RegionScan {
  readonly collector: Collector;
  /** Those that judge this type. */
  readonly rules: readonly Rule[];
  /** What was described here before, and the number of the listing under way. */
  readonly shelf: Shelf;
  readonly listing: number;
  readonly progress: Progress;
}
