/** Scripts that find resources in states that neither moto nor the simulator brings about. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fakeAws, loggedCalls } from "../../test/support/fake-aws.ts";
import { domainSource, notebookSource, PLACE } from "../../test/support/remediation.ts";
import { renderCli } from "./cli.ts";
import type { RemediationSource } from "./plan.ts";
import { planFor } from "./planner.ts";

const CHOICES = { subnetId: "subnet-1111", securityGroupIds: ["sg-2222", "sg-3333"] };
const NAME = notebookSource().name;

let log = "";
beforeEach(() => {
  log = mkdtempSync(join(tmpdir(), "states-"));
});
afterEach(() => rmSync(log, { recursive: true }));

/** One run; what it changed, and what it said. */
function run(source: RemediationSource, env: Readonly<Record<string, string>>, isReplaced = true) {
  if (isReplaced) writeFileSync(join(log, "created"), "");
  const script = join(log, "plan.sh");
  writeFileSync(script, renderCli([planFor(source, CHOICES)], PLACE));
  const { status, stdout, stderr } = spawnSync(
    "bash",
    ["-c", `${fakeAws(notebookSource(), CHOICES)}; bash "$LOG/plan.sh"`],
    {
      encoding: "utf8",
      input: env["TYPED"] ?? "",
      env: { PATH: process.env["PATH"], HOME: log, LOG: log, ...env },
    },
  );
  const changes = loggedCalls(log)
    .map(([, operation = ""]) => operation)
    .filter((operation) => /^(create|stop|delete|update|start)-/.test(operation));
  return { status, stdout, stderr, changes };
}

const MOVED = { AWSSCAN_DATA_MOVED: NAME };
const DELETED = ["stop-notebook-instance", "delete-notebook-instance"];

describe("a replacement that is", () => {
  it.each([
    ["Failed", "the replacement Fraud-Model-vpc failed:"],
    ["Deleting", "the replacement Fraud-Model-vpc is being deleted"],
  ])("%s keeps the old instance from being deleted", (REPLACEMENT_STATUS, why) => {
    const { status, stderr, changes } = run(notebookSource(), { ...MOVED, REPLACEMENT_STATUS });
    expect(stderr).toContain(why);
    expect({ status, changes }).toEqual({ status: 1, changes: [] });
  });

  it.each(["Pending", "Updating"])("%s is waited for", (REPLACEMENT_STATUS) => {
    const { status, stdout, changes } = run(notebookSource(), { ...MOVED, REPLACEMENT_STATUS });
    expect(stdout).toContain("Waiting until Fraud-Model-vpc is InService");
    expect({ status, changes }).toEqual({ status: 0, changes: DELETED });
  });

  it("Stopped is as good as InService: its data lie on its volume", () => {
    const { status, changes } = run(notebookSource(), { ...MOVED, REPLACEMENT_STATUS: "Stopped" });
    expect({ status, changes }).toEqual({ status: 0, changes: DELETED });
  });
});

describe("an old instance that is", () => {
  it("Deleting without a replacement gets none", () => {
    const { status, stderr, changes } = run(notebookSource(), { ...MOVED, SOURCE_STATUS: "Deleting" }, false);
    expect(stderr).toContain("Fraud-Model is being deleted, and was not replaced");
    expect({ status, changes }).toEqual({ status: 1, changes: [] });
  });

  it.each(["Pending", "Updating"])("%s is left for later", (SOURCE_STATUS) => {
    const { status, stderr, changes } = run(notebookSource(), { ...MOVED, SOURCE_STATUS });
    expect(stderr).toContain(`Fraud-Model is ${SOURCE_STATUS} and cannot be deleted now`);
    expect({ status, changes }).toEqual({ status: 1, changes: [] });
  });
});

