import { isDeepStrictEqual } from "node:util";
import type { AwsAccountScan, AwsAccountScanStatus } from "../api/generated/awsaccountscan.ts";
import { API_VERSION, MANAGER, SCAN } from "../api/names.ts";
import { isConflict, type KubeClient } from "../kube/client.ts";
import { type Ledger, newestVersion } from "./ledger.ts";
import { isOwnerRefusal, StaleViewError, SupersededError } from "./ownership.ts";

/**
 * Writes statuses, and only those that say something new. Each is written in place of the one that it was made from, in the
 * owner's name, so that the API server refuses what a process writes whose scan another has taken over.
 */
export class StatusWriter {
  readonly #client: Pick<KubeClient, "apply" | "mergePatch">;
  readonly #ledger: Ledger;

  constructor(client: Pick<KubeClient, "apply" | "mergePatch">, ledger: Ledger) {
    this.#client = client;
    this.#ledger = ledger;
  }

  /**
   * Makes `said` the status of `scan`, which is as the cache has it. A status that differs in nothing but its owner is written
   * where `mustClaim`.
   * @throws {StaleViewError} where the resource has changed.
   * @throws {SupersededError} where another process has taken the scan over.
   */
  async write(
    key: string,
    scan: AwsAccountScan,
    said: AwsAccountScanStatus,
    mustClaim: boolean,
  ): Promise<void> {
    const entry = this.#ledger.get(key);
    if (entry === undefined) return;
    const { owner } = entry;
    const status = { ...said, owner };
    if (isDeepStrictEqual(status, mustClaim ? scan.status : { ...scan.status, owner })) {
      this.#ledger.set(key, { ...entry, status });
      return;
    }
    const { namespace, name, uid, resourceVersion: cached = "" } = scan.metadata;
    const resourceVersion = newestVersion(cached, entry);
    const metadata = { namespace, name, uid, resourceVersion };
    const at = { namespace, name, subresource: "status" };
    const how = { fieldManager: MANAGER, force: true };
    try {
      const body = { apiVersion: API_VERSION, kind: SCAN.kind, metadata, status };
      let after = await this.#client.apply<AwsAccountScan>(SCAN, at, body, how);
      const foreign = foreignFields(status, after.status);
      if (foreign !== undefined) {
        const { resourceVersion: applied } = after.metadata;
        const patch = { metadata: { uid, resourceVersion: applied }, status: foreign };
        after = await this.#client.mergePatch<AwsAccountScan>(SCAN, at, patch);
      }
      this.#ledger.set(key, {
        ...entry,
        status,
        written: { cached, version: after.metadata.resourceVersion ?? "" },
      });
    } catch (error) {
      if (isOwnerRefusal(error))
        throw new SupersededError("another process has taken the scan over", { cause: error });
      if (isConflict(error)) throw new StaleViewError("the resource has changed meanwhile", { cause: error });
      throw error;
    }
  }
}

/**
 * What turns `found` into `said`, as a merge patch; undefined where there is nothing to turn. Apply leaves alone what somebody
 * else has written and we do not: a scan that he says is running would run for ever.
 */
function foreignFields(
  said: AwsAccountScanStatus,
  found: AwsAccountScanStatus = {},
): Record<string, unknown> | undefined {
  const ours: Readonly<Record<string, unknown>> = { ...said };
  const differing = Object.entries(found).filter(([field, value]) => !isDeepStrictEqual(value, ours[field]));
  if (differing.length === 0) return undefined;
  return Object.fromEntries(differing.map(([field]) => [field, ours[field] ?? null]));
}
