/** Golden files: `npx vitest run --project unit src/remediation -u` writes them anew. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fakeAws, loggedCalls } from "../../test/support/fake-aws.ts";
import { domainSource, HOSTILE, notebookSource, PLACE } from "../../test/support/remediation.ts";
import { renderCli } from "./cli.ts";
import { renderConsole } from "./console.ts";
import type { NotebookPlan, RemediationPlan } from "./plan.ts";
import { planFor } from "./planner.ts";

const CHOICES = { subnetId: "subnet-1111", securityGroupIds: ["sg-2222", "sg-3333"] };

const CASES: Readonly<Record<string, readonly RemediationPlan[]>> = {
  notebook: [planFor(notebookSource(), CHOICES)],
  "notebook-open": [
    planFor(
      notebookSource({
        status: "Stopped",
        platformIdentifier: "notebook-al2-v2",
        acceleratorTypes: ["ml.eia2.medium"],
        tags: [
          { key: "team", value: "fraud" },
          { key: "aws:cloudformation:stack-name", value: "notebooks" },
        ],
      }),
    ),
  ],
  domain: [planFor(domainSource())],
  "domain-open": [planFor(domainSource({ vpcId: undefined, subnetIds: [], defaultSecurityGroupIds: [] }))],
  "domain-rstudio": [
    planFor(domainSource({ rStudioExecutionRoleArn: "arn:aws:iam::123456789012:role/RStudio" })),
  ],
  several: [
    planFor(notebookSource({ name: "one" }), CHOICES),
    planFor(notebookSource({ name: "two", tags: undefined, platformIdentifier: undefined })),
    planFor(domainSource()),
  ],
  none: [],
};

describe.each(Object.entries(CASES))("of %s", (name, plans) => {
  it("the script is as in its golden file, and bash reads it", async () => {
    const script = renderCli(plans, PLACE);
    execFileSync("bash", ["-n"], { input: script });
    await expect(script).toMatchFileSnapshot(`golden/${name}.sh`);
  });

  it("the console steps are as in their golden file", async () => {
    await expect(renderConsole(plans, PLACE)).toMatchFileSnapshot(`golden/${name}.console.txt`);
  });
});

/** Every text of a source replaced, as if AWS had answered it. */
function hostilePlans(text: string): RemediationPlan[] {
  const tags = [
    { key: text, value: text },
    { key: "aws:cloudformation:stack-name", value: text },
  ];
  const name = { name: text, arn: text, status: text, tags };
  const notebook = notebookSource({
    ...name,
    instanceType: text,
    roleArn: text,
    platformIdentifier: text,
    kmsKeyId: text,
    lifecycleConfigName: text,
    rootAccess: text,
    minimumInstanceMetadataServiceVersion: text,
    ipAddressType: text,
    acceleratorTypes: [text, `ml.eia${text}`],
    defaultCodeRepository: text,
    additionalCodeRepositories: [text],
    subnetId: text,
    securityGroupIds: [text],
  });
  const domain = { ...name, id: text, vpcId: text, subnetIds: [text], appSecurityGroupManagement: text };
  return [
    planFor(notebook),
    planFor(domainSource({ ...domain, defaultSecurityGroupIds: [] }), { securityGroupIds: [text] }),
    planFor(domainSource({ ...domain, rStudioExecutionRoleArn: text })),
  ];
}

/** The hostile notebook, with the names and the network that AWS itself confirms: what the script compares. */
function reachablePlan(text: string): NotebookPlan {
  const [hostile] = hostilePlans(text);
  const { name, arn, roleArn, kmsKeyId } = notebookSource();
  if (hostile?.kind !== "ReplaceNotebookInstance") throw new Error("the first is a notebook's");
  const source = {
    ...hostile.source,
    name,
    arn,
    roleArn,
    kmsKeyId,
    subnetId: undefined,
    securityGroupIds: [],
  };
  return planFor(source, CHOICES) as NotebookPlan;
}

/** The script run in an empty folder against an AWS of its own; every word of every call, and what was left behind. */
function carriedOut(script: string, env: Readonly<Record<string, string>> = {}) {
  const folder = mkdtempSync(join(tmpdir(), "hostile-"));
  const log = mkdtempSync(join(tmpdir(), "hostile-log-"));
  try {
    const run = (more: Readonly<Record<string, string>>) =>
      spawnSync("bash", ["-c", `${fakeAws(notebookSource(), CHOICES)}; bash -s`], {
        input: script,
        cwd: folder,
        encoding: "utf8",
        env: { PATH: process.env["PATH"], HOME: log, LOG: log, CHANGE_OWNED: "1", ...env, ...more },
      });
    // The first creates, the second deletes.
    const runs = [run({}), run({ AWSSCAN_DATA_MOVED: notebookSource().name })];
    return { calls: loggedCalls(log), left: readdirSync(folder), runs };
  } finally {
    rmSync(folder, { recursive: true });
    rmSync(log, { recursive: true });
  }
}

