import { scanTimeoutMs } from "../../api/scan-timeout.ts";
import { roleSessionName } from "../../aws/credentials.ts";
import { DEFAULT_TIMEOUT_MS, type ScanOptions } from "../../config/scan-options.ts";
import type { ScanManifest } from "../../manifest/manifests.ts";
import { nameOf, readScans } from "../manifests.ts";
import { note } from "../note.ts";
import type { ScanJob } from "./run.ts";
import { refuseTargetFlags, specFromFlags } from "./spec-from-flags.ts";

/**
 * What to scan: one job for the flags, or one for each manifest.
 * @throws {UsageError} where that is not clear, or a manifest is not valid.
 */
export async function jobsOf(options: ScanOptions, sessionName: string): Promise<readonly ScanJob[]> {
  if (options.filename === undefined) {
    return [{ spec: specFromFlags(options), sessionName, timeoutMs: options.timeout ?? DEFAULT_TIMEOUT_MS }];
  }
  refuseTargetFlags(options);
  const scans = await readScans(options.filename);
  for (const scan of scans) if (scan.spec.credentials !== undefined) tellWhoseCredentials(scan);
  return scans.map(({ spec, metadata }) => ({
    spec,
    sessionName: roleSessionName(metadata.namespace ?? "cli", metadata.name ?? metadata.generateName ?? ""),
    timeoutMs: options.timeout ?? scanTimeoutMs(spec),
  }));
}

/** A ServiceAccount's role can only be assumed with a token that a cluster mints. */
function tellWhoseCredentials(scan: ScanManifest): void {
  const serviceAccount = scan.spec.credentials?.serviceAccountName;
  note(
    `${nameOf(scan)}: scanning with your own AWS credentials, not those of ServiceAccount ${serviceAccount}, which only a cluster can mint.`,
  );
}
