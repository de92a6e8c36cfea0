import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Environment } from "@marcbachmann/cel-js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import type { AwsAccountScan } from "../../src/api/generated/awsaccountscan.ts";
import { blocksOf } from "../../tools/docs/blocks.ts";
import { runOrThrow } from "../../tools/machine/command.ts";
import { type GoProgram, goProgram } from "../../tools/machine/go-program.ts";
import { useNamespace } from "../support/cluster.ts";
import { fluxFailures } from "../support/flux-consistency.ts";
import { ACCOUNT, onePlace, PLACE } from "../support/monitoring-fleet.ts";
import { condition, scansIn, settled } from "../support/scans.ts";
import { useStack } from "../support/stack.ts";

/** The interpreter that Argo CD embeds. */
const GLUA: GoProgram = {
  name: "glua",
  module: "github.com/yuin/gopher-lua",
  version: "v1.1.2",
  package: "cmd/glua",
  takes: "seconds",
};
const HEALTH = new URL("../../deploy/argocd/health.lua", import.meta.url);
const PAGE = new URL("../../docs/gitops.md", import.meta.url);

const stack = useStack({
  fleet: (namespace) =>
    onePlace(namespace, { notebooks: [{ name: "open", directInternetAccess: "Enabled" }] }),
});
// No operator watches it.
const unwatched = useNamespace({ prefix: "unwatched" });

let folder = "";
let glua = "";
/** The scans by the state that they are in, as a real API server has them. */
const states = new Map<string, AwsAccountScan>();

beforeAll(async () => {
  glua = await goProgram(GLUA);
  folder = await mkdtemp(join(tmpdir(), "health-"));
  const { scans, serviceAccount, aws } = stack();
  await serviceAccount("scanner", `arn:aws:iam::${ACCOUNT}:role/Hub`);
  const spec = { credentials: { serviceAccountName: "scanner" }, interval: "24h" };
  await scans.apply({ name: "violating", spec });
  await scans.until("violating", "scanned", settled);
  await scans.apply({ name: "stalled", spec: { ...spec, credentials: { serviceAccountName: "nobody" } } });
  await scans.apply({ name: "suspended-from-the-start", spec: { ...spec, suspend: true } });
  await scans.apply({ name: "suspended", spec });
  await scans.until("suspended", "scanned", settled);
  await scans.apply({ name: "suspended", spec: { ...spec, suspend: true } });
  // Whatever is scanned from here on reads nothing.
  await aws.setFaults({ ...PLACE, service: "sagemaker", kind: "deny" });
  await scans.apply({ name: "failed", spec });
  const until = async (name: string, type: string, status: string, reason?: string) =>
    states.set(
      name,
      await scans.until(name, `${type} ${status}`, (scan) => {
        expect(condition(scan, type)).toMatchObject(reason === undefined ? { status } : { status, reason });
        expect(condition(scan, type).observedGeneration).toBe(scan.metadata.generation);
      }),
    );
  await until("violating", "Ready", "True");
  await until("stalled", "Stalled", "True");
  await until("suspended-from-the-start", "Ready", "Unknown", "Suspended");
  await until("suspended", "Ready", "True", "Suspended");
  await until("failed", "Ready", "False", "ScanFailed");
  const untouched = scansIn(unwatched);
  await untouched.apply({ name: "unseen" });
  states.set("unseen", await untouched.get("unseen"));
  // As it is between the change of a spec and the operator's next word.
  const violating = state("violating");
  const generation = (violating.metadata.generation ?? 0) + 1;
  states.set("changed", { ...violating, metadata: { ...violating.metadata, generation } });
}, 300_000);
afterAll(() => rm(folder, { recursive: true }));

function state(name: string): AwsAccountScan {
  const found = states.get(name);
  if (found === undefined) throw new Error(`no scan is ${name}`);
  return found;
}

/** A JSON value as Lua writes it. */
function lua(value: unknown): string {
  if (Array.isArray(value)) return `{${value.map(lua).join(", ")}}`;
  if (typeof value === "object" && value !== null) {
    return `{${Object.entries(value)
      .map(([key, entry]) => `[${lua(key)}] = ${lua(entry)}`)
      .join(", ")}}`;
  }
  // JSON's escapes are Lua's, but for those of code points.
  return value === null || value === undefined ? "nil" : JSON.stringify(value).replaceAll("\\u", "\\\\u");
}