/** The input of a call, by the words that name members and by its JSON. */
function inputOf(words: readonly string[]): Record<string, unknown> {
  const json = words[words.indexOf("--cli-input-json") + 1] ?? "{}";
  const hasJson = words.includes("--cli-input-json");
  return hasJson ? (JSON.parse(json) as Record<string, unknown>) : {};
}

describe.each(HOSTILE)("with %j for every text", (text) => {
  it("the script creates and deletes by exactly these words, and runs nothing of it", () => {
    const plan = reachablePlan(text);
    const { calls, left, runs } = carriedOut(renderCli([plan], PLACE));
    expect(runs.map(({ status }) => status)).toEqual([1, 0]);
    expect(left).toEqual([]);
    const changes = calls.filter(([, operation = ""]) => /^(create|stop|delete)-/.test(operation));
    const { name } = notebookSource();
    const region = ["--region", PLACE.region];
    expect(changes.slice(1)).toEqual([
      ["sagemaker", "stop-notebook-instance", "--notebook-instance-name", name, ...region],
      ["sagemaker", "delete-notebook-instance", "--notebook-instance-name", name, ...region],
    ]);
    const { replacement } = plan;
    const create = changes[0] ?? [];
    expect(create.slice(0, 6)).toEqual([
      "sagemaker",
      "create-notebook-instance",
      ...region,
      "--notebook-instance-name",
      replacement.name,
    ]);
    // Beyond the plain options, all is in the JSON, as it was.
    const given = (member: string, option: string) =>
      inputOf(create)[member] ?? create[create.indexOf(option) + 1];
    expect({
      type: given("InstanceType", "--instance-type"),
      platform: given("PlatformIdentifier", "--platform-identifier"),
      lifecycle: given("LifecycleConfigName", "--lifecycle-config-name"),
      root: given("RootAccess", "--root-access"),
      address: given("IpAddressType", "--ip-address-type"),
      repository: given("DefaultCodeRepository", "--default-code-repository"),
      tags: inputOf(create)["Tags"],
    }).toEqual({
      type: text,
      platform: text,
      lifecycle: text,
      root: text,
      address: text,
      repository: text,
      tags: replacement.tags.map(({ key, value }) => ({ Key: key, Value: value })),
    });
  });

  it("a domain's script updates by exactly these words, and every plan is begun", () => {
    const plans = hostilePlans(text);
    const { calls, left } = carriedOut(renderCli(plans, PLACE), {
      SUBNET_ID: "subnet-1",
      ACCEPTED_PLATFORM_IDENTIFIER: "x",
    });
    expect(left).toEqual([]);
    const updates = calls.filter(([, operation]) => operation === "update-domain");
    const word = text.replaceAll("\0", "").toWellFormed();
    expect(updates[0]?.slice(0, 8)).toEqual([
      "sagemaker",
      "update-domain",
      "--region",
      PLACE.region,
      "--domain-id",
      word,
      "--app-network-access-type",
      "VpcOnly",
    ]);
    expect(updates[0]?.[8]).toBe("--default-user-settings");
    const settings = updates[0]?.[9] ?? "";
    expect(settings.startsWith("{") ? JSON.parse(settings) : settings).toEqual(
      settings.startsWith("{") ? { SecurityGroups: [text] } : `SecurityGroups=${text}`,
    );
  });

  it("the script has no line that is not ours", () => {
    const script = renderCli(hostilePlans(text), PLACE);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    const obeyed = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;
    const folder = mkdtempSync(join(tmpdir(), "hostile-"));
    try {
      execFileSync("bash", ["-n"], { input: script });
      expect(script.slice(0, script.indexOf("plan_1() {"))).not.toMatch(obeyed);
      const help = spawnSync("bash", ["-s", "--", "--help"], {
        input: script,
        cwd: folder,
        encoding: "utf8",
      });
      expect(help.status).toBe(0);
      expect(help.stdout).not.toMatch(obeyed);
      expect(readdirSync(folder)).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("the console steps have no line that is not ours", () => {
    const steps = renderConsole(hostilePlans(text), PLACE);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(steps).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
    expect(steps.split("\n").filter((one) => /^touch/.test(one))).toEqual([]);
  });
});

it("an unquoted value would be run, and be seen", () => {
  const text = "$(touch pwned)";
  const script = renderCli([reachablePlan(text)], PLACE);
  const { left } = carriedOut(
    script.replace("      --cli-input-json", `      --profile ${text} --cli-input-json`),
  );
  expect(left).toEqual(["pwned"]);
});

it("the console steps show values as they are, and say where they cannot", () => {
  const tags = [
    { key: "token", value: "token = abc" },
    { key: "turned", value: "a\u202eb" },
  ];
  const steps = renderConsole([planFor(notebookSource({ tags }), CHOICES)], PLACE);
  expect(steps).toContain("    - Tag: token = token = abc\n");
  expect(steps).toContain(
    "    - Tag: turned = a b (it has characters that are not shown here: copy it from AWS)\n",
  );
});
