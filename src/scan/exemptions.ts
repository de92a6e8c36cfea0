import type { Resource } from "../rules/resource.ts";
import { matchesAny } from "./glob.ts";

/** As `spec.exemptions[]`: a violation that its owner has accepted, with the reason, until a time. */
export interface Exemption {
  readonly name: string;
  readonly reason: string;
  /** RFC 3339; past it the violation counts again. */
  readonly expiresAt?: string | undefined;
  /** Any one of a field's entries, and every field that is there. */
  readonly match: {
    readonly arns?: readonly string[] | undefined;
    readonly names?: readonly string[] | undefined;
    readonly accounts?: readonly string[] | undefined;
    readonly regions?: readonly string[] | undefined;
    readonly tags?: Readonly<Record<string, string>> | undefined;
  };
}

/** Exemptions that may hold for a resource: those that do, and those that its tags, not yet read, decide. */
export interface Candidates {
  readonly certain: Exemption | undefined;
  readonly byTags: readonly Exemption[];
}

/** The exemptions in force at `now` (ms) that all but the tags of `resource` allow. */
export function candidates(exemptions: readonly Exemption[], resource: Resource, now: number): Candidates {
  const possible = exemptions.filter(
    (exemption) => inForce(exemption, now) && matchesButTags(exemption, resource),
  );
  return {
    certain: possible.find(({ match }) => match.tags === undefined),
    byTags: possible.filter(({ match }) => match.tags !== undefined),
  };
}

/** How many globs and ids a resource may have to be held against. */
export function entriesOf(exemptions: readonly Exemption[]): number {
  let entries = 0;
  for (const { match } of exemptions) {
    const { arns, names, accounts, regions } = match;
    for (const list of [arns, names, accounts, regions]) entries += list?.length ?? 0;
  }
  return entries;
}

/** The first of `byTags` that one of `tags` satisfies. */
export function matchTags(
  byTags: readonly Exemption[],
  tags: ReadonlyMap<string, string>,
): Exemption | undefined {
  return byTags.find(({ match }) =>
    Object.entries(match.tags ?? {}).some(([key, value]) => tags.get(key) === value),
  );
}

/** When the exemptions end that ever do, in ms. */
export function expiriesOf(exemptions: readonly Pick<Exemption, "expiresAt">[]): number[] {
  return exemptions.map(({ expiresAt }) => Date.parse(expiresAt ?? "")).filter(Number.isFinite);
}

/** Whether an exemption holds in a scan that began at `now` (ms). */
export function inForce({ expiresAt }: Pick<Exemption, "expiresAt">, now: number): boolean {
  // An unreadable date exempts nothing: NaN is not greater than anything.
  return expiresAt === undefined || Date.parse(expiresAt) > now;
}

function matchesButTags({ match }: Exemption, { arn, name, account, region }: Resource): boolean {
  const { arns, names, accounts, regions } = match;
  // The schema refuses tags alone: whoever may tag a resource could exempt it. Asked again here, where it counts.
  if (arns === undefined && names === undefined && accounts === undefined && regions === undefined)
    return false;
  return (
    matchesAny(arns, arn) &&
    matchesAny(names, name) &&
    matchesAny(accounts, account) &&
    matchesAny(regions, region)
  );
}
