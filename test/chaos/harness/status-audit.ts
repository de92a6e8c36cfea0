import type { AwsAccountScan } from "../../../src/api/generated/awsaccountscan.ts";
import { fluxFailures } from "../../support/flux-consistency.ts";
import { compliantOf } from "./fleet.ts";
import type { Truth } from "./truth.ts";

/** What has been seen of one scan, by its UID. */
interface Memory {
  readonly label: string;
  /** ARNs of violations that the last status listed, with their firstSeen. */
  listed: ReadonlyMap<string, string>;
  completedAt: string;
}

/** Marks what a scenario writes into statuses in the operator's stead: such a status is not held against the operator. */
export const FORGED = "forged by a scenario";

/**
 * Holds every status that the API server ever had to what statuses promise, as they come, in order of their writing:
 * no false pass, no violation forgotten, no age lost, nothing older after something newer, nothing of another scan.
 */
export class StatusAudit {
  readonly broken: string[] = [];
  readonly #truth: Truth;
  readonly #memories = new Map<string, Memory>();
  /** Which UID each scan id belongs to. */
  readonly #owners = new Map<string, string>();
  /** Every scan id that a status named, by UID. */
  readonly ids = new Map<string, Set<string>>();

  constructor(truth: Truth) {
    this.#truth = truth;
  }

  see(scan: AwsAccountScan): void {
    const { metadata, status, spec } = scan;
    const uid = metadata.uid ?? "";
    if (status === undefined || JSON.stringify(status).includes(FORGED)) return;
    const before = this.#memories.get(uid);
    const label = `${metadata.namespace}/${metadata.name} (${uid.slice(0, 8)})`;
    const generation = metadata.generation ?? 0;
    const { observedGeneration = 0, conditions = [] } = status;
    // A status tells of one generation, and its resource may have the next already.
    if (observedGeneration === generation)
      for (const rule of fluxFailures({ generation, observedGeneration, conditions }))
        this.#break(label, `Flux's rule is broken: ${rule}`);
    for (const id of [status.currentScan?.id, status.lastScan?.id]) this.#own(label, uid, id);

    const compliant = conditions.find(({ type }) => type === "Compliant");
    const complete = conditions.find(({ type }) => type === "Complete");
    const last = status.lastScan;
    if (last === undefined) {
      if (compliant?.status === "True") this.#break(label, "Compliant=True and no scan has ended");
      if (before !== undefined && before.completedAt !== "") this.#break(label, "its last scan is forgotten");
      return;
    }
    const isOfNow = compliant?.observedGeneration === generation;
    const possible = this.#truth.between(
      spec,
      Date.parse(last.startTime),
      Date.parse(last.completionTime) + 1_000,
    );
    if (
      isOfNow &&
      compliant?.status === "True" &&
      !possible.some((verdict) => compliantOf(verdict) === "True")
    )
      this.#break(label, `false pass: Compliant=True by scan ${last.id}`);
    if (isOfNow && complete?.status === "True" && !possible.some((verdict) => verdict.complete))
      this.#break(label, `Complete=True by scan ${last.id}, which could not read everything`);
    const listed = new Map(status.violations?.map(({ arn, firstSeen = "" }) => [arn, firstSeen]));
    const isCertain = (arn: string) => possible.every(({ violations }) => violations.includes(arn));
    if (complete?.status === "True" && isOfNow) {
      const due = possible[0]?.violations.filter(isCertain) ?? [];
      for (const arn of due)
        if (!listed.has(arn)) this.#break(label, `false pass: ${arn} is not listed by scan ${last.id}`);
    }
    for (const [arn, firstSeen] of before?.listed ?? []) {
      const now = listed.get(arn);
      if (now === undefined && isCertain(arn)) this.#break(label, `${arn} is forgotten by scan ${last.id}`);
      if (now !== undefined && (now === "" || now > firstSeen))
        this.#break(label, `firstSeen of ${arn} moves from ${firstSeen} to ${now}`);
    }
    if (before !== undefined && last.completionTime < before.completedAt)
      this.#break(label, `the result of ${last.completionTime} replaces that of ${before.completedAt}`);
    this.#memories.set(uid, { label, listed, completedAt: last.completionTime });
  }

  /** ARNs of the violations that the last status of `uid` listed. */
  listedOf(uid: string): readonly string[] {
    return [...(this.#memories.get(uid)?.listed.keys() ?? [])];
  }

  #own(label: string, uid: string, id: string | undefined): void {
    if (id === undefined) return;
    const owner = this.#owners.get(id) ?? uid;
    this.#owners.set(id, owner);
    this.ids.set(uid, (this.ids.get(uid) ?? new Set()).add(id));
    if (owner !== uid) this.#break(label, `tells of scan ${id}, which is of ${owner.slice(0, 8)}`);
  }

  #break(label: string, what: string): void {
    const text = `${label}: ${what}`;
    if (!this.broken.includes(text)) this.broken.push(text);
  }
}
