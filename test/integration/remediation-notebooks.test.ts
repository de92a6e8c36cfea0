/** The script of a plan for notebook instances, run by bash with the real AWS CLI against moto. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { renderCli } from "../../src/remediation/cli.ts";
import type { PlanChoices } from "../../src/remediation/plan.ts";
import { planFor } from "../../src/remediation/planner.ts";
import type { Fleet, NotebookSpec } from "../../tools/aws-simulator/fleet.ts";
import { seedMoto } from "../../tools/moto/seed.ts";
import type { Keys } from "../support/aws-clients.ts";
import { sessionOf } from "../support/credentials-session.ts";
import { openEngine } from "../support/engine.ts";
import { useMoto } from "../support/moto-fleet.ts";
import { useScripts } from "../support/remediation.ts";
import { knownSource } from "../support/remediation-sources.ts";

const ACCOUNT = "123456789012";
const OTHER = "999999999999";
const REGION = "us-east-1";
const place = { partition: "aws", account: ACCOUNT, region: REGION };

const fleetOf = (notebooks: readonly NotebookSpec[]): Fleet => ({
  accounts: [{ id: ACCOUNT, name: "one", regions: { [REGION]: { notebooks } } }],
});
const fleet = fleetOf([
  {
    name: "Fraud-Model",
    directInternetAccess: "Enabled",
    instanceType: "ml.t3.large",
    tags: { team: "fraud & risk", "it's": '$(touch pwned) `x` "q"' },
  },
  { name: "asleep", directInternetAccess: "Enabled", status: "Stopped" },
  { name: "good", directInternetAccess: "Disabled" },
]);
const arnOf = (name: string) => `arn:aws:sagemaker:${REGION}:${ACCOUNT}:notebook-instance/${name}`;
const CHOICES: PlanChoices = {
  subnetId: "subnet-11111111",
  securityGroupIds: ["sg-22222222", "sg-33333333"],
};
const [FRAUD, ASLEEP] = [arnOf("Fraud-Model"), arnOf("asleep")];
const YES = { AWSSCAN_DATA_MOVED: "Fraud-Model, asleep" };
const TYPED = "Fraud-Model\nasleep\n";

const moto = useMoto(fleet);
const scripts = useScripts();
let keys: Keys;

beforeAll(async () => {
  process.env["AWS_ENDPOINT_URL"] = moto().url;
});
afterAll(() => {
  delete process.env["AWS_ENDPOINT_URL"];
});
beforeEach(async () => {
  await moto().reset();
  await seedMoto(moto().url, fleet);
  keys = await keysOf(ACCOUNT);
  await scripts.calls();
});

const keysOf = (account: string) =>
  sessionOf(
    moto().url,
    { accessKeyId: "moto", secretAccessKey: "moto" },
    `arn:aws:iam::${account}:role/Owner`,
  );

async function scriptFor(arns: readonly string[], choices: PlanChoices = CHOICES): Promise<string> {
  const sources = await Promise.all(arns.map((arn) => knownSource(keys, arn)));
  return renderCli(
    sources.map((source) => planFor(source, choices)),
    place,
  );
}

const run = (script: string, more: { env?: Record<string, string>; input?: string; keys?: Keys } = {}) =>
  scripts.run(script, { keys, url: moto().url, ...more });

/** What a scan of the account says. */
async function scanned() {
  const engine = openEngine({ keys });
  try {
    const { record, compliant, complete } = await engine.scan({ regions: { include: [REGION] } });
    return {
      compliant,
      complete,
      names: record.findings.map(({ name, verdict }) => `${name} ${verdict}`).sort(),
    };
  } finally {
    engine.close();
  }
}

const COMPLIANT = {
  compliant: "True",
  complete: "True",
  names: ["Fraud-Model-vpc compliant", "asleep-vpc compliant", "good compliant"],
};

/** Calls of the CLI that change something. */
const changing = (calls: readonly (readonly string[])[]) =>
  calls
    .map(([, operation = ""]) => operation)
    .filter((name) => /^(create|update|stop|delete|start)-/.test(name));

