/** Which types are generated, and what they are called. */

/** A module of types to generate from one CRD. */
export interface TypesModule {
  /** The CRD, in `deploy/crds/`. */
  readonly crd: string;
  /** The module, in `src/api/generated/`. */
  readonly file: string;
  /** The schema itself, for programs that validate by it, in the same folder; none where nothing does. */
  readonly schemaFile?: string;
  /**
   * Names by the path of a field, for types that code wants to name; every other field has its type in place. Two
   * fields of one name must have the same shape.
   */
  readonly names: Readonly<Record<string, string>>;
}

export const MODULES: readonly TypesModule[] = [
  {
    crd: "awsaccountscans.awsaccountscan.dev.yaml",
    file: "awsaccountscan.ts",
    schemaFile: "awsaccountscan.schema.json",
    names: {
      spec: "AwsAccountScanSpec",
      "spec.accounts[]": "AccountSpec",
      "spec.organization": "OrganizationSpec",
      "spec.exemptions[]": "Exemption",
      "spec.exemptions[].match": "ExemptionMatch",
      "spec.remediation.networks[]": "RemediationNetwork",
      status: "AwsAccountScanStatus",
      "status.conditions[]": "Condition",
      "status.currentScan": "CurrentScan",
      "status.currentScan.trigger": "Trigger",
      "status.lastScan": "LastScan",
      "status.lastScan.trigger": "Trigger",
      "status.lastScan.outcome": "Outcome",
      "status.summary": "ScanSummary",
      "status.accounts[]": "AccountStatus",
      "status.violations[]": "ViolationStatus",
      "status.failures[]": "FailureStatus",
      "status.truncated": "Truncated",
    },
  },
  {
    crd: "awsaccountscanreports.awsaccountscan.dev.yaml",
    file: "awsaccountscanreport.ts",
    names: {
      index: "ReportIndex",
      "index.scan": "ReportScan",
      "index.scan.trigger": "Trigger",
      "index.scan.outcome": "Outcome",
      "index.summary": "ScanSummary",
      "index.shards[]": "ReportShard",
      contents: "ReportContents",
      "contents.cells[]": "ReportCell",
      "contents.coverage[]": "ReportCoverage",
      "contents.coverage[].state": "CoverageState",
      "contents.failures[]": "ReportFailure",
      "contents.findings[]": "ReportFinding",
      "contents.findings[].verdict": "FindingVerdict",
    },
  },
];
