import { partitionOfRegion } from "../../api/arn.ts";
import type { ResultFacts } from "../../report/result.ts";
import type { PlaceReport } from "../place-report.ts";
import { placeText } from "../unread-text.ts";
import { envelope, resourcePartition } from "./envelope.ts";
import { asffText, productFields } from "./limits.ts";

/**
 * Whether a place was read, as a finding on its account: Security Hub knows no region as a resource. `home`: where an
 * account as a whole is told.
 */
export function asffCoverage(report: PlaceReport, home: string, scan: ResultFacts): object {
  const { account, accountName, holes, message } = report;
  const region = report.region || home;
  const isRead = holes.length === 0;
  const description = asffText(message, 1_024);
  const consequence = isRead ? "" : "What was not read is not known to comply. ";
  return {
    ...envelope({ account, region }, scan, {
      id: `awsscan/coverage/${account}/${report.region}`,
      generator: "awsscan/coverage",
      title: `awsscan ${isRead ? "read" : "could not read"} ${placeText(report)}`,
      description: `${consequence}${message}`,
      createdAt: scan.completionTime,
      severity: isRead ? "INFORMATIONAL" : "MEDIUM",
      types: ["Software and Configuration Checks"],
    }),
    ProductFields: productFields([
      ["awsscan/Version", scan.version],
      ["awsscan/AccountName", accountName],
      ["awsscan/CoveredRegion", report.region],
    ]),
    Resources: [
      {
        Type: "AwsAccount",
        Id: `AWS::::Account:${account}`,
        ...resourcePartition(partitionOfRegion(region)),
        Region: region,
      },
    ],
    Compliance: {
      Status: isRead ? "PASSED" : "NOT_AVAILABLE",
      StatusReasons: [
        {
          ReasonCode: holes[0]?.state ?? "covered",
          ...(description === undefined ? {} : { Description: description }),
        },
      ],
    },
    RecordState: "ACTIVE",
  };
}
