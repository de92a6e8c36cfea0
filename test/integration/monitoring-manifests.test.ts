import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, it } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { prometheusOperatorCrds } from "../../tools/prometheus-operator/crds.ts";
import { applyYaml, kubectl, sharedCluster, useNamespace } from "../support/cluster.ts";
import { applyCrds } from "../support/cluster-crds.ts";

const DEPLOY = fileURLToPath(new URL("../../deploy/", import.meta.url));
const namespace = useNamespace();

beforeAll(async () => {
  await applyCrds(sharedCluster(), await prometheusOperatorCrds());
});

/** Objects in the test's own namespace, whatever theirs is. */
function here(yaml: string): string {
  return yaml.replaceAll(/^( {2}namespace: ).*$/gm, `$1${namespace}`);
}

it("Prometheus Operator's API takes the rules and the ServiceMonitor, field by field", async () => {
  const { stdout } = await kubectl(["kustomize", `${DEPLOY}prometheus`]);
  await applyYaml(here(stdout));
  const { stdout: rules } = await kubectl(["get", "prometheusrules", "-n", namespace, "-o", "name"]);
  expect(rules).toContain("aws-account-scan-operator");
});

it("it takes the sample of a team's routing, and would not take a field that it does not know", async () => {
  const sample = here(await readFile(`${DEPLOY}alertmanager/tenant-alertmanagerconfig.yaml`, "utf8"));
  await applyYaml(sample);
  await expect(applyYaml(sample.replace("groupWait:", "groupWaits:"))).rejects.toThrow("groupWaits");
});

it("the ServiceMonitor finds the operator's Service and its port, ready or not", async () => {
  const monitor = parse(await readFile(`${DEPLOY}prometheus/servicemonitor.yaml`, "utf8"));
  const objects = parseAllDocuments(await readFile(`${DEPLOY}operator.yaml`, "utf8")).map((document) =>
    document.toJS(),
  );
  const service = objects.find(({ kind }) => kind === "Service");
  expect(service.metadata.labels).toMatchObject(monitor.spec.selector.matchLabels);
  expect(service.metadata.namespace).toBe(monitor.metadata.namespace);
  expect(service.spec.publishNotReadyAddresses).toBe(true);
  const [{ port, honorLabels }] = monitor.spec.endpoints;
  expect(service.spec.ports).toContainEqual(expect.objectContaining({ name: port }));
  expect(honorLabels).toBe(true);
});
