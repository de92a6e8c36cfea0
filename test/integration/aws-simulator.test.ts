import { DescribeRegionsCommand } from "@aws-sdk/client-ec2";
import {
  DescribeOrganizationCommand,
  ListAccountsCommand,
  ListAccountsForParentCommand,
  ListOrganizationalUnitsForParentCommand,
} from "@aws-sdk/client-organizations";
import { ListDomainsCommand, ListNotebookInstancesCommand } from "@aws-sdk/client-sagemaker";
import { AssumeRoleCommand, GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import type { JWTPayload } from "jose";
import { describe, expect, test } from "vitest";
import { codeOf, fromSts } from "../support/aws-clients.ts";
import { CI_KEY, HUB, HUB_ROLE, REGION, SPOKE, SPOKE_ROLE, useSimulator } from "../support/aws-fixture.ts";

const aws = useSimulator();

describe("AssumeRoleWithWebIdentity", () => {
  test("gives a session whose identity is the assumed role", async () => {
    const credentials = await aws.webIdentity();
    expect(credentials.accessKeyId).toMatch(/^ASIA/);
    expect(credentials.expiration.getTime()).toBeGreaterThan(Date.now());
    const identity = await aws.sts(credentials).send(new GetCallerIdentityCommand({}));
    expect(identity.Account).toBe(HUB);
    expect(identity.Arn).toBe(`arn:aws:sts::${HUB}:assumed-role/Scanner/test`);
    expect(identity.UserId).toMatch(/^AROA.*:test$/);
  });

  test.each<[string, { claims?: JWTPayload; kid?: string; stranger?: boolean; roleArn?: string }, string]>([
    ["another issuer", { claims: { iss: "https://other.example" } }, "InvalidIdentityTokenException"],
    ["an audience nobody accepts", { claims: { aud: "kubernetes" } }, "InvalidIdentityTokenException"],
    ["an audience that another role accepts", { claims: { aud: "other" } }, "AccessDenied"],
    ["a subject the role does not trust", { claims: { sub: "system:serviceaccount:a:b" } }, "AccessDenied"],
    ["an expired token", { claims: { exp: 1_700_000_000 } }, "ExpiredTokenException"],
    ["a key of unknown id", { kid: "two" }, "InvalidIdentityTokenException"],
    ["a stranger's signature", { stranger: true }, "InvalidIdentityTokenException"],
    ["a role that does not exist", { roleArn: `arn:aws:iam::${HUB}:role/None` }, "AccessDenied"],
    ["a role without web identities", { roleArn: SPOKE_ROLE }, "AccessDenied"],
  ])("refuses %s", async (_, { claims, kid, stranger, roleArn = HUB_ROLE }, code) => {
    const token = await aws.mint(claims, { kid, stranger });
    await expect(codeOf(aws.assume(token, roleArn))).resolves.toBe(code);
  });

  test("refuses what is no JWT", async () => {
    await expect(codeOf(aws.assume("not-a-token", HUB_ROLE))).resolves.toBe("InvalidIdentityTokenException");
  });
});

describe("AssumeRole", () => {
  const command = (changes = {}) =>
    new AssumeRoleCommand({
      RoleArn: SPOKE_ROLE,
      RoleSessionName: "chained",
      ExternalId: "acme",
      ...changes,
    });

  test("chains into another account", async () => {
    const answer = await aws.sts(await aws.webIdentity()).send(command());
    const identity = await aws.sts(fromSts(answer.Credentials)).send(new GetCallerIdentityCommand({}));
    expect(identity.Arn).toBe(`arn:aws:sts::${SPOKE}:assumed-role/Target/chained`);
    const [logged] = await aws.client.requests({ operation: "AssumeRole" });
    expect(logged).toMatchObject({
      account: SPOKE,
      caller: `arn:aws:sts::${HUB}:assumed-role/Scanner/test`,
      externalId: "acme",
      roleSessionName: "chained",
      outcome: "success",
    });
  });

  test.each([
    ["a wrong external id", { ExternalId: "evil" }, "AccessDenied"],
    ["no external id", { ExternalId: undefined }, "AccessDenied"],
    ["a role that does not trust the caller", { RoleArn: HUB_ROLE }, "AccessDenied"],
    ["a chained session beyond the hour", { DurationSeconds: 7200 }, "ValidationError"],
    ["a session name with a slash", { RoleSessionName: "a/b" }, "ValidationError"],
  ])("refuses %s", async (_, changes, code) => {
    const client = aws.sts(await aws.webIdentity());
    await expect(codeOf(client.send(command(changes)))).resolves.toBe(code);
  });

  test("says who was refused what", async () => {
    const refused = aws.sts(CI_KEY).send(command());
    await expect(refused).rejects.toThrow(
      `User: arn:aws:iam::${HUB}:user/ci is not authorized to perform: sts:AssumeRole on resource: ${SPOKE_ROLE}`,
    );
  });
});

describe("credentials", () => {
  test("of an IAM user are good", async () => {
    const identity = await aws.sts(CI_KEY).send(new GetCallerIdentityCommand({}));
    expect(identity.Arn).toBe(`arn:aws:iam::${HUB}:user/ci`);
  });

  const wrong = { accessKeyId: "ASIANOBODY", secretAccessKey: "x", sessionToken: "y" };
  test.each([
    ["of nobody", () => wrong, ["InvalidClientTokenId", "AuthFailure", "UnrecognizedClientException"]],
    [
      "with another's session token",
      async () => ({ ...(await aws.webIdentity()), sessionToken: "another" }),
      ["InvalidClientTokenId", "AuthFailure", "UnrecognizedClientException"],
    ],
    [
      "without their session token",
      async () => {
        const { accessKeyId, secretAccessKey } = await aws.webIdentity();
        return { accessKeyId, secretAccessKey };
      },
      ["InvalidClientTokenId", "AuthFailure", "UnrecognizedClientException"],
    ],
    [
      "with a wrong secret",
      async () => ({ ...(await aws.webIdentity()), secretAccessKey: "guessed" }),
      ["SignatureDoesNotMatch", "SignatureDoesNotMatch", "InvalidSignatureException"],
    ],
    [
      "whose session has ended",
      async () => {
        const credentials = await aws.webIdentity();
        await aws.client.expireSessions();
        return credentials;
      },
      ["ExpiredToken", "RequestExpired", "ExpiredTokenException"],
    ],
  ])("%s are refused by every service in its own words", async (_, make, codes) => {
    const credentials = await make();
    const answers = [
      aws.sts(credentials).send(new GetCallerIdentityCommand({})),
      aws.ec2(credentials).send(new DescribeRegionsCommand({})),
      aws.sagemaker(credentials).send(new ListDomainsCommand({})),
    ];
    expect(await Promise.all(answers.map(codeOf))).toEqual(codes);
  });

  test("end when the settings say so", async () => {
    await aws.client.setSettings({ maxSessionSeconds: 0 });
    const credentials = await aws.webIdentity();
    const asked = aws.sagemaker(credentials).send(new ListDomainsCommand({}));
    expect(await codeOf(asked)).toBe("ExpiredTokenException");
  });
});

describe("regions", () => {
  test("that are enabled are listed, opted in or not needing to", async () => {
    const { Regions = [] } = await aws.ec2(CI_KEY).send(new DescribeRegionsCommand({ AllRegions: false }));
    const statusOf = new Map(Regions.map(({ RegionName, OptInStatus }) => [RegionName, OptInStatus]));
    expect(statusOf.get(REGION)).toBe("opt-in-not-required");
    expect(statusOf.get("eu-south-1")).toBe("opted-in");
    expect(statusOf.has("me-south-1")).toBe(false);
    expect(Regions).toHaveLength(18);
  });

  test("that are not are listed on demand", async () => {
    const { Regions = [] } = await aws.ec2(CI_KEY).send(new DescribeRegionsCommand({ AllRegions: true }));
    expect(Regions.find(({ RegionName }) => RegionName === "me-south-1")?.OptInStatus).toBe("not-opted-in");
  });

  test("are asked by name, and unknown names refused", async () => {
    const one = await aws.ec2(CI_KEY).send(new DescribeRegionsCommand({ RegionNames: [REGION] }));
    expect(one.Regions).toEqual([
      { RegionName: REGION, Endpoint: `ec2.${REGION}.amazonaws.com`, OptInStatus: "opt-in-not-required" },
    ]);
    const unknown = aws.ec2(CI_KEY).send(new DescribeRegionsCommand({ RegionNames: ["mars-north-1"] }));
    expect(await codeOf(unknown)).toBe("InvalidParameterValue");
  });

  test("that the account has not enabled do not know its credentials", async () => {
    const answers = [
      aws.sagemaker(CI_KEY, "me-south-1").send(new ListNotebookInstancesCommand({})),
      aws.ec2(CI_KEY, "me-south-1").send(new DescribeRegionsCommand({})),
    ];
    expect(await Promise.all(answers.map(codeOf))).toEqual(["UnrecognizedClientException", "AuthFailure"]);
  });
});

describe("organizations", () => {
  test("tell their management account its members", async () => {
    const client = aws.organizations(CI_KEY);
    const { Organization } = await client.send(new DescribeOrganizationCommand({}));
    expect(Organization).toMatchObject({ Id: "o-simulated", MasterAccountId: HUB });
    const first = await client.send(new ListAccountsCommand({ MaxResults: 1 }));
    expect(first.Accounts?.map(({ Id }) => Id)).toEqual([HUB]);
    const second = await client.send(new ListAccountsCommand({ NextToken: first.NextToken }));
    expect(second.Accounts).toMatchObject([{ Id: SPOKE, Name: "spoke", Status: "ACTIVE" }]);
    expect(second.NextToken).toBeUndefined();
  });

  test("are trees", async () => {
    const client = aws.organizations(CI_KEY);
    const units = await client.send(new ListOrganizationalUnitsForParentCommand({ ParentId: "r-ab12" }));
    expect(units.OrganizationalUnits).toMatchObject([{ Id: "ou-ab12-cdef3456", Name: "Workloads" }]);
    const members = await client.send(new ListAccountsForParentCommand({ ParentId: "ou-ab12-cdef3456" }));
    expect(members.Accounts?.map(({ Id }) => Id)).toEqual([SPOKE]);
    const nowhere = client.send(new ListAccountsForParentCommand({ ParentId: "ou-none" }));
    expect(await codeOf(nowhere)).toBe("ParentNotFoundException");
  });

  test("tell members nothing", async () => {
    const { Credentials } = await aws
      .sts(await aws.webIdentity())
      .send(new AssumeRoleCommand({ RoleArn: SPOKE_ROLE, RoleSessionName: "chained", ExternalId: "acme" }));
    const asked = aws.organizations(fromSts(Credentials)).send(new ListAccountsCommand({}));
    expect(await codeOf(asked)).toBe("AccessDeniedException");
  });
});
