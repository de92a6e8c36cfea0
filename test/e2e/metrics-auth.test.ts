import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Agent, request } from "undici";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { selfSigned } from "../../src/http/tls/certificate.ts";
import { mintServiceAccountToken } from "../../tools/control-plane/service-account-token.ts";
import { goProgram } from "../../tools/machine/go-program.ts";
import { PROMETHEUS } from "../../tools/monitoring/programs.ts";
import { startPrometheus } from "../../tools/monitoring/prometheus.ts";
import { operatorTarget } from "../../tools/monitoring/prometheus-config.ts";
import { eventually, kubectl, sharedCluster, useNamespace } from "../support/cluster.ts";
import { permitMetrics } from "../support/metrics-access.ts";
import { type OperatorProcess, startOperator } from "../support/operator.ts";

const namespace = useNamespace({ prefix: "metrics-auth" });
let scraper = "";

beforeAll(async () => {
  await kubectl(["create", "serviceaccount", "scraper"], { namespace });
  await permitMetrics(namespace, "scraper");
  scraper = await mintServiceAccountToken(sharedCluster(), namespace, "scraper", { expirationSeconds: 600 });
  const user = `--as=system:serviceaccount:${namespace}:scraper`;
  await eventually(() => kubectl(["auth", "can-i", "get", "/metrics", user]));
});

async function operatorWith(...args: string[]): Promise<OperatorProcess> {
  const operator = await startOperator({
    kubeconfig: sharedCluster().adminKubeconfigPath,
    args: [`--watch-namespaces=${namespace}`, "--log-level=trace", ...args],
  });
  onTestFinished(async () => {
    await operator.stop();
  });
  return operator;
}

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "metrics-tls-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

/** A certificate and its key in files, and the flags that name them. */
async function certificateIn(folder: string) {
  const [notBefore, notAfter] = [new Date(Date.now() - 60_000), new Date(Date.now() + 3_600_000)];
  const { cert, key } = selfSigned({ commonName: "given", dnsNames: ["localhost"], notBefore, notAfter });
  const [certFile, keyFile] = [join(folder, "tls.crt"), join(folder, "tls.key")];
  await Promise.all([writeFile(certFile, cert), writeFile(keyFile, key, { mode: 0o600 })]);
  return {
    cert,
    certFile,
    args: [`--metrics-tls-cert-file=${certFile}`, `--metrics-tls-key-file=${keyFile}`],
  };
}

/** What a scrape over TLS answers, for a client that verifies by `tls`. */
async function scrape({ metricsUrl }: OperatorProcess, tls: object, headers: Record<string, string> = {}) {
  const dispatcher = new Agent({ connect: tls });
  try {
    const url = metricsUrl.replace("http://127.0.0.1", "https://localhost");
    const { statusCode, body } = await request(`${url}/metrics`, { dispatcher, headers });
    return { status: statusCode, body: await body.text() };
  } finally {
    await dispatcher.close();
  }
}

describe("an operator whose metrics are protected", () => {
  it("shows them over TLS to a token that is allowed, to no other, and writes none into its log", async () => {
    const operator = await operatorWith("--metrics-auth");
    const unverified = { rejectUnauthorized: false };
    expect(await scrape(operator, unverified)).toMatchObject({ status: 401 });
    const wrong = `${scraper}x`;
    expect(await scrape(operator, unverified, { authorization: `Bearer ${wrong}` })).toMatchObject({
      status: 401,
    });
    const allowed = await scrape(operator, unverified, { authorization: `Bearer ${scraper}` });
    expect(allowed.status).toBe(200);
    expect(allowed.body).toContain("awsaccountscan_build_info{");
    await expect(fetch(`${operator.metricsUrl}/metrics`), "plain HTTP").rejects.toThrow();
    expect((await fetch(`${operator.healthUrl}/livez`)).status).toBe(200);

    const log = operator.lines.join("\n");
    expect(log).toContain('"selfSigned":true');
    for (const part of scraper.split(".")) expect(log).not.toContain(part.slice(0, 40));
  });

  it("is scraped by a Prometheus that is given a token and the certificate", {
    timeout: 900_000,
  }, async () => {
    const folder = await temporaryFolder();
    const { certFile, args } = await certificateIn(folder);
    const operator = await operatorWith("--metrics-auth", ...args);
    const tokenFile = join(folder, "token");
    await writeFile(tokenFile, scraper, { mode: 0o600 });
    const prometheus = await startPrometheus({
      program: await goProgram(PROMETHEUS),
      scrapeInterval: "1s",
      evaluationInterval: "1s",
      targets: [operatorTarget(operator.metricsUrl)],
      access: {
        scheme: "https",
        authorization: { credentials_file: tokenFile },
        tls_config: { ca_file: certFile, server_name: "localhost" },
      },
    });
    onTestFinished(() => prometheus.stop());
    await eventually(async () => {
      expect(await prometheus.targets()).toMatchObject([{ health: "up", lastError: "" }]);
      expect(await prometheus.query("awsaccountscan_build_info")).toHaveLength(1);
    });
  });

  it("serves them with the certificate that it is given, and without asking where nobody wants that", async () => {
    const { cert, args } = await certificateIn(await temporaryFolder());
    const operator = await operatorWith(...args);
    expect(await scrape(operator, { ca: cert })).toMatchObject({
      status: 200,
      body: expect.stringContaining("awsaccountscan_build_info{"),
    });
    expect(operator.lines.join()).not.toContain("PRIVATE KEY");
  });
});
