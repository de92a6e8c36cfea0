import { setTimeout as sleep } from "node:timers/promises";
import type { AwsAccountScan } from "../../../src/api/generated/awsaccountscan.ts";
import { SCAN } from "../../../src/api/names.ts";
import { abortable } from "../../../src/async/abortable.ts";
import type { KubeClient, WatchEvent } from "../../../src/kube/client.ts";
import type { SupervisedOperator } from "../../support/kubelet.ts";
import { brokenInScrape } from "./metrics-audit.ts";
import { StatusAudit } from "./status-audit.ts";
import type { Truth } from "./truth.ts";

const SCRAPE_EVERY_MS = 250;
const RECONNECT_AFTER_MS = 250;

/** Watches all scans of some namespaces and scrapes all operators for as long as a scenario lasts, and holds them to promises. */
export class Observer {
  readonly #client: KubeClient;
  readonly #truth: Truth;
  readonly #isWhole: boolean;
  readonly #audit: StatusAudit;
  readonly #scans = new Map<string, AwsAccountScan>();
  /** UIDs of those that are there, as far as the watch has told. */
  readonly #present = new Set<string>();
  readonly #stopping = new AbortController();
  readonly #broken = new Set<string>();
  readonly #loops: Promise<void>[] = [];
  scrapes = 0;

  /** `client` must reach the API server by a way that no scenario harms. `isWhole`: one process at a time has all scans. */
  constructor(client: KubeClient, truth: Truth, isWhole = true) {
    this.#client = client;
    this.#isWhole = isWhole;
    this.#truth = truth;
    this.#audit = new StatusAudit(truth);
  }

  /** Watches the scans of a namespace. */
  observe(namespace: string): void {
    this.#loops.push(this.#watch(namespace));
  }

  /** Scrapes an operator whenever it answers. */
  scrape(operator: SupervisedOperator): void {
    this.#loops.push(this.#scrape(operator));
  }

  /** Every promise that was broken so far. */
  get broken(): readonly string[] {
    return [...this.#audit.broken, ...this.#broken];
  }

  /** Every scan that was ever seen, by UID. */
  get scans(): ReadonlyMap<string, AwsAccountScan> {
    return this.#scans;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#loops);
  }

  async #watch(namespace: string): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        const { items, metadata } = await this.#client.list<AwsAccountScan>(SCAN, { namespace, signal });
        const listed = new Set(items.map((scan) => scan.metadata.uid));
        for (const [uid, scan] of this.#scans)
          if (scan.metadata.namespace === namespace && !listed.has(uid)) this.#present.delete(uid);
        for (const scan of items) this.#see(scan);
        const { resourceVersion } = metadata;
        const watch = this.#client.watch<AwsAccountScan>(SCAN, { namespace, resourceVersion, signal });
        for await (const event of watch) {
          if (event.type === "ERROR") break;
          this.#take(event);
        }
      } catch {
        // The API server is down, or has forgotten where this was: a list tells.
      }
      await sleep(RECONNECT_AFTER_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  #take(event: WatchEvent<AwsAccountScan>): void {
    if (event.type === "ADDED" || event.type === "MODIFIED") this.#see(event.object);
    if (event.type === "DELETED") this.#present.delete(event.object.metadata.uid ?? "");
  }

  #see(scan: AwsAccountScan): void {
    const uid = scan.metadata.uid ?? "";
    this.#scans.set(uid, scan);
    this.#present.add(uid);
    this.#audit.see(scan);
  }

  async #scrape(operator: SupervisedOperator): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await this.#scrapeOne(operator);
      await sleep(SCRAPE_EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  async #scrapeOne(operator: SupervisedOperator): Promise<void> {
    const before = this.#listed();
    // One that is stopped or blocked answers when it goes on.
    const samples = await abortable(operator.scrape(), this.#stopping.signal).catch(() => undefined);
    if (samples === undefined) return;
    this.scrapes += 1;
    const scrape = { samples, isWhole: this.#isWhole, before, after: this.#listed(), scans: this.#scans };
    for (const broken of brokenInScrape(scrape, this.#truth)) this.#broken.add(broken);
  }

  #listed(): Map<string, readonly string[]> {
    return new Map([...this.#present].map((uid) => [uid, this.#audit.listedOf(uid)]));
  }
}
