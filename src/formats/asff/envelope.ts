import { homeRegion, partitionOfRegion } from "../../api/arn.ts";
import type { ResultFacts } from "../../report/result.ts";
import { asffText } from "./limits.ts";

/** Where a finding is imported: the custom product of one account in one region. */
export interface Hub {
  readonly account: string;
  readonly region: string;
}

/** `Compliance.Status`; see docs/formats.md for what each verdict is. */
export type ComplianceStatus = "PASSED" | "WARNING" | "FAILED" | "NOT_AVAILABLE";

export type SeverityLabel = "INFORMATIONAL" | "LOW" | "MEDIUM" | "HIGH" | "CRITICAL";

/** What every finding has. Times of the format are RFC 3339. */
export function envelope(
  hub: Hub,
  { completionTime }: ResultFacts,
  facts: {
    readonly id: string;
    readonly generator: string;
    readonly title: string;
    readonly description: string;
    readonly createdAt: string;
    readonly severity: SeverityLabel;
    readonly types: readonly string[];
  },
): object {
  const { account } = hub;
  const region = hub.region || homeRegion("aws", undefined);
  const partition = partitionOfRegion(region);
  return {
    SchemaVersion: "2018-10-08",
    Id: facts.id,
    ProductArn: `arn:${partition}:securityhub:${region}:${account}:product/${account}/default`,
    ProductName: "awsscan",
    CompanyName: "awsscan",
    Region: region,
    GeneratorId: facts.generator,
    AwsAccountId: account,
    CreatedAt: facts.createdAt,
    UpdatedAt: completionTime,
    Title: asffText(facts.title, 256) ?? "awsscan",
    Description: asffText(facts.description, 1_024) ?? "awsscan",
    // A provider sets these two here, and no longer at the top.
    FindingProviderFields: {
      Severity: { Label: facts.severity, Original: facts.severity },
      Types: facts.types,
    },
  };
}

/** The names that `Resources[].Partition` has; others are left out. */
export function resourcePartition(partition: string): object {
  const known: Readonly<Record<string, string>> = {
    aws: "aws",
    "aws-cn": "aws-cn",
    "aws-us-gov": "aws-us-gov",
    "aws-iso": "aws-us-iso",
    "aws-iso-b": "aws-us-iso-b",
  };
  const Partition = known[partition];
  return Partition === undefined ? {} : { Partition };
}
