import type { AwsAccountScan } from "../api/generated/awsaccountscan.ts";

/**
 * The beginning of the names of objects that belong to a scan: its own name, cut so that what is put behind it fits
 * the 253 characters of a DNS subdomain, and never ending in a dot or dash.
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
 */
export function objectNamePrefix({ metadata }: Pick<AwsAccountScan, "metadata">): string {
  return metadata.name.slice(0, 200).replace(/[^a-z0-9]+$/, "");
}
