import { type RegionSelection, selects } from "../scan/region-selection.ts";
import type { ScanFold } from "./fold.ts";
import type { Cell } from "./record.ts";

/** What a scan was asked to look at. */
export interface Scope {
  /** As in the scan's request: an id is undefined where the account is that of the credentials. */
  readonly accounts: readonly { readonly id?: string | undefined; readonly name?: string | undefined }[];
  /** Whether there may be accounts beside these: an organisation that could not be read. */
  readonly openEnded?: boolean | undefined;
  readonly regions: RegionSelection;
  /** Ids of rules. */
  readonly rules: readonly string[];
}

/** Whether something that the last scan knew still belongs to this one's scope. */
export type ScopeTest = (row: Pick<Cell, "account" | "region" | "rule">) => boolean;

/**
 * The test for one scan. While it is not known whose the credentials are, or which accounts an organization has,
 * every account that may be meant is in scope.
 */
export function scopeTest(scope: Scope, fold: ScanFold): ScopeTest {
  const ids = new Set(scope.accounts.map(({ id }) => id));
  const anyAccount = scope.openEnded === true || (ids.has(undefined) && fold.accounts.size === 0);
  return ({ account, region, rule }) =>
    (anyAccount || ids.has(account) || fold.accounts.has(account)) &&
    selects(scope.regions, region) &&
    scope.rules.includes(rule);
}
