/** What the real SDK makes of misbehaviour that is not just an error code. */
import { DescribeRegionsCommand } from "@aws-sdk/client-ec2";
import {
  DescribeDomainCommand,
  ListDomainsCommand,
  ListNotebookInstancesCommand,
  ResourceNotFound,
  SageMakerClient,
} from "@aws-sdk/client-sagemaker";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { describe, expect, test } from "vitest";
import { allPages, codeOf, describeNotebook } from "../support/aws-clients.ts";
import { CI_KEY, fleet, HUB, NOTEBOOKS, REGION, useSimulator } from "../support/aws-fixture.ts";

const HOUR_MS = 3_600_000;

const aws = useSimulator();
const list = () => aws.sagemaker(CI_KEY).send(new ListNotebookInstancesCommand({}));

/** Of a client that tries again, as clients do by default. */
function patient() {
  return { endpoint: aws.url, region: REGION, credentials: CI_KEY, maxAttempts: 2 };
}

describe("an answer that drips", () => {
  test("is read to its end", async () => {
    await aws.client.setFaults({ kind: "drip", pieces: 5, latencyMs: 1 });
    expect((await list()).NotebookInstances).toHaveLength(10);
    expect(await aws.client.requests({ outcome: "drip" })).toHaveLength(1);
  });

  test("never ends where no pieces are given", async () => {
    await aws.client.setFaults({ kind: "drip", latencyMs: 0 });
    const abortSignal = AbortSignal.timeout(500);
    const asked = aws.sagemaker(CI_KEY).send(new ListDomainsCommand({}), { abortSignal });
    expect(await codeOf(asked)).not.toBe("success");
    expect(abortSignal.aborted).toBe(true);
  });
});

describe("a server whose clock is off", () => {
  test.each([
    ["ahead", HOUR_MS, /^Signature expired: \d{8}T\d{6}Z is now earlier than \d{8}T\d{6}Z \(.* - 5 min\.\)$/],
    ["behind", -HOUR_MS, /^Signature not yet current: \d{8}T\d{6}Z is still later than .* \+ 5 min\.\)$/],
  ])("%s refuses the signature and tells its time", async (_, skewMs, message) => {
    await aws.client.setFaults({ kind: "clock-skew", skewMs });
    const error = await list().catch((thrown: unknown) => thrown as Refused);
    expect(error).toMatchObject({
      name: "InvalidSignatureException",
      message: expect.stringMatching(message),
    });
    const told = Date.parse((error as Refused).$response.headers["date"] ?? "");
    expect(Math.abs(told - Date.now() - skewMs)).toBeLessThan(HOUR_MS / 2);
  });

  test.each([HOUR_MS, -HOUR_MS, 8 * 60_000])("by %i ms is followed by the SDK at once", async (skewMs) => {
    await aws.client.setFaults({ kind: "clock-skew", skewMs });
    const client = new SageMakerClient(patient());
    expect(await codeOf(client.send(new ListDomainsCommand({})))).toBe("success");
    expect(await codeOf(client.send(new ListDomainsCommand({})))).toBe("success");
    expect(await codeOf(new STSClient(patient()).send(new GetCallerIdentityCommand({})))).toBe("success");
    expect(await aws.client.faults()).toMatchObject([{ hits: 2 }]);
  });
});

test("pages that repeat the end of the page before lose nothing", async () => {
  await aws.client.setFaults({ kind: "duplicate", pageSize: 2 });
  const pages = await allPages(aws.sagemaker(CI_KEY), { MaxResults: 10 });
  expect(pages.map((page) => page.length)).toEqual([10, 10, 7]);
  expect(pages[1]?.slice(0, 2)).toEqual(pages[0]?.slice(-2));
  expect([...new Set(pages.flat())]).toEqual(NOTEBOOKS.map(({ name }) => name));
});

test("how long to wait is told with throttling, failures and any other error", async () => {
  for (const kind of ["throttle", "error500", "error"] as const) {
    await aws.client.setFaults({ kind, retryAfterSeconds: 3 });
    const error = await list().catch((thrown: unknown) => thrown as Refused);
    expect((error as Refused).$response.headers["retry-after"]).toBe("3");
  }
});