test("a scan finds the account compliant when the script has run", async () => {
  const script = await scriptFor([FRAUD, ASLEEP]);
  expect((await scanned()).compliant).toBe("False");
  const created = await run(script, { env: YES });
  expect(created.stderr).toContain(
    "Fraud-Model-vpc was created just now, so that AWSSCAN_DATA_MOVED does not count yet",
  );
  expect(created.code).toBe(1);
  const { code, stdout, stderr } = await run(script, { env: YES });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toContain("done          notebook instance Fraud-Model: replace by Fraud-Model-vpc");
  expect(await scanned()).toEqual(COMPLIANT);
  const calls = await scripts.calls();
  expect(calls.every((call) => call.includes("--region"))).toBe(true);
  expect(changing(calls)).toEqual([
    "create-notebook-instance",
    "create-notebook-instance",
    "stop-notebook-instance",
    "delete-notebook-instance",
    "delete-notebook-instance",
  ]);
});

test("the replacement is as the instance was, but for its network", async () => {
  const before = await knownSource(keys, FRAUD);
  await run(await scriptFor([FRAUD]), { input: TYPED });
  const after = await knownSource(keys, `${FRAUD}-vpc`);
  expect(after).toEqual({
    ...before,
    arn: `${FRAUD}-vpc`,
    name: "Fraud-Model-vpc",
    directInternetAccess: "Disabled",
    subnetId: "subnet-11111111",
    securityGroupIds: ["sg-22222222", "sg-33333333"],
    tags: [...(before.tags ?? []), { key: "awsscan:replaces", value: before.arn }],
  });
  expect(after.tags).toContainEqual({ key: "it's", value: '$(touch pwned) `x` "q"' });
});

test("run again, it changes nothing", async () => {
  const script = await scriptFor([FRAUD, ASLEEP]);
  await run(script, { input: TYPED });
  await scripts.calls();
  const { code, stdout } = await run(script, { env: YES });
  expect(code).toBe(0);
  expect(stdout).toContain("Fraud-Model is gone, and Fraud-Model-vpc has no direct internet access.");
  expect(changing(await scripts.calls())).toEqual([]);
});

// Killed after a call that changes nothing, it leaves AWS as after the one before: these are all cases.
test.each(["create-notebook-instance", "stop-notebook-instance", "delete-notebook-instance"])(
  "killed after %s, it goes on where it was, and does nothing twice",
  async (operation) => {
    const script = await scriptFor([FRAUD]);
    const killed = await run(script, { env: { AWS_CLI_KILLS_AFTER: operation }, input: TYPED });
    expect(killed.code).toBe("SIGKILL");
    const first = changing(await scripts.calls());
    expect(first.at(-1)).toBe(operation);
    const { code, stderr } = await run(script, { env: YES });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect([...first, ...changing(await scripts.calls())]).toEqual([
      "create-notebook-instance",
      "stop-notebook-instance",
      "delete-notebook-instance",
    ]);
    expect((await scanned()).names).toEqual([
      "Fraud-Model-vpc compliant",
      "asleep violation",
      "good compliant",
    ]);
  },
);

