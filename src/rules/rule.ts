import type { Resource, ResourceType } from "./resource.ts";

/** What a rule says of a resource that was read. `unknown` where the answer allows no verdict. */
export type Verdict = "compliant" | "violation" | "unknown";

export interface Judgement {
  readonly verdict: Verdict;
  /** CamelCase, stable: machines compare it. */
  readonly reason: string;
  /** One sentence for people, without the resource's name. */
  readonly message: string;
  /** The fields that the verdict rests on, by the AWS API's names; `null` for an absent one. */
  readonly evidence: Readonly<Record<string, string | null>>;
}

/** A rule: metadata and one pure function. Rules do no I/O and know no clock. */
export interface Rule {
  /** As in `spec.rules.include`; the name of the rule's folder, in capitals as its catalogue spells it. */
  readonly id: string;
  readonly title: string;
  readonly severity: "low" | "medium" | "high" | "critical";
  readonly resourceTypes: readonly ResourceType[];
  /** Judges a resource of one of `resourceTypes`. */
  evaluate(resource: Resource): Judgement;
}