test("a region that is not enabled and one without the operation refuse in their own words", async () => {
  const asked = () =>
    Promise.all([
      codeOf(list()),
      codeOf(aws.ec2(CI_KEY).send(new DescribeRegionsCommand({}))),
      codeOf(aws.sts(CI_KEY).send(new GetCallerIdentityCommand({}))),
    ]);
  await aws.client.setFaults({ kind: "not-enabled", region: REGION });
  expect(await asked()).toEqual(["UnrecognizedClientException", "AuthFailure", "InvalidClientTokenId"]);
  await aws.client.setFaults({ kind: "unsupported", region: REGION });
  expect(await asked()).toEqual(["UnknownOperationException", "UnsupportedOperation", "InvalidAction"]);
  await expect(list()).rejects.toThrow("The requested operation is not supported in the called region.");
});

test("what vanishes is not found in the words of its service", async () => {
  await aws.client.setFaults({ kind: "vanish" });
  const domain = aws.sagemaker(CI_KEY).send(new DescribeDomainCommand({ DomainId: "d-open" }));
  await expect(domain).rejects.toBeInstanceOf(ResourceNotFound);
  const notebook = describeNotebook(aws.sagemaker(CI_KEY), "notebook-00");
  await expect(notebook).rejects.toMatchObject({ name: "ValidationException", message: "RecordNotFound" });
});

describe("a scenario", () => {
  test("begins anew and changes as requests come", async () => {
    await list();
    await aws.client.beginScenario({
      fleet,
      steps: [
        { afterRequests: 1, faults: [{ kind: "deny" }], expireSessions: true },
        {
          afterRequests: 2,
          faults: [],
          edits: [{ do: "delete", account: HUB, region: REGION, notebook: "notebook-00" }],
        },
      ],
    });
    expect(await codeOf(list())).toBe("success");
    expect(await codeOf(list())).toBe("AccessDeniedException");
    expect(await codeOf(describeNotebook(aws.sagemaker(CI_KEY), "notebook-00"))).toBe("ValidationException");
    expect(await aws.client.counters()).toMatchObject({ total: 3 });
    expect(await aws.client.scenario()).toMatchObject({ requests: 3, stepsTaken: 2, failures: [] });
  });

  test("that is not valid is refused, and nothing changes", async () => {
    const refused = aws.client.beginScenario({ fleet, faults: [{ kind: "boredom" as "deny" }] });
    await expect(refused).rejects.toThrow("scenario.faults[0].kind: no such fault");
    expect(await codeOf(list())).toBe("success");
  });
});

test("counters tell who asked where, how much at once and how fast", async () => {
  await aws.client.setSettings({ latencyMs: 1_000 });
  await aws.client.setFaults({ kind: "throttle", region: "eu-west-1" });
  const away = aws.sagemaker(CI_KEY, "eu-west-1");
  await Promise.all([list(), list(), list(), codeOf(away.send(new ListDomainsCommand({})))]);
  const one = { total: 1, outcomes: { ThrottlingException: 1 }, maxConcurrent: 1, peakPerSecond: 1 };
  const three = { total: 3, outcomes: { success: 3 }, maxConcurrent: 3, peakPerSecond: expect.any(Number) };
  expect(await aws.client.countersBy("account", "region")).toEqual([
    { account: HUB, region: "eu-west-1", ...one },
    { account: HUB, region: REGION, ...three },
  ]);
  expect(await aws.client.countersBy("operation")).toEqual([
    { operation: "sagemaker:ListDomains", ...one },
    { operation: "sagemaker:ListNotebookInstances", ...three },
  ]);
  expect(await aws.client.counters()).toMatchObject({
    peakPerSecond: { "sagemaker:ListDomains": 1, "sagemaker:ListNotebookInstances": expect.any(Number) },
  });
});

interface Refused {
  readonly name: string;
  readonly message: string;
  readonly $response: { readonly headers: Readonly<Record<string, string>> };
}
