import { safeText } from "../api/safe-text.ts";
import type { ScanRecord } from "../report/record.ts";

/** As long as AWS's own may be, twice over. */
const MAX_NAME = 100;

/** The accounts of a record with their names, safe to show; "" for one that has none. */
export function accountNames({
  cells,
  coverage,
}: Pick<ScanRecord, "cells" | "coverage">): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { account, accountName = "" } of [...coverage, ...cells]) {
    if (account !== "" && !names.get(account)) names.set(account, safeText(accountName, MAX_NAME));
  }
  return names;
}