describe("without the right answer", () => {
  test.each([
    ["none", ""],
    ["yes", "yes\n"],
    ["another name", "Fraud-Model-vpc\n"],
    ["an empty line", "\n"],
  ])("nothing is deleted: %s", async (_what, input) => {
    const { code, stderr } = await run(await scriptFor([FRAUD]), { input });
    expect(code).toBe(1);
    expect(stderr).toContain("NOT FINISHED: Fraud-Model was not deleted.");
    expect(changing(await scripts.calls())).toEqual(["create-notebook-instance"]);
  });

  test("the old instance's name deletes it", async () => {
    const { code } = await run(await scriptFor([FRAUD]), { input: "Fraud-Model\n" });
    expect(code).toBe(0);
    expect(changing(await scripts.calls())).toEqual([
      "create-notebook-instance",
      "stop-notebook-instance",
      "delete-notebook-instance",
    ]);
  });

  test("a script that comes by stdin does not take its own last line for the answer", async () => {
    const name = "exit";
    await seedMoto(moto().url, fleetOf([{ name, directInternetAccess: "Enabled" }]));
    await scripts.calls();
    const SCRIPT = await scriptFor([arnOf(name)]);
    const { code, stderr } = await scripts.run('bash <<<"$SCRIPT"', {
      keys,
      url: moto().url,
      env: { SCRIPT },
    });
    expect(stderr).toContain("NOT FINISHED: exit was not deleted.");
    expect(code).toBe(1);
    expect(changing(await scripts.calls())).toEqual(["create-notebook-instance"]);
  });

  test("a script that comes by stdin does not take itself for the answer", async () => {
    const script = await scriptFor([FRAUD]);
    const { code } = await scripts.run('exec bash -s <<<"$SCRIPT"', {
      keys,
      url: moto().url,
      env: { SCRIPT: script },
    });
    expect(code).toBe(1);
    expect(changing(await scripts.calls())).toEqual(["create-notebook-instance"]);
  });
});

test.each([
  "get-caller-identity",
  "create-notebook-instance",
  "describe-notebook-instance",
  "notebook-instance-deleted",
])("Ctrl-C during %s ends the run, and the next plan is not begun", async (operation) => {
  const script = await scriptFor([FRAUD, ASLEEP]);
  const { code, stdout } = await run(script, {
    env: { AWS_CLI_INTERRUPTED_AT: operation },
    input: "Fraud-Model\nasleep\n",
  });
  expect(code).toBe(130);
  expect(stdout).not.toContain("== notebook instance asleep");
  expect((await scripts.calls()).at(-1)).toContain(operation);
});

test("an error that only names what is missing is none that says so", async () => {
  const { code, stderr } = await run(await scriptFor([FRAUD]), {
    env: {
      AWS_CLI_FAILS: "describe-notebook-instance",
      AWS_CLI_FAILURE: "no RecordNotFound, no ResourceNotFound",
    },
  });
  expect(code).toBe(1);
  expect(stderr).toContain("aws sagemaker describe-notebook-instance was refused");
  expect(changing(await scripts.calls())).toEqual([]);
});

test("credentials of another account are refused before anything is asked of SageMaker", async () => {
  const { code, stderr } = await run(await scriptFor([FRAUD]), { env: YES, keys: await keysOf(OTHER) });
  expect(code).toBe(2);
  expect(stderr).toContain(
    `these credentials are of account ${OTHER}; this plan is for account ${ACCOUNT}. Nothing was done.`,
  );
  expect((await scripts.calls()).map(([service]) => service)).toEqual(["sts"]);
});

test("a plan that fails does not keep the next from being carried out, and is told", async () => {
  const script = await scriptFor([FRAUD, ASLEEP]);
  const { code, stdout } = await run(script, {
    env: { AWS_CLI_FAILS: "stop-notebook-instance" },
    input: TYPED,
  });
  expect(code).toBe(1);
  expect(stdout).toMatch(/FAILED \(\d+\) {4}notebook instance Fraud-Model/);
  expect(stdout).toContain("done          notebook instance asleep");
  expect((await scanned()).names).toEqual([
    "Fraud-Model violation",
    "Fraud-Model-vpc compliant",
    "asleep-vpc compliant",
    "good compliant",
  ]);
});

