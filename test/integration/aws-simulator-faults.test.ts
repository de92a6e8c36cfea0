import { DescribeRegionsCommand } from "@aws-sdk/client-ec2";
import {
  DeleteNotebookInstanceCommand,
  ListDomainsCommand,
  ListNotebookInstancesCommand,
} from "@aws-sdk/client-sagemaker";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { describe, expect, test } from "vitest";
import { generateFleet } from "../../tools/aws-simulator/generate.ts";
import { allPages, codeOf, describeNotebook } from "../support/aws-clients.ts";
import { CI_KEY, HUB, HUB_ROLE, REGION, useSimulator } from "../support/aws-fixture.ts";

const aws = useSimulator();

describe("faults", () => {
  const list = () => aws.sagemaker(CI_KEY).send(new ListNotebookInstancesCommand({}));

  test("deny in the words of AWS", async () => {
    await aws.client.setFaults({ kind: "deny", operation: "ListNotebookInstances" });
    await expect(list()).rejects.toMatchObject({
      name: "AccessDeniedException",
      message: `User: arn:aws:iam::${HUB}:user/ci is not authorized to perform: sagemaker:ListNotebookInstances because no identity-based policy allows the sagemaker:ListNotebookInstances action`,
    });
    await aws.client.setFaults({ kind: "scp-deny" });
    await expect(list()).rejects.toThrow("with an explicit deny in a service control policy");
    expect(await codeOf(aws.ec2(CI_KEY).send(new DescribeRegionsCommand({})))).toBe("UnauthorizedOperation");
  });

  test.each([
    ["throttle", "ThrottlingException"],
    ["error500", "InternalFailure"],
    ["expired-session", "ExpiredTokenException"],
    ["reset", "ECONNRESET"],
    ["malformed", "SyntaxError"],
  ] as const)("of kind %s end as %s", async (kind, code) => {
    await aws.client.setFaults({ kind });
    expect(await codeOf(list())).toBe(code);
  });

  test("hang until the client gives up", async () => {
    await aws.client.setFaults({ kind: "hang" });
    const abortSignal = AbortSignal.timeout(200);
    const asked = aws.sagemaker(CI_KEY).send(new ListNotebookInstancesCommand({}), { abortSignal });
    expect(await codeOf(asked)).toBe("AbortError");
    expect(await aws.client.requests({ outcome: "hang" })).toHaveLength(1);
  });

  test("strike where and as often as they say", async () => {
    await aws.client.setFaults({ kind: "throttle", account: HUB, region: REGION, after: 1, times: 2 });
    expect(await codeOf(list())).toBe("success");
    expect(await codeOf(list())).toBe("ThrottlingException");
    expect(await codeOf(aws.sagemaker(CI_KEY, "eu-west-1").send(new ListDomainsCommand({})))).toBe("success");
    expect(await codeOf(list())).toBe("ThrottlingException");
    expect(await codeOf(list())).toBe("success");
    expect(await aws.client.faults()).toMatchObject([{ kind: "throttle", hits: 2 }]);
  });

  test("make a resource vanish between list and description", async () => {
    await aws.client.setFaults({ kind: "vanish", name: "notebook-0*" });
    expect((await list()).NotebookInstances).toHaveLength(10);
    await expect(describeNotebook(aws.sagemaker(CI_KEY), "notebook-05")).rejects.toThrow("RecordNotFound");
    await expect(describeNotebook(aws.sagemaker(CI_KEY), "notebook-15")).resolves.toBeDefined();
  });

  test("throttle beyond a rate alone", async () => {
    await aws.client.setFaults({ kind: "throttle", ratePerSecond: 0.001, burst: 3 });
    const codes = await Promise.all(Array.from({ length: 5 }, () => codeOf(list())));
    expect(codes.filter((code) => code === "success")).toHaveLength(3);
  });

  test("make pages short or empty without ending the list", async () => {
    await aws.client.setFaults({ kind: "short-page", times: 2 });
    const pages = await allPages(aws.sagemaker(CI_KEY), { MaxResults: 100 });
    expect(pages.map((page) => page.length)).toEqual([0, 0, 23]);
  });

  test("expire page tokens", async () => {
    await aws.client.setFaults({ kind: "expire-page-token" });
    const { NextToken } = await list();
    const next = aws.sagemaker(CI_KEY).send(new ListNotebookInstancesCommand({ NextToken }));
    expect(await codeOf(next)).toBe("ValidationException");
  });

  test("answer any error that is asked", async () => {
    await aws.client.setFaults({ kind: "error", code: "ServiceUnavailable", message: "later", status: 503 });
    await expect(list()).rejects.toMatchObject({ name: "ServiceUnavailable", message: "later" });
  });

  test("of unknown kind are refused", async () => {
    const refused = aws.client.setFaults({ kind: "boredom" as "deny" });
    await expect(refused).rejects.toThrow('no such fault: \\"boredom\\"');
  });
});

describe("the log", () => {
  test("counts what would have changed something, though it is not simulated", async () => {
    const write = new DeleteNotebookInstanceCommand({ NotebookInstanceName: "notebook-00" });
    expect(await codeOf(aws.sagemaker(CI_KEY).send(write))).toBe("UnknownOperationException");
    await aws.sagemaker(CI_KEY).send(new ListDomainsCommand({}));
    expect(await aws.client.counters()).toMatchObject({
      total: 2,
      mutations: 1,
      unknownOperations: 1,
      operations: { "sagemaker:ListDomains": { success: 1 } },
    });
  });

  test("holds no secrets", async () => {
    const token = await aws.mint();
    const credentials = await aws.assume(token, HUB_ROLE);
    await aws.sts(credentials).send(new GetCallerIdentityCommand({}));
    const log = JSON.stringify(await aws.client.requests());
    expect(log).toContain("GetCallerIdentity");
    for (const secret of [token, credentials.secretAccessKey, credentials.sessionToken])
      expect(log).not.toContain(secret);
  });
});

test("a generated fleet is the same for the same seed, and valid", async () => {
  const options = {
    seed: 7,
    accounts: 3,
    regions: [REGION, "eu-west-1"],
    notebooksPerRegion: 4,
    domainsPerRegion: 1,
    violatingRatio: 0.5,
  };
  expect(generateFleet(options)).toEqual(generateFleet(options));
  expect(generateFleet({ ...options, seed: 8 })).not.toEqual(generateFleet(options));
  await aws.client.setFleet(generateFleet(options));
});

test("a fleet that is not valid is refused with all that is wrong, and nothing changes", async () => {
  const refused = aws.client.setFleet({ accounts: [{ id: "1", name: "short" }] });
  await expect(refused).rejects.toThrow('accounts[0].id \\"1\\" is not twelve digits');
  expect(await codeOf(describeNotebook(aws.sagemaker(CI_KEY), "notebook-00"))).toBe("success");
});
