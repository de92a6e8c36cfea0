/** Sources of remediation plans, and their scripts run by bash with the AWS CLI. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll } from "vitest";
import type { DomainSource, NotebookSource } from "../../src/remediation/plan.ts";
import { DOMAIN, NOTEBOOK_INSTANCE } from "../../src/rules/resource.ts";
import { type AwsCliServer, awsCli, startAwsCliServer, writeShim } from "../../tools/aws-cli/venv.ts";
import type { Keys } from "./aws-clients.ts";

/** Where the sources are. */
export const PLACE = { partition: "aws", account: "123456789012", region: "us-east-1" } as const;

/** An instance with every setting that there is, but for what `changes` says. */
export function notebookSource(changes: Partial<NotebookSource> = {}): NotebookSource {
  return {
    ...PLACE,
    type: NOTEBOOK_INSTANCE,
    arn: "arn:aws:sagemaker:us-east-1:123456789012:notebook-instance/fraud-model",
    name: "Fraud-Model",
    status: "InService",
    directInternetAccess: "Enabled",
    instanceType: "ml.t3.large",
    roleArn: "arn:aws:iam::123456789012:role/service-role/NotebookExecution",
    platformIdentifier: "notebook-al2023-v1",
    volumeSizeInGB: 50,
    kmsKeyId: "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    lifecycleConfigName: "install-tools",
    rootAccess: "Disabled",
    minimumInstanceMetadataServiceVersion: "2",
    ipAddressType: "ipv4",
    acceleratorTypes: [],
    defaultCodeRepository: "https://git.example/fraud.git",
    additionalCodeRepositories: ["shared-code"],
    subnetId: undefined,
    securityGroupIds: [],
    tags: [{ key: "team", value: "fraud & risk" }],
    ...changes,
  };
}

/** A domain that lacks nothing for VpcOnly, but for what `changes` says. */
export function domainSource(changes: Partial<DomainSource> = {}): DomainSource {
  return {
    ...PLACE,
    type: DOMAIN,
    arn: "arn:aws:sagemaker:us-east-1:123456789012:domain/d-abcdef012345",
    id: "d-abcdef012345",
    name: "studio",
    status: "InService",
    appNetworkAccessType: "PublicInternetOnly",
    authMode: "IAM",
    vpcId: "vpc-0a1b2c3d",
    subnetIds: ["subnet-0a1b2c3d", "subnet-4e5f6a7b"],
    appSecurityGroupManagement: undefined,
    rStudioExecutionRoleArn: undefined,
    executionRoleArn: "arn:aws:iam::123456789012:role/StudioExecution",
    defaultSecurityGroupIds: ["sg-0a1b2c3d"],
    tags: [],
    ...changes,
  };
}

/** What nobody would call a resource, but an attacker might. */
export const HOSTILE: readonly string[] = [
  "$(touch pwned)",
  "`touch pwned`",
  "'; touch pwned; '",
  '"; touch pwned; "',
  "$" + "{IFS}",
  "a\ntouch pwned\n",
  "a\r\ntouch pwned",
  "\u001b]0;title\u0007\u001b[31mred",
  "\u202Egnp.exe",
  "nul\0byte",
  "half\ud800pair",
  "--endpoint-url=http://evil.example",
  "file:///etc/passwd",
  "http://evil.example/",
  "EOF",
  "\\",
  "'",
  "=cmd()",
  "<script>",
  "%{x}",
  " ",
  "~root",
  "*",
  "!!",
];

export interface ScriptRun {
  /** Of the script, or the signal's name that ended it. */
  readonly code: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly keys: Keys;
  /** Of what the script is to ask. */
  readonly url: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What is typed; nothing where it is omitted. */
  readonly input?: string;
  readonly args?: readonly string[];
}

/** The calling file's AWS CLI, good from `beforeAll` on. */
export interface ScriptRunner {
  /** Runs the script to its end, without a terminal. */
  run(script: string, options: RunOptions): Promise<ScriptRun>;
  /** Arguments of every call of the CLI since the last asking. */
  calls(): Promise<readonly (readonly string[])[]>;
  /** What an answer file of the script's folder is called; the folder is removed in the end. */
  readonly folder: string;
}

/** That scripts ask. */
const SERVICES = ["sagemaker", "sts", "ec2", "iam", "s3"];
const INSTALL_WITHIN_MS = 600_000;

export function useScripts(): ScriptRunner {
  let folder = "";
  let server: AwsCliServer | undefined;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "remediation-"));
    const cli = await awsCli();
    server = await startAwsCliServer(folder, cli, SERVICES);
    await writeShim(folder, cli, server);
  }, INSTALL_WITHIN_MS);
  afterAll(async () => {
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  });
  const log = () => join(folder, "calls.jsonl");
  return {
    get folder() {
      return folder;
    },
    async run(script, { keys, url, env = {}, input = "", args = [] }) {
      const path = join(folder, "plan.sh");
      await writeFile(path, script);
      // A session of its own: no terminal that could be asked, and a group that can be killed as one.
      const child = spawn("bash", [path, ...args], {
        cwd: folder,
        detached: true,
        stdio: "pipe",
        env: {
          PATH: `${folder}:${process.env["PATH"]}`,
          HOME: folder,
          AWS_ENDPOINT_URL: url,
          AWS_ACCESS_KEY_ID: keys.accessKeyId,
          AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
          ...(keys.sessionToken !== undefined && { AWS_SESSION_TOKEN: keys.sessionToken }),
          ...env,
        },
      });
      child.stdin.on("error", () => undefined);
      child.stdin.end(input);
      const said = Promise.all([text(child.stdout), text(child.stderr)]);
      const [code, signal] = (await once(child, "close")) as [number | null, string | null];
      const [stdout, stderr] = await said;
      return { code: code ?? signal ?? "", stdout, stderr };
    },
    async calls() {
      const lines = await readFile(log(), "utf8").catch(() => "");
      await rm(log(), { force: true });
      return lines
        .trim()
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as string[]);
    },
  };
}
