import type { FrameworkMapping } from "./framework.ts";
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

/** What people are told of a rule. Plain sentences; commands in them are to be filled in. */
export interface Guidance {
  readonly rationale: string;
  /** The steps of looking by hand. */
  readonly audit: readonly string[];
  /** The steps of putting it right, by the type of the resource. */
  readonly remediation: Readonly<Record<ResourceType, readonly string[]>>;
  /** URLs. */
  readonly references: readonly string[];
}

/** A rule: metadata and one pure function. Rules do no I/O and know no clock. */
export interface Rule {
  /** As in `spec.rules.include`; the name of the rule's folder, in capitals as its catalogue spells it. */
  readonly id: string;
  readonly title: string;
  readonly severity: "low" | "medium" | "high" | "critical";
  readonly resourceTypes: readonly ResourceType[];
  readonly guidance: Guidance;
  readonly frameworks: FrameworkMapping;
  /** Judges a resource of one of `resourceTypes`. */
  evaluate(resource: Resource): Judgement;
}
