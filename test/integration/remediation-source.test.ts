import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { parseSourceArn } from "../../src/aws/remediation-source.ts";
import { HUB, CI_KEY as keys, REGION, SPOKE, useSimulator } from "../support/aws-fixture.ts";
import { domainSource, notebookSource } from "../support/remediation.ts";
import { sourceOf } from "../support/remediation-sources.ts";

const aws = useSimulator();
const place = { account: HUB, region: REGION };
const arn = (resource: string) => `arn:aws:sagemaker:${REGION}:${HUB}:${resource}`;
const NOTEBOOK = arn("notebook-instance/fraud-model");
const DOMAIN = arn("domain/d-abcdef012345");

beforeAll(() => {
  process.env["AWS_ENDPOINT_URL"] = aws.url;
});
afterAll(() => {
  delete process.env["AWS_ENDPOINT_URL"];
});

const notebook = notebookSource({
  ...place,
  arn: NOTEBOOK,
  acceleratorTypes: ["ml.eia2.medium"],
  subnetId: "subnet-1",
  securityGroupIds: ["sg-1", "sg-2"],
});
const domain = domainSource({
  ...place,
  arn: DOMAIN,
  appSecurityGroupManagement: "Service",
  rStudioExecutionRoleArn: `arn:aws:iam::${HUB}:role/RStudio`,
  tags: [{ key: "team", value: "lab" }],
});

beforeEach(async () => {
  const { securityGroupIds, acceleratorTypes, tags: _, ...settings } = notebook;
  await aws.client.putNotebook(place, {
    name: "Fraud-Model",
    directInternetAccess: "Enabled",
    instanceType: settings.instanceType,
    roleArn: settings.roleArn,
    ...definedTexts(settings),
    volumeSizeInGB: 50,
    acceleratorTypes,
    additionalCodeRepositories: settings.additionalCodeRepositories,
    securityGroups: securityGroupIds,
    tags: { team: "fraud & risk" },
  });
  await aws.client.putDomain(place, {
    id: domain.id,
    name: domain.name,
    appNetworkAccessType: "PublicInternetOnly",
    vpcId: "vpc-0a1b2c3d",
    subnetIds: domain.subnetIds,
    securityGroups: domain.defaultSecurityGroupIds,
    executionRoleArn: domain.executionRoleArn ?? "",
    appSecurityGroupManagement: "Service",
    rStudioExecutionRoleArn: domain.rStudioExecutionRoleArn ?? "",
    tags: { team: "lab" },
  });
});

function definedTexts(settings: Omit<typeof notebook, "securityGroupIds" | "acceleratorTypes" | "tags">) {
  const { platformIdentifier = "", kmsKeyId = "", lifecycleConfigName = "", rootAccess = "" } = settings;
  const {
    minimumInstanceMetadataServiceVersion = "",
    ipAddressType = "",
    defaultCodeRepository = "",
  } = settings;
  const { subnetId = "" } = settings;
  return {
    ...{ platformIdentifier, kmsKeyId, lifecycleConfigName, rootAccess, subnetId },
    ...{ minimumInstanceMetadataServiceVersion, ipAddressType, defaultCodeRepository },
  };
}

test("every setting of a notebook instance is read, whose name the ARN has in lower case", async () => {
  expect(await sourceOf(keys, NOTEBOOK)).toEqual(notebook);
});

test("every setting of a domain is read", async () => {
  expect(await sourceOf(keys, DOMAIN)).toEqual(domain);
});

test("what is gone is undefined", async () => {
  expect(await sourceOf(keys, arn("notebook-instance/gone"))).toBeUndefined();
  expect(await sourceOf(keys, arn("domain/d-gone"))).toBeUndefined();
  // A part of another's name.
  expect(await sourceOf(keys, arn("notebook-instance/fraud"))).toBeUndefined();
});

test.each(["deny", "scp-deny"] as const)(
  "tags that may not be read are unknown, not none: %s",
  async (kind) => {
    await aws.client.setFaults({ kind, operation: "ListTags" });
    expect(await sourceOf(keys, NOTEBOOK)).toEqual({ ...notebook, tags: undefined });
  },
);

test("tags that cannot be read for another reason make the whole fail", async () => {
  await aws.client.setFaults({ kind: "error500", operation: "ListTags" });
  await expect(sourceOf(keys, NOTEBOOK)).rejects.toMatchObject({
    name: "AwsCallError",
    operation: "ListTags",
  });
});

test("a refused Describe is no missing resource", async () => {
  await aws.client.setFaults({ kind: "deny" });
  for (const one of [NOTEBOOK, DOMAIN])
    await expect(sourceOf(keys, one)).rejects.toMatchObject({ kind: "denied" });
});

test("the answer of another account or region is refused", async () => {
  const other = NOTEBOOK.replace(HUB, SPOKE).replace("fraud-model", "notebook-00");
  await expect(sourceOf(keys, other)).rejects.toMatchObject({ code: "AccountMismatch" });
  await aws.client.putNotebook({ account: HUB, region: "eu-west-1" }, { name: "notebook-00" });
  await expect(sourceOf(keys, arn("notebook-instance/notebook-00"), "eu-west-1")).rejects.toMatchObject({
    code: "AccountMismatch",
  });
});

test("an ARN of anything else is refused before AWS is asked", async () => {
  await aws.client.clearRequests();
  for (const text of [
    "",
    "arn:aws:s3:::bucket",
    arn("model/x"),
    arn("notebook-instance/--x"),
    arn("domain/a b"),
  ]) {
    expect(parseSourceArn(text)).toBeUndefined();
    await expect(sourceOf(keys, text)).rejects.toThrow(RangeError);
  }
  expect(await aws.client.requests()).toEqual([]);
});
