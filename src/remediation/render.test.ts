/** Golden files: `npx vitest run --project unit src/remediation -u` writes them anew. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { domainSource, HOSTILE, notebookSource, PLACE } from "../../test/support/remediation.ts";
import { renderCli } from "./cli.ts";
import { renderConsole } from "./console.ts";
import type { RemediationPlan } from "./plan.ts";
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

describe.each(HOSTILE)("with %j for every text", (text) => {
  it("the script has no line that is not ours, and runs nothing of it", () => {
    const script = renderCli(hostilePlans(text), PLACE);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    const obeyed = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;
    const folder = mkdtempSync(join(tmpdir(), "hostile-"));
    try {
      execFileSync("bash", ["-n"], { input: script });
      expect(script.slice(0, script.indexOf("plan_1() {"))).not.toMatch(obeyed);
      // An aws that answers whatever leads deepest: every command of every plan is expanded.
      const aws =
        'aws() { case "$*" in *get-caller*) echo 123456789012 ;; *) echo NotFound ;; esac; }; export -f aws; bash -s';
      const { stdout } = spawnSync("bash", ["-c", aws], { input: script, cwd: folder, encoding: "utf8" });
      expect(stdout).toContain("==");
      expect(readdirSync(folder)).toEqual([]);
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
