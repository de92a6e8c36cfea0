import { randomBytes } from "node:crypto";
import type { Logger } from "pino";
import type { AwsAccountScan } from "../api/generated/awsaccountscan.ts";
import { API_VERSION, MANAGER, SCAN } from "../api/names.ts";
import { safeText } from "../api/safe-text.ts";
import { abortable } from "../async/abortable.ts";
import type { KubeClient } from "../kube/client.ts";
import { objectNamePrefix } from "./object-names.ts";
import { isWithin } from "./wall-clock.ts";

/** Something that happened to a scan, for people who run `kubectl describe`. */
export interface Occurrence {
  readonly type: "Normal" | "Warning";
  /** CamelCase. */
  readonly reason: string;
  readonly note: string;
  /** What makes two occurrences the same one; the note where omitted. For notes that differ in ids and times. */
  readonly sameAs?: string;
}

export interface EventRecorderOptions {
  readonly client: KubeClient;
  /** The pod or host that reports. */
  readonly instance: string;
  readonly log: Logger;
  readonly now: () => Date;
}

interface Series {
  readonly name: string;
  count: number;
  lastAt: number;
}

const EVENTS = { group: "events.k8s.io", version: "v1", plural: "events" };
/** The same thing again within this time counts up the Event that told it first. */
const SERIES_MS = 10 * 60_000;
const MAX_SERIES = 1_000;
/** The API's own bound of a note is 1 kB. */
const MAX_NOTE = 1_000;

/**
 * Writes Events, in the background and in order: an Event that cannot be written is logged, and delays nothing.
 * https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/
 */
export class EventRecorder {
  readonly #options: EventRecorderOptions;
  /** By scan, reason and what makes them the same; the oldest first, since a Map keeps the order of insertion. */
  readonly #series = new Map<string, Series>();
  #writing: Promise<void> = Promise.resolve();

  constructor(options: EventRecorderOptions) {
    this.#options = options;
  }

  record(scan: AwsAccountScan, occurrence: Occurrence): void {
    this.#writing = this.#writing
      .then(() => this.#write(scan, occurrence))
      .catch((error: unknown) => {
        this.#options.log.warn({ err: error, reason: occurrence.reason }, "an Event could not be written");
      });
  }

  /** Resolves when everything recorded so far is written or given up, and at the latest when `signal` aborts. */
  async flush(signal: AbortSignal): Promise<void> {
    try {
      await abortable(this.#writing, signal);
    } catch {
      this.#options.log.warn("Events were not written in time and are lost");
    }
  }

  async #write(
    scan: AwsAccountScan,
    { type, reason, note: rawNote, sameAs = rawNote }: Occurrence,
  ): Promise<void> {
    const { client, now, instance } = this.#options;
    const { namespace, uid } = scan.metadata;
    const note = safeText(rawNote, MAX_NOTE);
    const key = [uid, reason, sameAs].join(" ");
    const time = now();
    const series = this.#series.get(key);
    if (series !== undefined && isWithin(SERIES_MS, series.lastAt, time.getTime())) {
      series.count += 1;
      series.lastAt = time.getTime();
      const observed = { count: series.count, lastObservedTime: microTime(time) };
      await client.mergePatch(EVENTS, { namespace, name: series.name }, { series: observed });
      return;
    }
    const name = `${objectNamePrefix(scan)}.${randomBytes(8).toString("hex")}`;
    await client.create(
      EVENTS,
      { namespace },
      {
        apiVersion: "events.k8s.io/v1",
        kind: "Event",
        metadata: { name, namespace },
        eventTime: microTime(time),
        reportingController: MANAGER,
        reportingInstance: instance,
        action: "Scan",
        type,
        reason,
        note,
        regarding: { apiVersion: API_VERSION, kind: SCAN.kind, namespace, name: scan.metadata.name, uid },
      },
    );
    this.#remember(key, { name, count: 1, lastAt: time.getTime() });
  }

  #remember(key: string, series: Series): void {
    this.#series.delete(key);
    this.#series.set(key, series);
    const oldest = this.#series.keys().next().value;
    if (this.#series.size > MAX_SERIES && oldest !== undefined) this.#series.delete(oldest);
  }
}

/** metav1.MicroTime. */
function microTime(date: Date): string {
  return date.toISOString().replace("Z", "000Z");
}
