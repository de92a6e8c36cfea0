import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { INSTALL_YAML } from "../../tools/generate-deploy/files.ts";
import { writeSchemas } from "../../tools/kubeconform/folder.ts";
import { kubeconform, prepareKubeconform, type Verdict } from "../../tools/kubeconform/kubeconform.ts";
import { prometheusOperatorCrds } from "../../tools/prometheus-operator/crds.ts";
import { tryRender, useHelm } from "../support/chart.ts";
import { kubectl } from "../support/cluster.ts";
import {
  componentNames,
  kustomizedSample,
  OPERATOR_COMPONENTS,
  withComponents,
} from "../support/kustomize.ts";
import { VARIANTS } from "./chart/variants.ts";
import { readManifests } from "./manifests/corpus.ts";

useHelm();

const DEPLOY = new URL("../../deploy/", import.meta.url);
const components = await componentNames();
const samples = await readManifests(new URL("samples/", DEPLOY));

/** What we ship or make users make, each as YAML, by what it is. */
const SHIPPED: Readonly<Record<string, () => Promise<string>>> = {
  "deploy/install.yaml": () => readFile(INSTALL_YAML, "utf8"),
  "deploy with all components": () => withComponents(...OPERATOR_COMPONENTS),
  "the sample of an installation": () => kustomizedSample("operator"),
  "the sample of a tenant": () => kustomizedSample("tenant"),
  "a tenant's Alertmanager": () =>
    readFile(new URL("alertmanager/tenant-alertmanagerconfig.yaml", DEPLOY), "utf8"),
  ...Object.fromEntries(components.map((name) => [`component ${name}`, () => withComponents(name)])),
  ...Object.fromEntries(samples.map(({ name, yaml }) => [`sample ${name}`, () => Promise.resolve(yaml)])),
  ...Object.fromEntries(
    VARIANTS.map(({ name, values }) => [`chart with ${name}`, async () => (await tryRender(values)).stdout]),
  ),
};

/** Of a manifest that is good but for this. */
const WRONG: readonly { what: string; of: string; right: string; wrong: string; says: RegExp }[] = [
  {
    what: "a misspelt field of a Deployment",
    of: "deploy/install.yaml",
    right: "readOnlyRootFilesystem:",
    wrong: "readOnlyRootFileSystem:",
    says: /containers\/0\/securityContext.*readOnlyRootFileSystem/,
  },
  {
    what: "a misspelt label of a Deployment's pod",
    of: "deploy/install.yaml",
    right: "    metadata:\n      labels:",
    wrong: "    metadata:\n      lables:",
    says: /template\/metadata.*lables/,
  },
  {
    what: "a number as text",
    of: "deploy/install.yaml",
    right: "replicas: 1",
    wrong: 'replicas: "1"',
    says: /replicas.*got string, want integer/,
  },
  {
    what: "a field that is there twice",
    of: "deploy/install.yaml",
    right: "  replicas: 1\n",
    wrong: "  replicas: 1\n  replicas: 1\n",
    says: /"replicas" already set/,
  },
  {
    what: "a misspelt field of a Role",
    of: "sample tenant",
    right: "resourceNames:",
    wrong: "resourceName:",
    says: /rules\/0.*resourceName/,
  },
  {
    what: "a misspelt field of a NetworkPolicy",
    of: "component network-policy",
    right: "except:",
    wrong: "excepts:",
    says: /ipBlock.*excepts/,
  },
  {
    what: "a misspelt field of a ServiceMonitor",
    of: "component monitoring",
    right: "honorLabels:",
    wrong: "honourLabels:",
    says: /endpoints\/0.*honourLabels/,
  },
  {
    what: "a misspelt field of an AwsAccountScan",
    of: "sample nightly",
    right: "timeZone:",
    wrong: "timezone:",
    says: /spec.*timezone/,
  },
  {
    what: "a misspelt field of an AwsAccountScan's metadata",
    of: "sample minimal",
    right: "metadata:\n",
    wrong: "metadata:\n  annotation: {}\n",
    says: /metadata.*annotation/,
  },
  {
    what: "a kind that is none",
    of: "sample minimal",
    right: "kind: AwsAccountScan",
    wrong: "kind: AwsAccountsScan",
    says: /could not find schema for AwsAccountsScan/,
  },
];

let folder: string;
let verdicts: ReadonlyMap<string, readonly Verdict[]>;

// One run of kubeconform for everything.
beforeAll(async () => {
  await prepareKubeconform();
  folder = await mkdtemp(join(tmpdir(), "kubeconform-"));
  const schemas = join(folder, "schemas");
  const manifests = join(folder, "manifests");
  await Promise.all([schemas, manifests].map((path) => mkdir(path)));
  const { stdout } = await kubectl(["get", "--raw=/openapi/v2"]);
  const ours = fileURLToPath(new URL("crds", DEPLOY));
  await writeSchemas(schemas, JSON.parse(stdout), [ours, await prometheusOperatorCrds()]);

  const files = new Map<string, string>();
  for (const [name, yaml] of Object.entries(SHIPPED)) files.set(name, await yaml());
  for (const { what, of, right, wrong } of WRONG) {
    files.set(what, (files.get(of) ?? "").replace(right, wrong));
  }
  const paths = new Map<string, string>();
  for (const [name, yaml] of files) {
    const path = join(manifests, `${paths.size}.yaml`);
    await writeFile(path, yaml);
    paths.set(path, name);
  }
  const all = await kubeconform(schemas, [manifests]);
  verdicts = Map.groupBy(all, ({ filename }) => paths.get(filename) ?? filename);
}, 900_000);

afterAll(() => rm(folder, { recursive: true }));

const complaints = (name: string) => verdicts.get(name)?.filter(({ status }) => status !== "statusValid");

describe("kubeconform -strict", () => {
  it.each(Object.keys(SHIPPED))("is content with %s", (name) => {
    expect(complaints(name)).toEqual([]);
  });

  it.each(WRONG)("refuses $what", ({ what, says }) => {
    expect(complaints(what)).toEqual([expect.objectContaining({ msg: expect.stringMatching(says) })]);
  });

  it("has looked at every object", () => {
    const install = verdicts.get("deploy/install.yaml")?.map(({ kind }) => kind);
    expect(install).toEqual(
      expect.arrayContaining(["CustomResourceDefinition", "Deployment", "ClusterRole"]),
    );
    expect(verdicts.get("component monitoring")).toHaveLength((install?.length ?? 0) + 2);
  });
});
