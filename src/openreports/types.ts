/**
 * What we write of `openreports.io/v1alpha1` Report, field by field as its Go types have it.
 * https://pkg.go.dev/github.com/openreports/reports-api@v0.2.1/apis/openreports.io/v1alpha1
 */

/** The resource, as the API server addresses it. */
export const OPEN_REPORT = {
  kind: "Report",
  group: "openreports.io",
  version: "v1alpha1",
  plural: "reports",
};

export type ResultStatus = "pass" | "fail" | "warn" | "error" | "skip";

/** corev1.ObjectReference. For what lives outside the cluster: any strings that tell it from everything else. */
export interface ObjectReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly uid: string;
}

export interface ReportResult {
  readonly policy: string;
  readonly rule: string;
  readonly category: string;
  readonly severity: "critical" | "high" | "medium" | "low" | "info";
  readonly result: ResultStatus;
  /** metav1.Timestamp, which is no RFC 3339 string. */
  readonly timestamp: { readonly seconds: number; readonly nanos: number };
  readonly resources: readonly [ObjectReference];
  readonly message: string;
  readonly properties: Readonly<Record<string, string>>;
}

/** A Report without its metadata. */
export interface ReportBody {
  readonly source: string;
  readonly scope: ObjectReference;
  /** With a filter: the report holds results of these statuses alone. */
  readonly configuration?: { readonly limits: { readonly statusFilter: readonly ResultStatus[] } };
  readonly summary: Readonly<Record<ResultStatus, number>>;
  readonly results: readonly ReportResult[];
}
