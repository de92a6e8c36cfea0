import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { ScanResult } from "../../src/report/result.ts";
import type { Fleet } from "../../tools/aws-simulator/fleet.ts";
import { type CliOptions, cli } from "../support/cli.ts";
import { CALLER, useCliAws } from "../support/cli-aws.ts";

const BUNDLE = fileURLToPath(new URL("../../dist/awsscan.js", import.meta.url));
const HUB = "111111111111";
const MEMBER = "222222222222";
const trust = { principals: [`arn:aws:iam::${HUB}:user/${CALLER.user}`], externalId: "acme-7f3a" };

const fleet: Fleet = {
  accounts: [
    {
      id: HUB,
      name: "hub",
      enabledRegions: ["us-east-1", "eu-west-1"],
      accessKeys: [CALLER],
      regions: {
        "us-east-1": {
          notebooks: [
            { name: "open", directInternetAccess: "Enabled" },
            { name: "shut", directInternetAccess: "Disabled" },
          ],
          domains: [{ id: "d-open", name: "studio", appNetworkAccessType: "PublicInternetOnly" }],
        },
      },
    },
    {
      id: MEMBER,
      name: "member",
      enabledRegions: ["us-east-1", "eu-west-1"],
      roles: [{ name: "ComplianceScan", trust }],
      regions: { "eu-west-1": { notebooks: [{ name: "quiet", directInternetAccess: "Disabled" }] } },
    },
  ],
};

const aws = useCliAws(fleet);
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "awsscan-"));
});
afterEach(() => aws.admin.setFaults());
afterAll(() => rm(folder, { recursive: true }));

const scan = (args: readonly string[], options: CliOptions = {}) =>
  cli(["scan", ...args], { ...options, env: { ...aws.env, ...options.env } });

async function scanJson(args: readonly string[]): Promise<ScanResult> {
  const { stdout } = await scan([...args, "-o", "json"]);
  return JSON.parse(stdout) as ScanResult;
}

