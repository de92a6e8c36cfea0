import { hash } from "node:crypto";
import type { AwsAccountScan } from "../api/generated/awsaccountscan.ts";
import { API_VERSION, SCAN } from "../api/names.ts";

/**
 * The beginning of the names of objects that belong to a scan: its own name, cut so that what is put behind it fits
 * the 253 characters of a DNS subdomain, and never ending in a dot or dash.
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
 */
export function objectNamePrefix({ metadata }: Pick<AwsAccountScan, "metadata">): string {
  return metadata.name.slice(0, 200).replace(/[^a-z0-9]+$/, "");
}

/** The prefix and a hash of the scan's UID, since a scan may be made anew before its old objects are collected. */
export function hashedName(scan: Pick<AwsAccountScan, "metadata">): string {
  const uid = hash("sha256", scan.metadata.uid, "hex");
  return `${objectNamePrefix(scan)}-${uid.slice(0, 10)}`;
}

/** A scan's name as a label's value, which has at most 63 characters and ends in an alphanumeric one. */
export function scanLabelValue(name: string): string {
  return name.slice(0, 63).replace(/[^A-Za-z0-9]+$/, "");
}

/** The reference that lets the garbage collector remove an object with its scan. */
export function ownedBy({ metadata }: Pick<AwsAccountScan, "metadata">) {
  const { name, uid } = metadata;
  return { apiVersion: API_VERSION, kind: SCAN.kind, name, uid, controller: true };
}