describe("what bears the replacement's name and is not it keeps the old instance from being deleted", () => {
  const role = `arn:aws:iam::${ACCOUNT}:role/NotebookExecution`;
  const replacement = {
    name: "Fraud-Model-vpc",
    directInternetAccess: "Disabled",
    subnetId: "subnet-11111111",
    securityGroups: ["sg-33333333", "sg-22222222"],
    roleArn: role,
    volumeSizeInGB: 5,
    tags: { "awsscan:replaces": FRAUD },
  } as const satisfies NotebookSpec;

  /** One run, with the assent, where `found` is there already. */
  async function runWith(found: NotebookSpec, changes: Partial<NotebookSpec> = {}) {
    await moto().reset();
    await seedMoto(
      moto().url,
      fleetOf([{ name: "Fraud-Model", directInternetAccess: "Enabled", roleArn: role }]),
    );
    const script = await scriptFor([FRAUD]);
    await moto().reset();
    await seedMoto(
      moto().url,
      fleetOf([{ name: "Fraud-Model", directInternetAccess: "Enabled", roleArn: role, ...changes }, found]),
    );
    await scripts.calls();
    return run(script, { env: YES });
  }

  test.each<readonly [string, Partial<NotebookSpec>, string]>([
    ["internet access", { directInternetAccess: "Enabled" }, "has DirectInternetAccess Enabled"],
    ["no tag", { tags: {} }, `has no tag awsscan:replaces that says ${FRAUD}: it may be anybody's`],
    ["another's tag", { tags: { "awsscan:replaces": `${FRAUD}2` } }, "has no tag awsscan:replaces"],
    ["another subnet", { subnetId: "subnet-44444444" }, "has subnet subnet-44444444, not subnet-11111111"],
    [
      "other groups",
      { securityGroups: ["sg-22222222"] },
      "has security groups sg-22222222, not sg-22222222,sg-33333333",
    ],
    ["another role", { roleArn: `${role}2` }, `has role ${role}2, not ${role}`],
    ["another key", { kmsKeyId: "alias/theirs" }, "has KMS key alias/theirs, not None"],
  ])("%s", async (_what, changes, why) => {
    const { code, stderr } = await runWith({ ...replacement, ...changes });
    expect(stderr).toContain(why);
    expect(code).toBe(1);
    expect(changing(await scripts.calls())).toEqual([]);
  });

  test("a volume that the old instance has outgrown", async () => {
    const { code, stderr } = await runWith(replacement, { volumeSizeInGB: 9 });
    expect(stderr).toContain("Fraud-Model-vpc has 5 GB, less than the 9 GB of Fraud-Model");
    expect(code).toBe(1);
    expect(changing(await scripts.calls())).toEqual([]);
  });

  test("and what is it lets it be deleted", async () => {
    const { code, stderr } = await runWith(replacement);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(changing(await scripts.calls())).toEqual(["stop-notebook-instance", "delete-notebook-instance"]);
  });
});

test("an instance that was changed since the plan gets no replacement after the old one", async () => {
  const script = await scriptFor([FRAUD]);
  await moto().reset();
  await seedMoto(
    moto().url,
    fleetOf([{ name: "Fraud-Model", directInternetAccess: "Enabled", volumeSizeInGB: 99 }]),
  );
  const { code, stderr } = await run(script, { env: YES });
  expect(stderr).toContain("Fraud-Model was changed since this plan was made");
  expect(stderr).toContain("99 GB. Make a new plan");
  expect(code).toBe(1);
  expect(changing(await scripts.calls())).toEqual([]);
});

test("assent to one instance is none to another, and a general yes is none at all", async () => {
  const script = await scriptFor([FRAUD]);
  await run(script);
  await scripts.calls();
  for (const env of [
    { AWSSCAN_DATA_MOVED: "asleep Fraud-Mode Fraud-Model2" },
    { ASSUME_YES: "1" },
    { AWSSCAN_DATA_MOVED: "*" },
  ]) {
    expect((await run(script, { env })).code).toBe(1);
    expect(changing(await scripts.calls())).toEqual([]);
  }
});

test("whose tags the script may not read is not changed, whatever the plan could read", async () => {
  const { code, stderr } = await run(await scriptFor([FRAUD]), {
    env: { ...YES, AWS_CLI_FAILS: "list-tags" },
  });
  expect(stderr).toContain("aws sagemaker list-tags was refused");
  expect(code).toBe(1);
  expect(changing(await scripts.calls())).toEqual([]);
});