/** What Argo CD would say of the scan: it runs the script with `obj`, and takes the table that it returns. */
async function healthOf(scan: AwsAccountScan): Promise<{ status: string; message: string }> {
  const script = join(folder, "run.lua");
  const health = await readFile(HEALTH, "utf8");
  const call = `obj = ${lua(scan)}\nlocal hs = (function()\n${health}\nend)()\nprint(hs.status)\nprint(hs.message)\n`;
  await writeFile(script, call);
  const [status = "", message = ""] = (await runOrThrow(glua, [script])).split("\n");
  return { status, message };
}

const yamlBlocks = async () =>
  blocksOf("docs/gitops.md", await readFile(PAGE, "utf8")).filter(({ language }) => language === "yaml");

describe("Argo CD's health", () => {
  it.each([
    ["violating", "Healthy", /1 of 1 resources violate/],
    ["stalled", "Degraded", /ServiceAccount .*nobody/],
    ["failed", "Degraded", /Nothing could be scanned/],
    ["suspended", "Suspended", /spec.suspend is true; the result is of/],
    ["suspended-from-the-start", "Suspended", /there is no result yet/],
    ["unseen", "Progressing", /Waiting for the operator/],
    ["changed", "Progressing", /Waiting for the operator/],
  ])("of a scan that is %s is %s", async (name, status, message) => {
    const health = await healthOf(state(name));
    expect(health.status).toBe(status);
    expect(health.message).toMatch(message);
  });

  it("is in docs/gitops.md as it is in deploy/argocd/health.lua", async () => {
    const block = (await yamlBlocks()).find(({ text }) => text.includes("argocd-cm"));
    const { data } = parse(block?.text ?? "") as { data: Record<string, string> };
    expect(data["resource.customizations.health.awsaccountscan.dev_AwsAccountScan"]).toBe(
      await readFile(HEALTH, "utf8"),
    );
  });
});

/** kstatus of a custom resource: github.com/kubernetes-sigs/cli-utils, pkg/kstatus/status. */
function kstatusOf({ metadata, status }: AwsAccountScan): string {
  const is = (type: string) => status?.conditions?.find((candidate) => candidate.type === type)?.status;
  if (status?.observedGeneration !== undefined && status.observedGeneration !== metadata.generation)
    return "InProgress";
  if (is("Reconciling") === "True") return "InProgress";
  if (is("Stalled") === "True") return "Failed";
  return is("Ready") === undefined || is("Ready") === "True" ? "Current" : "InProgress";
}

interface HealthCheck {
  readonly inProgress: string;
  readonly failed: string;
  readonly current: string;
}

/** As Flux evaluates them: in this order, over the fields of the object. */
function byExpressions(check: HealthCheck, { metadata, spec, status = {} }: AwsAccountScan): string {
  const cel = new Environment({ unlistedVariablesAreDyn: true });
  const holds = (expression: string) => cel.evaluate(expression, { metadata, spec, status }) === true;
  if (holds(check.inProgress)) return "InProgress";
  if (holds(check.failed)) return "Failed";
  return holds(check.current) ? "Current" : "InProgress";
}

describe("Flux's health", () => {
  const expected = [
    { name: "violating", plain: "Current", checked: "Current" },
    { name: "stalled", plain: "Failed", checked: "Failed" },
    { name: "failed", plain: "InProgress", checked: "Failed" },
    { name: "suspended", plain: "Current", checked: "Current" },
    { name: "suspended-from-the-start", plain: "InProgress", checked: "Current" },
    { name: "changed", plain: "InProgress", checked: "InProgress" },
    // To kstatus, what has no status needs nobody.
    { name: "unseen", plain: "Current", checked: "InProgress" },
  ];

  it.each(expected)(
    "of a scan that is $name is $plain, and $checked with the page's expressions",
    async (row) => {
      const scan = state(row.name);
      const documents = (await yamlBlocks()).flatMap(({ text }) =>
        parseAllDocuments(text).map((d) => d.toJS() as object),
      );
      const kustomization = documents.find(
        (document) => "kind" in document && document.kind === "Kustomization",
      );
      const { spec } = kustomization as { spec: { healthCheckExprs: readonly [HealthCheck] } };
      expect(kstatusOf(scan)).toBe(row.plain);
      expect(byExpressions(spec.healthCheckExprs[0], scan)).toBe(row.checked);
    },
  );

  it.each(["violating", "stalled", "failed", "suspended"])(
    "finds nothing wrong with the conditions of %s",
    (name) => {
      const { metadata, status } = state(name);
      const { observedGeneration = 0, conditions = [] } = status ?? {};
      expect(fluxFailures({ generation: metadata.generation ?? 0, observedGeneration, conditions })).toEqual(
        [],
      );
    },
  );
});