describe("nothing is deleted where", () => {
  it("the old instance was made after its replacement: its data cannot be there", () => {
    const made = { SOURCE_CREATED: "2026-03-01T00:00:00+00:00" };
    const { status, stderr, changes } = run(notebookSource(), { ...MOVED, ...made });
    expect(stderr).toMatch(/was created .* after Fraud-Model-vpc/);
    expect({ status, changes }).toEqual({ status: 1, changes: [] });
  });

  it.each(["Failed", "InService"])(
    "an old instance that was being deleted is %s again, and nobody was asked",
    (later) => {
      const states = { SOURCE_STATUS: "Deleting", REPLACEMENT_STATUS: "Pending", SOURCE_LATER: later };
      const { status, stderr, changes } = run(notebookSource(), states);
      expect(stderr).toContain(`is not being deleted any more: it is ${later}`);
      expect({ status, changes }).toEqual({ status: 1, changes: [] });
    },
  );

  it("the replacement vanishes while the old instance stops", () => {
    const { status, stderr, changes } = run(notebookSource(), { ...MOVED, LOST_BY_STOP: "1" });
    expect(stderr).toContain("the replacement Fraud-Model-vpc does not exist");
    expect({ status, changes }).toEqual({ status: 1, changes: ["stop-notebook-instance"] });
  });
});

describe("a list that is given by the environment", () => {
  const groups = (SECURITY_GROUP_IDS: string) => {
    const script = renderCli([planFor(notebookSource(), { subnetId: "subnet-1111" })], PLACE);
    writeFileSync(join(log, "plan.sh"), script);
    const { status, stderr } = spawnSync(
      "bash",
      ["-c", `${fakeAws(notebookSource(), CHOICES)}; bash "$LOG/plan.sh"`],
      {
        encoding: "utf8",
        input: "",
        env: { PATH: process.env["PATH"], HOME: log, LOG: log, SECURITY_GROUP_IDS },
      },
    );
    return { status, stderr };
  };
  const created = () => {
    const call = loggedCalls(log).find(([, operation]) => operation === "create-notebook-instance") ?? [];
    const at = call.indexOf("--security-group-ids");
    return call.slice(at + 1, at + 3);
  };

  it.each(["sg-2222,sg-3333", "sg-2222 sg-3333", "sg-2222\nsg-3333", " sg-2222,, sg-3333\n"])(
    "is read whole: %j",
    (text) => {
      groups(text);
      expect(created()).toEqual(["sg-2222", "sg-3333"]);
    },
  );

  it.each([",", " ", "\n"])("is missing where it is %j", (text) => {
    const { status, stderr } = groups(text);
    expect(stderr).toContain("SECURITY_GROUP_IDS");
    expect(status).toBe(2);
  });
});

describe("a stopped instance of a retired platform", () => {
  const al1 = notebookSource({ platformIdentifier: "notebook-al1-v1", status: "Stopped" });
  const env = { SOURCE_STATUS: "Stopped", ACCEPTED_PLATFORM_IDENTIFIER: "notebook-al2023-v1" };

  it("that AWS starts no more is deleted for no assent but that its data are lost", () => {
    for (const assent of [MOVED, { TYPED: `${NAME}\n` }]) {
      const { status, stderr, changes } = run(al1, { ...env, ...assent });
      expect(stderr).toContain("Only AWS Support can reach its data");
      expect({ status, changes }).toEqual({ status: 1, changes: [] });
    }
  });

  it.each([{ TYPED: `lose ${NAME}\n` }, { AWSSCAN_DATA_LOST: NAME }])("is deleted for %j", (assent) => {
    const { status, changes } = run(al1, { ...env, ...assent });
    expect({ status, changes }).toEqual({ status: 0, changes: ["delete-notebook-instance"] });
  });

  it("is brought to another platform first, where AWS allows that", () => {
    const al2 = notebookSource({ platformIdentifier: "notebook-al2-v3", status: "Stopped" });
    const { stdout } = run(al2, env);
    expect(stdout).toMatch(
      /update-notebook-instance .*--platform-identifier notebook-al2023-v1\n.*\n.*start-notebook-/,
    );
    expect(stdout).not.toContain("start it first");
  });
});

it("a domain whose update failed is told with the reason", () => {
  const { status, stderr, changes } = run(domainSource(), { DOMAIN_STATUS: "Update_Failed" });
  expect(stderr).toContain("the update of the domain d-abcdef012345 failed:");
  expect({ status, changes }).toEqual({ status: 1, changes: ["update-domain"] });
});
