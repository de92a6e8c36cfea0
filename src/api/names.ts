/** Names of our API: group, kinds, labels, annotations. Everything that spells one of them imports it from here. */

export const GROUP = "awsaccountscan.dev";
export const VERSION = "v1alpha1";
export const API_VERSION = `${GROUP}/${VERSION}`;

/** Our custom resources, as the API server addresses them. */
export const SCAN = { kind: "AwsAccountScan", group: GROUP, version: VERSION, plural: "awsaccountscans" };
export const REPORT = {
  kind: "AwsAccountScanReport",
  group: GROUP,
  version: VERSION,
  plural: "awsaccountscanreports",
};

/** Label on every report: the name of the scan that owns it, cut to the 63 characters that a label may have. */
export const SCAN_LABEL = `${GROUP}/scan`;

/** Annotation on a scan: any new value asks for a scan now. Echoed in `status.lastHandledReconcileAt`. */
export const REQUESTED_AT = `${GROUP}/requestedAt`;

/** Annotation on a part of a record: the epoch of the owner that wrote it or took it over, see `status.owner`. */
export const EPOCH = `${GROUP}/epoch`;

/**
 * Annotation on a ServiceAccount, value "true": its owner agrees that the operator mints its tokens for scans.
 * Without it, whoever may write an AwsAccountScan could act as any ServiceAccount of the namespace.
 */
export const ALLOW_SCANS = `${GROUP}/allow-scans`;

/** Annotation on a ServiceAccount that EKS's pod identity webhook reads as well: the role to assume. */
export const EKS_ROLE_ARN = "eks.amazonaws.com/role-arn";

/** Label on the Lease of a replica that shares the scans with others: the name of what they are members of. */
export const MEMBER_OF = `${GROUP}/member-of`;

/** Field manager of all that the operator applies, and the reporting controller of its Events. */
export const MANAGER = "aws-account-scan-operator";