test("an owner that the plan could not see is seen by the script", async () => {
  const source = await knownSource(keys, FRAUD);
  const script = renderCli([planFor({ ...source, tags: undefined } as typeof source, CHOICES)], place);
  await moto().reset();
  const owned = { "aws:cloudformation:stack-name": "fraud" };
  await seedMoto(
    moto().url,
    fleetOf([{ name: "Fraud-Model", directInternetAccess: "Enabled", tags: owned }]),
  );
  const { code, stderr } = await run(script, { env: YES });
  expect(stderr).toContain("another tool owns it: aws:cloudformation:stack-name");
  expect(code).toBe(1);
  expect(changing(await scripts.calls())).toEqual([]);
});

test("parameters that nobody knows are asked for before AWS is", async () => {
  const source = await knownSource(keys, FRAUD);
  const unattached = { ...source, subnetId: undefined, securityGroupIds: [] } as typeof source;
  const script = renderCli([planFor(unattached)], place);
  const { code, stderr } = await run(script, { env: YES });
  expect(code).toBe(2);
  expect(stderr).toContain("SUBNET_ID: A subnet of your VPC");
  expect(await scripts.calls()).toEqual([]);
  const env = { SUBNET_ID: "subnet-11111111", SECURITY_GROUP_IDS: "sg-33333333, sg-22222222" };
  expect((await run(script, { env, input: TYPED })).code).toBe(0);
  expect(await knownSource(keys, `${FRAUD}-vpc`)).toMatchObject({
    subnetId: "subnet-11111111",
    securityGroupIds: ["sg-33333333", "sg-22222222"],
  });
});

test("every setting passes the AWS CLI's own models, and what a stack owns waits for its owner's word", async () => {
  const kmsKeyId = `arn:aws:kms:${REGION}:${ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
  // The source as it is in moto must be the plan's, or the script asks for another plan.
  await seedMoto(
    moto().url,
    fleetOf([{ name: "Full", directInternetAccess: "Enabled", kmsKeyId, volumeSizeInGB: 50 }]),
  );
  const source = await knownSource(keys, arnOf("Full"));
  await scripts.calls();
  const full = {
    ...source,
    platformIdentifier: "notebook-al2023-v1",
    lifecycleConfigName: "install-tools",
    rootAccess: "Disabled",
    minimumInstanceMetadataServiceVersion: "2",
    ipAddressType: "dualstack",
    defaultCodeRepository: "https://git.example/fraud.git",
    additionalCodeRepositories: ["shared-code", "https://git.example/more.git"],
    tags: [{ key: "aws:cloudformation:stack-name", value: "fraud" }],
  } as typeof source;
  const script = renderCli([planFor(full, CHOICES)], place);
  const refused = await run(script, { env: YES });
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain("The CloudFormation stack fraud owns it");
  expect(changing(await scripts.calls())).toEqual([]);
  const { code } = await run(script, { env: { CHANGE_OWNED: "1" }, input: "Full\n" });
  expect(code).toBe(0);
  // moto keeps no platform, address type and version of the metadata service.
  expect(await knownSource(keys, arnOf("Full-vpc"))).toMatchObject({
    volumeSizeInGB: 50,
    kmsKeyId,
    lifecycleConfigName: "install-tools",
    rootAccess: "Disabled",
    defaultCodeRepository: "https://git.example/fraud.git",
    additionalCodeRepositories: ["shared-code", "https://git.example/more.git"],
    tags: [{ key: "awsscan:replaces", value: arnOf("Full") }],
  });
  const create = (await scripts.calls()).find((call) => call.includes("create-notebook-instance")) ?? [];
  expect(create.join(" ")).toContain("--platform-identifier notebook-al2023-v1");
  expect(create.join(" ")).toContain(
    "--instance-metadata-service-configuration MinimumInstanceMetadataServiceVersion=2 --ip-address-type dualstack",
  );
});
