import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cloudFormationJson, cloudFormationYaml } from "../../src/remediation/cloudformation.ts";
import { quote } from "../../src/remediation/hcl.ts";
import type { RemediationPlan } from "../../src/remediation/plan.ts";
import { planAll } from "../../src/remediation/planner.ts";
import { terraform as terraformOf } from "../../src/remediation/terraform.ts";
import { runOrThrow } from "../../tools/machine/command.ts";
import { cfnLint, type LintFinding } from "../../tools/validators/cfn-lint.ts";
import { type CheckovFinding, checkov } from "../../tools/validators/checkov.ts";
import { validatorsBin } from "../../tools/validators/python.ts";
import { prepareTerraform, type Terraform } from "../../tools/validators/terraform.ts";
import { domainSource, notebookSource } from "../support/remediation.ts";
import {
  BARE,
  domainPlan,
  FULL,
  HOSTILE,
  hostilePlans,
  notebookPlan,
  PLACE,
  RETIRED,
  RSTUDIO,
} from "../support/remediation-plans.ts";

/** What the planner itself makes: of every setting, of what must be asked for, of domains that lack and have all. */
const PLANNED = planAll(
  [
    notebookSource({ ipAddressType: "dualstack", tags: [{ key: "team", value: "fraud" }] }),
    notebookSource({
      name: "asks",
      arn: notebookSource().arn.replace("fraud-model", "asks"),
      instanceType: "ml.p2.xlarge",
      platformIdentifier: "notebook-al1-v1",
      defaultCodeRepository: "https://ann:secret@git.example/a.git",
      additionalCodeRepositories: ["https://ann:secret@git.example/b.git"],
      tags: undefined,
    }),
    domainSource(),
    domainSource({
      id: "d-lacks0000000",
      name: "lacks",
      vpcId: undefined,
      subnetIds: [],
      defaultSecurityGroupIds: [],
    }),
    domainSource({
      id: "d-owned0000000",
      name: "owned",
      tags: [{ key: "aws:cloudformation:stack-name", value: "x" }],
    }),
  ],
  ({ name }) =>
    name === "Fraud-Model"
      ? { subnetId: "subnet-0a1b2c3d4e5f60718", securityGroupIds: ["sg-0a1b2c3d4e5f60718"] }
      : {},
);

/** What is validated: each as JSON, YAML and HCL. */
const CASES: Readonly<Record<string, readonly RemediationPlan[]>> = {
  "one-notebook": [notebookPlan()],
  "every-setting": [FULL],
  domain: [domainPlan()],
  "unread-domain": [domainPlan({ authMode: undefined, executionRoleArn: undefined })],
  "bare-domain": [BARE],
  planned: PLANNED,
  everything: [notebookPlan(), FULL, RETIRED, domainPlan(), RSTUDIO],
};

const NO_INTERNET = "CKV_AWS_122";
const IN_VPC = "CKV_AWS_306";
/** What a replacement has where its source has it: two of KMS keys, root access, IMDSv2. */
const OF_THE_SOURCE = ["CKV_AWS_22", "CKV_AWS_187", "CKV_AWS_307", "CKV_AWS_371"];

let folder: string;
let bin: string;
let terraform: Terraform;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "remediation-"));
  bin = await validatorsBin();
  await mkdir(join(folder, "home"));
  terraform = await prepareTerraform(join(folder, "home"));
}, 600_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A folder with one configuration. */
async function configuration(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await mkdir(path, { recursive: true });
  await writeFile(join(path, "main.tf"), text);
  return path;
}

describe("remediation templates", () => {
  it("are those of the golden files", async () => {
    const plans = CASES["everything"] ?? [];
    const golden = (name: string) => `remediation-golden/${name}`;
    await expect(cloudFormationJson(plans, PLACE)).toMatchFileSnapshot(golden("cloudformation.json"));
    await expect(cloudFormationYaml(plans, PLACE)).toMatchFileSnapshot(golden("cloudformation.yaml"));
    await expect(terraformOf(plans, PLACE)).toMatchFileSnapshot(golden("main.tf"));
  });
});

describe("CloudFormation templates under cfn-lint", () => {
  let findings: LintFinding[];
  beforeAll(async () => {
    const files: string[] = [];
    const write = async (name: string, text: string) => {
      files.push(join(folder, name));
      await writeFile(join(folder, name), text);
    };
    for (const [name, plans] of Object.entries(CASES)) {
      await write(`${name}.json`, cloudFormationJson(plans, PLACE));
      await write(`${name}.yaml`, cloudFormationYaml(plans, PLACE));
    }
    const good = cloudFormationYaml(CASES["everything"] ?? [], PLACE);
    await write("broken-value.yaml", good.replaceAll('InternetAccess: "Disabled"', 'InternetAccess: "Off"'));
    await write("broken-name.yaml", good.replaceAll("VolumeSizeInGB:", "VolumeSize:"));
    findings = await cfnLint(bin, PLACE.region, files);
  }, 120_000);

  const of = (file: string) => findings.filter((finding) => finding.file === join(folder, file));

  it.each(Object.keys(CASES))("have no error, no warning and no remark: %s", (name) => {
    expect(of(`${name}.json`)).toEqual([]);
    expect(of(`${name}.yaml`)).toEqual([]);
  });

  it("have errors where a value or a name is wrong", () => {
    expect(of("broken-value.yaml").map(({ rule }) => rule)).toContain("E3030");
    expect(of("broken-name.yaml").map(({ rule }) => rule)).toContain("E3002");
  });
});

