import { afterEach, describe, expect, it, vi } from "vitest";
import { AwsClients, type Service } from "./clients.ts";
import { Session } from "./session.ts";

const session = new Session("test", async () => ({ accessKeyId: "AKIATEST", secretAccessKey: "s" }));

/** The host that the SDK asks, by its own endpoint rules and settings. */
async function hostOf(service: Service, region: string): Promise<string> {
  const clients = new AwsClients("test");
  const { config } = clients.get(service, region, session);
  const provider = config.endpointProvider as (parameters: object) => { readonly url: URL };
  const UseFIPS = await config.useFipsEndpoint();
  const UseDualStack = await config.useDualstackEndpoint();
  clients.close();
  return provider({ Region: await config.region(), UseFIPS, UseDualStack }).url.hostname;
}

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("a client's endpoint", () => {
  it.each([
    ["sagemaker", "eu-central-1", "api.sagemaker.eu-central-1.amazonaws.com"],
    ["sts", "eu-central-1", "sts.eu-central-1.amazonaws.com"],
    ["sagemaker", "us-gov-west-1", "api.sagemaker.us-gov-west-1.amazonaws.com"],
    ["sagemaker", "cn-north-1", "api.sagemaker.cn-north-1.amazonaws.com.cn"],
    ["sts", "cn-northwest-1", "sts.cn-northwest-1.amazonaws.com.cn"],
    ["ec2", "eusc-de-east-1", "ec2.eusc-de-east-1.amazonaws.eu"],
    ["sts", "us-iso-east-1", "sts.us-iso-east-1.c2s.ic.gov"],
  ] as const)("of %s in %s is %s", async (service, region, host) => {
    expect(await hostOf(service, region)).toBe(host);
  });

  it.each([
    ["AWS_USE_FIPS_ENDPOINT", "sagemaker", "us-east-1", "api-fips.sagemaker.us-east-1.amazonaws.com"],
    ["AWS_USE_FIPS_ENDPOINT", "sts", "us-gov-west-1", "sts.us-gov-west-1.amazonaws.com"],
    ["AWS_USE_DUALSTACK_ENDPOINT", "sagemaker", "eu-west-1", "api.sagemaker.eu-west-1.api.aws"],
    ["AWS_USE_DUALSTACK_ENDPOINT", "ec2", "eu-west-1", "ec2.eu-west-1.api.aws"],
  ] as const)("with %s, of %s in %s, is %s", async (variable, service, region, host) => {
    vi.stubEnv(variable, "true");
    expect(await hostOf(service, region)).toBe(host);
  });
});

describe("clients", () => {
  it("are kept for their session, and no other", () => {
    const clients = new AwsClients("test");
    const client = clients.get("sagemaker", "us-east-1", session);
    expect(clients.get("sagemaker", "us-east-1", session)).toBe(client);
    expect(clients.get("sagemaker", "us-east-2", session)).not.toBe(client);
    const another = new Session("another", session.credentials);
    expect(clients.get("sagemaker", "us-east-1", another)).not.toBe(client);
    const renamed = new Session("test", session.credentials);
    expect(clients.get("sagemaker", "us-east-1", renamed)).not.toBe(client);
    clients.close();
  });
});
