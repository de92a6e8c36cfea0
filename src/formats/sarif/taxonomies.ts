import type { ScanResult } from "../../report/result.ts";
import { type FrameworkControls, frameworksOf } from "../../rules/framework.ts";
import { RULES, ruleOf } from "../../rules/registry.ts";
import type { ResourceType } from "../../rules/resource.ts";
import type { Rule } from "../../rules/rule.ts";

/** A rule of the result: one that this program has, or the bare id of one that it lacks. */
export interface SarifRule {
  readonly id: string;
  readonly rule: Rule | undefined;
}

/** Every rule that may have judged, whether it found something or not; their order gives `ruleIndex`. */
export function rulesOf({ findings, baseline }: ScanResult): SarifRule[] {
  const ids = new Set(RULES.map(({ id }) => id));
  for (const finding of findings) ids.add(finding.rule);
  for (const finding of baseline?.resolved ?? []) ids.add(finding.rule);
  return [...ids].map((id) => ({ id, rule: ruleOf(id) }));
}

/** A control, as results and rules refer to it. */
interface TaxonReference {
  readonly id: string;
  readonly toolComponent: { readonly name: string; readonly index: number };
}

/** The compliance frameworks as SARIF's taxonomies. */
export class Taxonomies {
  /** `run.taxonomies`. */
  readonly components: readonly object[];
  readonly #indexOf = new Map<string, number>();
  readonly #common = new Map<string, readonly string[]>();

  constructor(rules: readonly SarifRule[]) {
    const components = new Map<
      string,
      { framework: FrameworkControls; url: string | undefined; ids: Set<string> }
    >();
    for (const { rule } of rules) {
      if (rule === undefined) continue;
      const ofTypes = rule.resourceTypes.map((type) => frameworksOf(rule.frameworks, type));
      for (const framework of ofTypes.flat()) {
        const known = components.get(framework.id) ?? {
          framework,
          url: sourceOf(rule, framework),
          ids: new Set(),
        };
        components.set(framework.id, known);
        for (const control of framework.controls) known.ids.add(control);
      }
      const everywhere = (id: string) =>
        ofTypes.every((frameworks) => frameworks.some((one) => one.id === id));
      this.#common.set(rule.id, [...components.keys()].filter(everywhere));
    }
    this.components = [...components.values()].map(({ framework, url, ids }, index) => {
      this.#indexOf.set(framework.id, index);
      return {
        name: titleOf(framework),
        ...(framework.version === undefined ? {} : { version: framework.version }),
        ...(url === undefined ? {} : { informationUri: url }),
        isComprehensive: false,
        shortDescription: { text: descriptionOf(framework) },
        taxa: [...ids].map((id) => ({ id, name: id })),
      };
    });
  }

  /** What `driver.supportedTaxonomies` names. */
  get references(): readonly object[] {
    return this.components.map((component, index) => ({ name: (component as { name: string }).name, index }));
  }

  /** The controls that the rule serves, whatever it judges. */
  ofRule(rule: Rule): TaxonReference[] {
    const type = rule.resourceTypes[0];
    return type === undefined ? [] : this.#select(rule, type, true);
  }

  /** Those that it serves only where it judges this type; a result has those of its rule anyway. */
  ofType(rule: Rule, type: ResourceType): TaxonReference[] {
    return this.#select(rule, type, false);
  }

  #select(rule: Rule, type: ResourceType, common: boolean): TaxonReference[] {
    const ofAll = this.#common.get(rule.id) ?? [];
    return frameworksOf(rule.frameworks, type)
      .filter(({ id }) => ofAll.includes(id) === common)
      .flatMap((framework) => {
        const toolComponent = { name: titleOf(framework), index: this.#indexOf.get(framework.id) ?? -1 };
        return framework.controls.map((id) => ({ id, toolComponent }));
      });
  }
}

export function titleOf({ name, version }: Pick<FrameworkControls, "name" | "version">): string {
  return version === undefined ? name : `${name} ${version}`;
}

function descriptionOf(framework: FrameworkControls): string {
  const title = titleOf(framework);
  return framework.controls.length > 0
    ? `The controls of ${title} that the rules serve.`
    : `${title} is served as a whole: no source names a control.`;
}

function sourceOf(rule: Rule, { id }: FrameworkControls): string | undefined {
  const claimedBy = rule.frameworks.frameworks.find((framework) => framework.id === id)?.claimedBy ?? [];
  const [first] = claimedBy;
  return first === undefined ? undefined : rule.frameworks.sources[first]?.url;
}