describe("hostile text in YAML", () => {
  it("is read by Python as it is read from JSON", async () => {
    const templates = HOSTILE.map(hostilePlans).map((plans) => ({
      yaml: cloudFormationYaml(plans, PLACE),
      json: cloudFormationJson(plans, PLACE),
    }));
    const program =
      "import json,sys,yaml\nprint(json.dumps([yaml.safe_load(t['yaml']) == json.loads(t['json']) for t in json.load(sys.stdin)]))";
    const answer = await runOrThrow(join(bin, "python"), ["-c", program], {
      input: JSON.stringify(templates),
    });
    expect(JSON.parse(answer)).toEqual(templates.map(() => true));
  });
});

describe("templates under Checkov", () => {
  let findings: CheckovFinding[];
  beforeAll(async () => {
    const path = join(folder, "checkov");
    await mkdir(path);
    for (const [name, plans] of Object.entries(CASES)) {
      await configuration(`checkov/${name}`, terraformOf(plans, PLACE));
      await writeFile(join(path, `${name}.yaml`), cloudFormationYaml(plans, PLACE));
      await writeFile(join(path, `${name}.json`), cloudFormationJson(plans, PLACE));
    }
    const broken = terraformOf([FULL], PLACE).replaceAll('"Disabled"', '"Enabled"');
    await configuration("checkov/broken", broken);
    findings = await checkov(bin, path, [NO_INTERNET, IN_VPC, ...OF_THE_SOURCE]);
  }, 120_000);

  const verdicts = (check: string, file: string) =>
    findings
      .filter((finding) => finding.check === check && finding.file === file)
      .map(({ passed }) => passed);

  it("have no direct internet access and a VPC, in Terraform: CloudFormation has no such check", () => {
    for (const check of [NO_INTERNET, IN_VPC]) {
      expect(verdicts(check, "one-notebook/main.tf")).toEqual([true]);
      expect(verdicts(check, "everything/main.tf")).toEqual([true, true, true]);
      expect(verdicts(check, "planned/main.tf")).toEqual([true, true]);
    }
  });

  it("have the key, no root access and IMDSv2 where the source has them", () => {
    for (const check of OF_THE_SOURCE) expect(verdicts(check, "every-setting/main.tf")).toEqual([true]);
    for (const check of ["CKV_AWS_187", "CKV_AWS_371"]) {
      expect(verdicts(check, "every-setting.yaml")).toEqual([true]);
      expect(verdicts(check, "every-setting.json")).toEqual([true]);
    }
    expect(verdicts("CKV_AWS_187", "one-notebook/main.tf")).toEqual([false]);
  });

  it("fail where internet access is Enabled", () => {
    expect(verdicts(NO_INTERNET, "broken/main.tf")).toEqual([false]);
  });
});

describe("Terraform configurations", () => {
  it.each(Object.entries(CASES))(
    "are as terraform fmt leaves them, and validate: %s",
    async (name, plans) => {
      const path = await configuration(`terraform/${name}`, terraformOf(plans, PLACE));
      expect(await terraform.format(path)).toMatchObject({ code: 0, stdout: "" });
      expect(await terraform.validate(path)).toMatchObject({ code: 0, stderr: "" });
    },
  );

  it("do not validate with an argument, a type or a block that the provider does not have", async () => {
    const good = terraformOf([FULL], PLACE);
    for (const [from, to] of [
      ["volume_size ", "volume_sizes"],
      ["= 200", '= "many"'],
      ["instance_metadata_service_configuration {", "metadata {"],
      ["prevent_destroy", "prevents_destroy"],
      ["role_arn ", "role_name"],
    ] as const) {
      expect(good).toContain(from);
      const path = await configuration("terraform/broken", good.replace(from, to));
      expect(await terraform.validate(path), to).toMatchObject({ code: 1 });
    }
  });

  it("with hostile text are formatted and valid, and have no resource that the plans do not have", async () => {
    const text = terraformOf(HOSTILE.flatMap(hostilePlans), PLACE);
    const path = await configuration("terraform/hostile", text);
    expect(await terraform.format(path)).toMatchObject({ code: 0, stdout: "" });
    expect(await terraform.validate(path)).toMatchObject({ code: 0, stderr: "" });
    expect(text.match(/^resource "aws_sagemaker_(domain|notebook_instance)" /gm)).toHaveLength(
      2 * HOSTILE.length,
    );
    const opened = [...text.matchAll(/^(\w+)/gm)].map(([, keyword]) => keyword);
    expect(new Set(opened)).toEqual(new Set(["terraform", "provider", "variable", "import", "resource"]));
  });

  it("hold strings that Terraform reads as they were, in normal form C", async () => {
    const texts = [
      ...HOSTILE,
      ...fc.sample(fc.string({ unit: "binary", maxLength: 30 }), 400),
      ...fc.sample(fc.string({ unit: fc.constantFrom("$", "%", "{", "}", "\\", '"', "u", "~", "\n") }), 400),
    ];
    const outputs = texts.map((text, index) => `output "o${index}" {\n  value = ${quote(text)}\n}\n`);
    const read = await terraform.outputs(await configuration("terraform/strings", outputs.join("")));
    expect(texts.map((_, index) => read[`o${index}`])).toEqual(
      texts.map((text) => text.toWellFormed().normalize("NFC")),
    );
  });
});
