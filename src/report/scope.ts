import { matchesAny } from "../scan/glob.ts";
import type { ScanFold } from "./fold.ts";
import type { Cell } from "./record.ts";

/** What a scan was asked to look at. */
export interface Scope {
  /** As in the scan's request: an id is undefined where the account is that of the credentials. */
  readonly accounts: readonly { readonly id?: string | undefined; readonly name?: string | undefined }[];
  /** Whether there may be accounts beside these: an organisation that could not be read. */
  readonly openEnded?: boolean | undefined;
  readonly regions: readonly string[] | undefined;
  /** Ids of rules. */
  readonly rules: readonly string[];
}

/**
 * Whether something that the last scan knew still belongs to this one's scope. While it is not known whose the
 * credentials are, every account that they may have been of does.
 */
export function inScope(
  scope: Scope,
  fold: ScanFold,
  { account, region, rule }: Pick<Cell, "account" | "region" | "rule">,
): boolean {
  const ids = scope.accounts.map(({ id }) => id);
  const ownUnidentified = ids.includes(undefined) && fold.accounts.size === 0;
  return (
    (scope.openEnded === true || ids.includes(account) || fold.accounts.has(account) || ownUnidentified) &&
    matchesAny(scope.regions, region) &&
    scope.rules.includes(rule)
  );
}
