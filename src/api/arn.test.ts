import { partition as sdkPartition } from "@aws-sdk/core/client";
import { describe, expect, it } from "vitest";
import { homeRegion, parseArn, partitionOfRegion } from "./arn.ts";

const PARTITIONS = [
  "aws",
  "aws-cn",
  "aws-eusc",
  "aws-iso",
  "aws-iso-b",
  "aws-iso-e",
  "aws-iso-f",
  "aws-us-gov",
];

describe("parseArn", () => {
  it.each([
    ["arn:aws:iam::123456789012:role/a/b", "aws", "iam", "", "role/a/b"],
    [
      "arn:aws-eusc:sagemaker:eusc-de-east-1:123456789012:domain/d:1",
      "aws-eusc",
      "sagemaker",
      "eusc-de-east-1",
      "domain/d:1",
    ],
  ])("takes %s apart", (text, partition, service, region, resource) => {
    expect(parseArn(text)).toEqual({ partition, service, region, account: "123456789012", resource });
  });

  it.each(["", "arn:aws:iam::123456789012", "aws:iam:::x:y:z", "arn::iam::1:role/x"])(
    "refuses %j",
    (text) => {
      expect(parseArn(text)).toBeUndefined();
    },
  );
});

describe("partitionOfRegion", () => {
  it.each([
    "us-east-1",
    "eu-central-2",
    "mx-central-1",
    "us-gov-east-1",
    "us-gov-west-1",
    "cn-north-1",
    "cn-northwest-1",
    "eusc-de-east-1",
    "us-iso-east-1",
    "us-iso-west-1",
    "us-isob-east-1",
    "us-isob-west-1",
    "eu-isoe-west-1",
    "us-isof-south-1",
    "us-isof-east-1",
  ])("places %s where the AWS SDK does", (region) => {
    expect(partitionOfRegion(region)).toBe(sdkPartition(region).name);
  });
});

describe("homeRegion", () => {
  it.each(PARTITIONS)("is a region of %s, whatever is preferred", (partition) => {
    for (const preferred of [undefined, "us-east-1", "us-gov-west-1", "eu-isoe-west-1"]) {
      expect(sdkPartition(homeRegion(partition, preferred)).name).toBe(partition);
    }
  });

  it("takes the preferred region where nobody knows the partition", () => {
    expect(homeRegion("aws-new", "xx-new-1")).toBe("xx-new-1");
    expect(homeRegion("aws-new", undefined)).toBe("us-east-1");
  });
});
