import { expect } from "vitest";
import { fuzz } from "../../test/support/fuzz.ts";
import { damagedText } from "../../test/support/mutations.ts";
import { parseSourceArn } from "../aws/remediation-source.ts";
import { homeRegionOf, parseArn } from "./arn.ts";

const ARNS = [
  "arn:aws:sagemaker:us-east-1:123456789012:notebook-instance/a-b",
  "arn:aws-cn:sagemaker:cn-north-1:123456789012:domain/d-abc123",
  "arn:aws:iam::123456789012:role/path/Scan",
  "arn:aws:sts::123456789012:assumed-role/Scan/session:with:colons",
];

fuzz("an ARN is its parts, or none", 500, damagedText(ARNS), (text) => {
  const arn = parseArn(text);
  if (arn !== undefined) {
    const { partition, service, region, account, resource } = arn;
    expect(["arn", partition, service, region, account, resource].join(":")).toBe(text);
  }
  expect(homeRegionOf(text, undefined)).toMatch(/^[a-z0-9-]+$/);
  const source = parseSourceArn(text);
  if (source === undefined) return;
  expect(source.account).toMatch(/^\d{12}$/);
  // They go into scripts, templates and addresses.
  expect(`${source.region} ${source.key}`).toMatch(/^[a-z0-9-]+ [a-zA-Z0-9-]+$/);
  expect(text).toMatch(/^[\x21-\x7e]+$/);
});
