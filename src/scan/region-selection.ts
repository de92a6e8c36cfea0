import { isLiteral, matchesAny } from "./glob.ts";

/** The regions that a scan means: names and globs. */
export interface RegionSelection {
  /** Undefined: every region enabled in the account. */
  readonly include?: readonly string[] | undefined;
  /** Left out, whatever `include` says. */
  readonly exclude?: readonly string[] | undefined;
}

/** The regions to look at in one account. */
export interface ChosenRegions {
  readonly regions: readonly string[];
  /** Why they are not what the selection promises: a scan of too little must not pass for one of everything. */
  readonly lack?: { readonly kind: "not-enabled" | "failed"; readonly message: string } | undefined;
}

/** Whether `region` is meant. */
export function selects({ include, exclude }: RegionSelection, region: string): boolean {
  return matchesAny(include, region) && !(exclude !== undefined && matchesAny(exclude, region));
}

/** The regions that `include` names in full, each once: they need no look-up. */
export function literalRegions(selection: RegionSelection): string[] {
  const named = new Set((selection.include ?? []).filter(isLiteral));
  return [...named].filter((region) => selects(selection, region));
}

/** Whether the account must be asked which regions it has enabled. */
export function needsLookUp({ include }: RegionSelection): boolean {
  return include === undefined || !include.every(isLiteral);
}

/** What `selection` means in an account with these regions `enabled`, undefined where it needed no look-up. */
export function chooseRegions(
  selection: RegionSelection,
  enabled: readonly string[] | undefined,
): ChosenRegions {
  const globs = selection.include?.filter((region) => !isLiteral(region));
  const matching = enabled?.filter((region) => matchesAny(globs, region));
  const meant = matching?.filter((region) => selects(selection, region)) ?? [];
  const regions = [...new Set([...literalRegions(selection), ...meant])];
  if (enabled !== undefined && matching?.length === 0) {
    const message = `None of the ${enabled.length} regions enabled in the account matches ${globs?.join(", ")}.`;
    return { regions, lack: { kind: "not-enabled", message } };
  }
  if (regions.length > 0) return { regions };
  const message = `spec.regions.exclude leaves nothing of ${(selection.include ?? ["every enabled region"]).join(", ")}.`;
  return { regions, lack: { kind: "failed", message } };
}
