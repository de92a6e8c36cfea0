import dns from "node:dns";
import { readFile } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { kubectl, tryKubectl, useNamespace } from "../support/cluster.ts";
import { openEngine } from "../support/engine.ts";
import { regions, useHostileAws } from "../support/hostile-aws.ts";

const namespace = useNamespace({ prefix: "endpoints" });
const aws = useHostileAws();

/** Every host that anything in this process asked the address of, and every address that was given for a host. */
const hosts: string[] = [];
const { lookup } = dns;

beforeAll(() => {
  // STS and EC2 are ours; SageMaker's requests go where the SDK thinks that they should.
  process.env["AWS_ENDPOINT_URL_STS"] = aws.url;
  process.env["AWS_ENDPOINT_URL_EC2"] = aws.url;
  const recording = (host: string, options: unknown, callback: (error: Error) => void) => {
    hosts.push(host);
    const tell = typeof options === "function" ? (options as typeof callback) : callback;
    process.nextTick(tell, Object.assign(new Error("no such host"), { code: "ENOTFOUND" }));
  };
  dns.lookup = recording as unknown as typeof lookup;
  syncBuiltinESMExports();
});
afterAll(() => {
  delete process.env["AWS_ENDPOINT_URL_STS"];
  delete process.env["AWS_ENDPOINT_URL_EC2"];
  dns.lookup = lookup;
  syncBuiltinESMExports();
});
beforeEach(() => {
  hosts.length = 0;
  aws.answers = {};
});

/** Where SageMaker is asked in a region of the form that the schema admits: below AWS's own domains. */
const ALLOWED =
  /^api\.sagemaker\.[a-z-]+-\d{1,2}\.(amazonaws\.com(\.cn)?|amazonaws\.eu|c2s\.ic\.gov|[a-z0-9.]+\.(ic\.gov|uk|gov))$/;

const HOSTILE = [
  "us-east-1.evil.example/",
  "us-east-1.evil.example#",
  "us-east-1@evil.example",
  "@evil.example",
  "evil.example/x?",
  "us-east-1/../evil",
  "us-east-1\\evil.example",
  "us-east-1:8080",
  "us-east-1%2eevil.example",
  "us-east-1\r\nHost: evil.example",
  "us-east-1\u2028evil",
  "169.254.169.254",
  "[::1]",
  "localhost",
  "s3-external-1",
  "evil.example-us-east-1",
  "US-EAST-1",
  "us-east-1 ",
  "\u0455us-east-1",
  "__proto__",
  `us-${"a".repeat(300)}-1`,
] as const;

async function scanOf(include: readonly string[] | undefined) {
  const engine = openEngine({
    keys: { accessKeyId: "AKIATEST", secretAccessKey: "s" },
    retries: { attempts: 1 },
  });
  try {
    return await engine.scan({ regions: include ? { include } : {} });
  } finally {
    engine.close();
  }
}

describe("a region that would lead elsewhere", () => {
  it.each(HOSTILE)("%j is refused by the schema", async (region) => {
    const manifest = {
      apiVersion: "awsaccountscan.dev/v1alpha1",
      kind: "AwsAccountScan",
      metadata: { name: "elsewhere" },
      spec: { regions: { include: [region] } },
    };
    const { code, stderr } = await tryKubectl(["create", "--filename=-", "--dry-run=server"], {
      namespace,
      input: JSON.stringify(manifest),
    });
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/this is no name of a region|may not be more than 32|Too long/);
  });

  it.each(HOSTILE)("%j that a spec names all the same reaches no host", async (region) => {
    const { record, compliant } = await scanOf([region]);
    expect(hosts).toEqual([]);
    expect(compliant).not.toBe("True");
    expect(JSON.stringify(record.failures)).toContain("is no name of a region");
  });

  it.each(HOSTILE.filter((region) => !/[\r\n\\]/.test(region)))(
    "%j that EC2 names reaches no host",
    async (region) => {
      aws.answers = { DescribeRegions: regions("us-east-1", region) };
      const { record, compliant } = await scanOf(undefined);
      expect(hosts).toEqual([]);
      expect(compliant).not.toBe("True");
      expect(JSON.stringify(record.failures)).toContain("a region that is none");
    },
  );
});

it.each([
  "us-east-1",
  "xx-evil-1",
  "us-gov-west-1",
  "cn-north-1",
  "eusc-de-east-1",
  "us-iso-east-1",
  "zz-evil-example-99",
])(
  "a region of the form %s leads to AWS's domains alone, so the test sees where requests go",
  async (region) => {
    await scanOf([region]);
    expect(hosts.length).toBeGreaterThan(0);
    for (const host of hosts) expect(host).toMatch(ALLOWED);
  },
);

it("no field of a spec is named or described as a URL, a host, a port or an endpoint", async () => {
  const crd = await readFile(
    new URL("../../deploy/crds/awsaccountscans.awsaccountscan.dev.yaml", import.meta.url),
    "utf8",
  );
  const names = Array.from(
    crd.slice(0, crd.indexOf("            status:")).matchAll(/^ +([a-zA-Z]+):$/gm),
    ([, name]) => name ?? "",
  );
  expect(names).toContain("roleArn");
  expect(names.filter((name) => /url|host|port$|endpoint|proxy|server$/i.test(name))).toEqual([]);
});

it("a spec cannot smuggle in what the schema does not know, however deep", async () => {
  const nested = Array.from({ length: 500 }).reduce<object>((inner) => ({ endpoint: inner }), {});
  const manifest = {
    apiVersion: "awsaccountscan.dev/v1alpha1",
    kind: "AwsAccountScan",
    metadata: { name: "smuggler" },
    spec: { endpoint: nested, regions: { include: ["us-east-1"], endpointUrl: "http://169.254.169.254" } },
  };
  const input = JSON.stringify(manifest);
  const strict = await tryKubectl(["create", "--filename=-", "--validate=strict"], { namespace, input });
  expect(strict.code).not.toBe(0);
  await kubectl(["create", "--filename=-", "--validate=false"], { namespace, input });
  const { stdout } = await kubectl(["get", "aas", "smuggler", "--output=jsonpath={.spec}"], { namespace });
  expect(JSON.parse(stdout)).toEqual({ regions: { include: ["us-east-1"] }, suspend: false });
});
