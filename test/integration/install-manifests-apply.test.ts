/** What `deploy` holds, put into a cluster as users do it, with the restricted Pod Security Standard enforced. */
import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, it } from "vitest";
import { INSTALL_YAML, kustomize } from "../../tools/generate-deploy/files.ts";
import { prometheusOperatorCrds } from "../../tools/prometheus-operator/crds.ts";
import { type Manifest, manifestsIn, only } from "../support/chart.ts";
import { eventually, kubectl, ownControlPlane, tryKubectl } from "../support/cluster.ts";
import { applyCrds } from "../support/cluster-crds.ts";
import { kustomizedSample, OPERATOR_COMPONENTS, withComponents } from "../support/kustomize.ts";

// Without our CRDs: what is installed brings them. One after the other, as one cluster lives through them.
const cluster = ownControlPlane({ crds: false });
const admin = () => ({ kubeconfig: cluster().adminKubeconfigPath });

const DEPLOY = fileURLToPath(new URL(".", INSTALL_YAML));
const INSTALL = fileURLToPath(INSTALL_YAML);
const SAMPLES = `${DEPLOY}samples`;
const STRICT = ["apply", "--validate=strict"];
const SERVER_SIDE = [...STRICT, "--server-side"];
const NOTHING_SAID = { code: 0, stderr: "" };

interface Deployment extends Manifest {
  readonly spec: { readonly template: { readonly metadata: object; readonly spec: object } };
}

beforeAll(async () => applyCrds(cluster(), await prometheusOperatorCrds()));

/** kubectl's code, and its warnings: of fields, of deprecations, of Pod Security. */
async function told(args: readonly string[], input?: string) {
  const { code, stderr } = await tryKubectl(args, { ...admin(), input });
  return { code, stderr };
}

/** As the Deployment's controller would create it. */
function createPod({ metadata, spec: { template } }: Deployment, overrides: object = {}) {
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { ...template.metadata, name: "pod", namespace: metadata.namespace },
    spec: { ...template.spec, ...overrides },
  };
  return told(["create", "--dry-run=server", "--filename=-"], JSON.stringify(pod));
}

it("kubectl apply --server-side takes install.yaml at once, as it is", async () => {
  expect(await told([...SERVER_SIDE, `--filename=${INSTALL}`])).toEqual(NOTHING_SAID);
  const { stdout } = await kubectl(["get", `--filename=${INSTALL}`, "--output=json"], admin());
  const { items } = JSON.parse(stdout) as { items: Manifest[] };
  expect(items).toMatchObject(manifestsIn(await kustomize(DEPLOY)));
});

it("the namespace warns of a Deployment whose pods it would refuse", async () => {
  const patch = JSON.stringify({ spec: { template: { spec: { hostNetwork: true } } } });
  const command = ["patch", "deployment", "aws-account-scan-operator", "-n=aws-account-scan-system"];
  expect(await told([...command, "--dry-run=server", `--patch=${patch}`])).toEqual({
    code: 0,
    stderr: expect.stringContaining("would violate PodSecurity"),
  });
});

it.each([
  { what: "install.yaml again", yaml: () => readFile(INSTALL_YAML, "utf8") },
  { what: "deploy with all components", yaml: () => withComponents(...OPERATOR_COMPONENTS) },
  { what: "the sample of an installation", yaml: () => kustomizedSample("operator") },
])("the API server takes $what, and admits the pod", async ({ yaml }) => {
  const made = await yaml();
  expect(await told([...SERVER_SIDE, "--filename=-"], made)).toEqual(NOTHING_SAID);
  const deployment = only<Deployment>(manifestsIn(made), "Deployment");
  expect(await createPod(deployment)).toEqual(NOTHING_SAID);
  // Were nothing enforced, this would be let in too.
  expect(await createPod(deployment, { hostNetwork: true })).toEqual({
    code: 1,
    stderr: expect.stringContaining('violates PodSecurity "restricted:latest"'),
  });
});

it("the API server takes every sample", async () => {
  for (const namespace of ["compliance", "team-a"])
    await kubectl(["create", "namespace", namespace], admin());
  const { stdout } = await kubectl([...SERVER_SIDE, `--filename=${SAMPLES}`, "--output=name"], admin());
  const files = (await readdir(SAMPLES)).filter((name) => name.endsWith(".yaml"));
  expect(stdout.match(/^awsaccountscan\./gm)).toHaveLength(files.length);
});

it("the sample of a tenant lets the operator become its one ServiceAccount, and no other", async () => {
  expect(await told([...SERVER_SIDE, "--filename=-"], await kustomizedSample("tenant"))).toEqual(
    NOTHING_SAID,
  );
  const may = async (serviceAccount: string) => {
    const as = "--as=system:serviceaccount:security:aws-account-scan-operator";
    const token = ["create", `serviceaccounts/${serviceAccount}`, "--subresource=token"];
    const { stdout } = await tryKubectl(["auth", "can-i", ...token, as, "--namespace=team-a"], admin());
    return stdout.trim();
  };
  // The authorizer learns of roles by a watch, a moment after they were written.
  await eventually(async () => expect(await may("account-scans")).toBe("yes"));
  expect(await may("default")).toBe("no");
});

it("kubectl apply without --server-side has room in its annotation, and --force-conflicts ends it for good", async () => {
  const made = (await kustomizedSample("operator")).replaceAll(": security", ": client-side");
  const { code, stderr } = await told([...STRICT, "--filename=-"], made);
  // What was there before, which is not the namespace's.
  const other = stderr
    .split("\n")
    .filter((line) => !line.includes("is missing the kubectl.kubernetes.io/last"));
  expect({ code, other }).toEqual({ code: 0, other: [""] });

  const changed = made.replace(/team\/aws-account-scan-operator:.*/, "team/aws-account-scan-operator:next");
  expect(await told([...SERVER_SIDE, "--filename=-"], changed)).toMatchObject({ code: 1 });
  expect(await told([...SERVER_SIDE, "--force-conflicts", "--filename=-"], made)).toEqual(NOTHING_SAID);
  expect(await told([...SERVER_SIDE, "--filename=-"], changed)).toEqual(NOTHING_SAID);
});