describe("awsscan scan", () => {
  it("prints the result alone, violations with all that tells them apart, and ends with 2", async () => {
    const { code, stdout, stderr } = await scan(["--regions", "us-east-1,eu-west-1", "-o", "json"]);
    const { summary, findings, failures } = JSON.parse(stdout) as ScanResult;
    expect(summary).toEqual({
      accounts: 1,
      regions: 2,
      resources: 3,
      compliant: 1,
      violations: 2,
      exempt: 0,
      unknown: 0,
    });
    expect(failures).toEqual([]);
    expect(findings.map(({ verdict, type, name }) => [verdict, type, name])).toEqual([
      ["violation", "AWS::SageMaker::Domain", "studio"],
      ["violation", "AWS::SageMaker::NotebookInstance", "open"],
    ]);
    expect(findings[1]).toMatchObject({
      arn: `arn:aws:sagemaker:us-east-1:${HUB}:notebook-instance/open`,
      account: HUB,
      region: "us-east-1",
      reason: "DirectInternetAccessEnabled",
      evidence: { DirectInternetAccess: "Enabled" },
      frameworks: expect.arrayContaining([
        expect.objectContaining({ name: "PCI DSS", version: "4.0.1", controls: ["1.4.4"] }),
      ]),
    });
    expect(stderr).toBe("");
    expect(code).toBe(2);
  });

  it("asks nothing of AWS but what reads", async () => {
    await aws.admin.clearRequests();
    await scan([]);
    const operations = (await aws.admin.requests()).map(({ operation }) => operation);
    expect(operations).toContain("DescribeNotebookInstance");
    for (const operation of operations) expect(operation).toMatch(/^(Get|List|Describe)/);
  });

  it("keeps keys out of everything that it says", async () => {
    await aws.admin.setFaults({ kind: "deny", service: "sagemaker", operation: "ListDomains" });
    const { stdout, stderr } = await scan(["-o", "json"]);
    for (const text of [stdout, stderr]) expect(text).not.toMatch(/AKIA|wJalr/);
  });

  it("ends with 0 where all complies, and prints passes only where they are asked for", async () => {
    const target = ["--role-arn", `arn:aws:iam::${MEMBER}:role/ComplianceScan`, "--external-id", "acme-7f3a"];
    const { code } = await scan(target);
    expect(code).toBe(0);
    expect((await scanJson(target)).findings).toEqual([]);
    expect((await scanJson([...target, "--include", "all"])).findings.map(({ name }) => name)).toEqual([
      "quiet",
    ]);
  });

  it.each([
    ["the default", [], 3],
    ["unknown", ["--fail-on", "unknown"], 3],
    ["violations", ["--fail-on", "violations"], 0],
    ["none", ["--fail-on", "none"], 0],
  ])("judges by %s what a region that cannot be read comes to", async (_what, args, code) => {
    await aws.admin.setFaults({ kind: "deny", service: "sagemaker", region: "eu-west-1" });
    const run = await scan(["--regions", "eu-west-1", ...args]);
    expect(run.code).toBe(code);
    expect(run.stdout).toMatch(/AccessDenied/);
    expect(run.stdout).toMatch(/incomplete/i);
  });

  it("never calls a resource compliant that could not be described", async () => {
    await aws.admin.setFaults({ kind: "deny", operation: "DescribeNotebookInstance", name: "shut" });
    const { summary, findings } = await scanJson([]);
    expect(summary).toMatchObject({ violations: 2, unknown: 1, compliant: 0 });
    expect(findings.find(({ name }) => name === "shut")?.verdict).toBe("unknown");
  });

  it("refuses credentials of another account", async () => {
    const { code, stdout } = await scan(["--account", MEMBER, "-o", "json"]);
    expect((JSON.parse(stdout) as ScanResult).failures).toMatchObject([{ reason: "AccountMismatch" }]);
    expect(code).toBe(3);
  });

  it("says that there are no credentials, and what nobody could read", async () => {
    const { code, stdout } = await cli(["scan", "-o", "json"], {
      env: { AWS_ENDPOINT_URL: aws.env["AWS_ENDPOINT_URL"] ?? "", AWS_EC2_METADATA_DISABLED: "true" },
    });
    expect((JSON.parse(stdout) as ScanResult).failures).toMatchObject([
      { operation: "GetAmbientCredentials" },
    ]);
    expect(code).toBe(3);
  });

  it("takes the profile that it is told, whatever else the environment offers", async () => {
    const config = join(folder, "config");
    const { AWS_ENDPOINT_URL = "", AWS_ACCESS_KEY_ID = "", AWS_SECRET_ACCESS_KEY = "" } = aws.env;
    const keys = `aws_access_key_id = ${AWS_ACCESS_KEY_ID}\naws_secret_access_key = ${AWS_SECRET_ACCESS_KEY}\n`;
    await writeFile(config, `[profile audit]\n${keys}`);
    const elsewhere = {
      AWS_ROLE_ARN: `arn:aws:iam::${MEMBER}:role/Other`,
      AWS_WEB_IDENTITY_TOKEN_FILE: config,
    };
    const env = { AWS_ENDPOINT_URL, AWS_REGION: "us-east-1", AWS_CONFIG_FILE: config, ...elsewhere };
    const { stdout } = await cli(["scan", "--profile", "audit", "-o", "json"], { env });
    expect((JSON.parse(stdout) as ScanResult).accounts).toMatchObject([{ id: HUB, violations: 2 }]);
    const wrong = await cli(["scan", "--profile", "audti", "-o", "json"], { env });
    expect((JSON.parse(wrong.stdout) as ScanResult).failures).toMatchObject([
      { operation: "GetProfileCredentials" },
    ]);
    expect(wrong.code).toBe(3);
  });

  it("says that a result cannot be written, and does not end as if it had been", async () => {
    const shell = `"${process.execPath}" "${BUNDLE}" scan > /dev/full; echo "ended with $?"`;
    const { stdout, stderr } = await promisify(execFile)("bash", ["-c", shell], {
      env: { PATH: process.env["PATH"] ?? "", HOME: "/nonexistent", ...aws.env },
    });
    expect(stderr).toMatch(/^error: the result cannot be written: ENOSPC/);
    expect(stdout).toBe("ended with 1\n");
  });

  it("tells on Ctrl-C what is known, and that it is not all", async () => {
    await aws.admin.setFaults({ kind: "hang", service: "sagemaker", region: "eu-west-1" });
    const { code, stdout } = await scan(["-o", "json"], {
      onStart: (kill) => {
        void untilJudged().then(() => kill("SIGINT"));
      },
    });
    const result = JSON.parse(stdout) as ScanResult;
    expect(result.scan).toMatchObject({ interrupted: true, outcome: "Incomplete" });
    expect(result.summary.violations).toBe(2);
    expect(result.coverage.find(({ region }) => region === "eu-west-1")?.state).toBe("timed-out");
    expect(result.failures.map(({ reason }) => reason)).toContain("Stopped");
    expect(code).toBe(2);
  });

  it("tells what its timeout left out", async () => {
    await aws.admin.setFaults({ kind: "hang", service: "sagemaker", region: "eu-west-1" });
    const { code, stdout } = await scan(["-o", "json", "--timeout", "2s", "--regions", "eu-west-1"]);
    expect((JSON.parse(stdout) as ScanResult).failures[0]).toMatchObject({ reason: "TimedOut" });
    expect(code).toBe(3);
  });

  it("ends quietly where nobody reads on", async () => {
    const { code, stderr } = await cli(["scan"], {
      env: aws.env,
      nodeArgs: ["--import", "data:text/javascript,process.stdout.destroy()"],
    });
    expect(stderr).toBe("");
    expect(code).toBe(2);
  });

  it("shows progress where standard error is a terminal, leaves no trace of it, and keeps it out of the result", async () => {
    await aws.admin.setSettings({ latencyMs: 200 });
    try {
      const { terminal, result } = await inTerminal(["scan", "-o", "json"]);
      expect(terminal).toMatch(/accounts 1\/1 {2}regions \d\/2 {2}\d resources/);
      expect(terminal.endsWith("\r\u001b[K")).toBe(true);
      expect((JSON.parse(result) as ScanResult).summary.violations).toBe(2);
      expect((await inTerminal(["scan", "-o", "json", "--no-progress"])).terminal).toBe("");
    } finally {
      await aws.admin.setSettings({ latencyMs: 0 });
    }
  });

  it("colours for a terminal, unless NO_COLOR is set", async () => {
    expect((await inTerminal(["scan", "--no-progress"], "")).terminal).toContain("\u001b[31m");
    expect((await inTerminal(["scan", "--no-progress"], "", { NO_COLOR: "1" })).terminal).not.toContain(
      "\u001b",
    );
  });

  /** Runs a command in a terminal of util-linux's `script`; its standard output goes to a file, unless told otherwise. */
  async function inTerminal(
    args: readonly string[],
    redirect = "> result",
    env: Record<string, string> = {},
  ) {
    const command = `"${process.execPath}" "${BUNDLE}" ${args.join(" ")} ${redirect}`;
    const child = promisify(execFile)("script", ["--quiet", "--command", command, "/dev/null"], {
      cwd: folder,
      env: { PATH: process.env["PATH"] ?? "", TERM: "xterm", HOME: "/nonexistent", ...aws.env, ...env },
    });
    const { stdout: terminal } = await child;
    const result = redirect === "" ? "" : await readFile(join(folder, "result"), "utf8");
    return { terminal, result };
  }

  async function untilJudged(): Promise<void> {
    await aws.admin.clearRequests();
    for (;;) {
      const described = await aws.admin.requests({ operation: "DescribeNotebookInstance" });
      const domains = await aws.admin.requests({ operation: "DescribeDomain" });
      if (described.length >= 2 && domains.length >= 1) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    // The answers are on their way.
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
});

describe("awsscan scan --baseline", () => {
  it("tells what is new, resolved and unchanged, and keeps what it cannot read now", async () => {
    const baseline = join(folder, "baseline.json");
    await writeFile(baseline, (await scan(["-o", "json"])).stdout);
    const place = { account: HUB, region: "us-east-1" };
    await aws.admin.putNotebook(place, { name: "fresh", directInternetAccess: "Enabled" });
    await aws.admin.patchDomain(place, "d-open", { appNetworkAccessType: "VpcOnly" });
    await aws.admin.setFaults({ kind: "deny", operation: "DescribeNotebookInstance", name: "open" });
    try {
      const result = await scanJson(["--baseline", baseline]);
      expect(result.baseline).toMatchObject({ new: 1, unchanged: 1, resolved: [{ name: "studio" }] });
      const open = result.findings.find(({ name }) => name === "open");
      expect(open).toMatchObject({ verdict: "violation", change: "unchanged" });
      expect(open?.lastVerified).toBeDefined();
      const before = (JSON.parse(await readFile(baseline, "utf8")) as ScanResult).findings;
      expect(open?.firstSeen).toBe(before.find(({ name }) => name === "open")?.firstSeen);
      expect((await scan(["--baseline", baseline, "--fail-on", "new"])).code).toBe(2);
    } finally {
      await aws.admin.deleteNotebook(place, "fresh");
      await aws.admin.patchDomain(place, "d-open", { appNetworkAccessType: "PublicInternetOnly" });
    }
    expect((await scan(["--baseline", baseline, "--fail-on", "new"])).code).toBe(0);
  });

  it.each([
    ["is not there", undefined, /the baseline cannot be read: ENOENT/],
    ["is none", "[]", /cannot be used: it has no scan and findings/],
  ])("refuses one that %s before it asks AWS anything", async (_what, text, message) => {
    const path = join(folder, "wrong.json");
    await rm(path, { force: true });
    if (text !== undefined) await writeFile(path, text);
    await aws.admin.clearRequests();
    const { code, stdout, stderr } = await scan(["--baseline", path]);
    expect(stderr).toMatch(message);
    expect(stdout).toBe("");
    expect(code).toBe(1);
    expect(await aws.admin.requests()).toEqual([]);
  });
});

describe("awsscan scan -f", () => {
  const manifest = (name: string, spec: string) => `apiVersion: awsaccountscan.dev/v1alpha1
kind: AwsAccountScan
metadata:
  name: ${name}
spec:
${spec}`;

  it("scans what the manifests say, as one result, from files and standard input", async () => {
    const path = join(folder, "hub.yaml");
    const exempt = "  exemptions: [{ name: known, reason: SEC-1, match: { names: [open] } }]\n";
    await writeFile(path, manifest("hub", `${exempt}  credentials: { serviceAccountName: scanner }\n`));
    const member = manifest(
      "member",
      `  accounts: [{ id: "${MEMBER}", name: prod, roleArn: "arn:aws:iam::${MEMBER}:role/ComplianceScan", externalId: acme-7f3a }]\n`,
    );
    const { code, stdout, stderr } = await scan(["-f", path, "-", "-o", "json"], { stdin: member });
    const { summary, accounts, findings } = JSON.parse(stdout) as ScanResult;
    expect(summary).toMatchObject({ accounts: 2, resources: 4, violations: 1, exempt: 1, compliant: 2 });
    expect(accounts.map(({ id, name }) => [id, name])).toEqual([
      [HUB, undefined],
      [MEMBER, "prod"],
    ]);
    expect(findings.find(({ verdict }) => verdict === "exempt")?.exemption).toBe("known");
    expect(stderr).toMatch(
      /hub: scanning with your own AWS credentials, not those of ServiceAccount scanner/,
    );
    expect(code).toBe(2);
  });

  it("refuses a manifest that a cluster would refuse, with file, line and field, and asks AWS nothing", async () => {
    await aws.admin.clearRequests();
    const wrong = manifest("wrong", "  accounts:\n    - id: 123456789012\n  regoins: {}\n");
    const { code, stdout, stderr } = await scan(["-f", "-"], { stdin: wrong });
    expect(stderr).toMatch(/^error: (-|stdin|<stdin>|standard input):7:.*spec\.accounts\[0\]\.id/m);
    expect(stderr).toMatch(/regoins/);
    expect(stdout).toBe("");
    expect(code).toBe(1);
    expect(await aws.admin.requests()).toEqual([]);
  });

  it("refuses flags that say what the manifest says", async () => {
    const { code, stderr } = await scan(["-f", "x.yaml", "--regions", "us-east-1"]);
    expect(stderr).toMatch(/--regions cannot be combined with --filename/);
    expect(code).toBe(1);
  });
});

describe("awsscan scan with wrong flags", () => {
  it.each([
    [["--regions", "us-east"], /"us-east" is not one. Give names such as us-east-1/],
    [["--account", "1234"], /Give account ids of 12 digits/],
    [["--role-arn", "ComplianceScan"], /Give ARNs of IAM roles/],
    [["--output", "xml"], /Allowed choices are table, json/],
    [["--fail-on", "everything"], /Give violations, new or unknown/],
    [["--fail-on", "none,unknown"], /or none alone/],
    [["--timeout", "soon"], /Give a duration such as 90s/],
    [["--region", "us-east-1"], /Did you mean --regions\?/],
    [["us-east-1"], /too many arguments/],
  ])("%j: says what is allowed, and ends with 1", async (args, message) => {
    const { code, stdout, stderr } = await scan(args);
    expect(stderr).toMatch(message);
    expect(stdout).toBe("");
    expect(code).toBe(1);
  });
});
