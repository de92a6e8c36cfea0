import type { ResourceType } from "./resource.ts";

/** Who says that a rule serves a control. */
export interface FrameworkSource {
  readonly name: string;
  readonly url: string;
}

/** A compliance framework, and what of it a rule serves. */
export interface Framework {
  /** Stable, for machines: `pci-dss-4.0.1`. */
  readonly id: string;
  readonly name: string;
  /** The edition that the ids are of; absent where the sources name none. */
  readonly version?: string;
  /** Who maps the rule to the framework as a whole; keys of {@link FrameworkMapping.sources}. */
  readonly claimedBy: readonly string[];
  /** Types of resources that it speaks of; absent: all that the rule judges. */
  readonly resourceTypes?: readonly ResourceType[];
  /** Empty where no source gives ids: none is made up. */
  readonly controls: readonly { readonly id: string; readonly sources: readonly string[] }[];
  /** Kept for those who look it up, and left out of findings: another edition has taken its place. */
  readonly superseded?: boolean;
}

/** A rule's data file: every framework, every id, and who says so. */
export interface FrameworkMapping {
  readonly sources: Readonly<Record<string, FrameworkSource>>;
  readonly frameworks: readonly Framework[];
}

/** A framework as findings carry it. */
export interface FrameworkControls {
  readonly id: string;
  readonly name: string;
  readonly version?: string | undefined;
  /** Empty where the framework is claimed as a whole, without ids. */
  readonly controls: readonly string[];
}

/** The vendor's own mapping: where it has ids of a framework, findings carry those alone. */
const PREFERRED = "security-hub";

/** What findings on resources of `type` carry: every framework of today, with the ids that the best source gives. */
export function frameworksOf(mapping: FrameworkMapping, type: ResourceType): FrameworkControls[] {
  return mapping.frameworks
    .filter(({ superseded, resourceTypes }) => !superseded && (resourceTypes?.includes(type) ?? true))
    .map(({ id, name, version, controls }) => {
      const preferred = controls.filter(({ sources }) => sources.includes(PREFERRED));
      const shown = preferred.length > 0 ? preferred : controls;
      return { id, name, version, controls: shown.map((control) => control.id) };
    });
}

/** In a line for people: `PCI DSS 4.0.1: 1.4.4`; the name alone where there are no ids. */
export function describeFramework({ name, version, controls }: FrameworkControls): string {
  const title = version === undefined ? name : `${name} ${version}`;
  return controls.length === 0 ? title : `${title}: ${controls.join(", ")}`;
}
