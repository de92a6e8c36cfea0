import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import packageJson from "../../package.json" with { type: "json" };
import { addOperatorOptions } from "../../src/config/operator-options.ts";
import { LOG_LEVELS } from "../../src/log/logger.ts";
import { helm } from "../../tools/helm/helm.ts";
import {
  AS_DEPLOY,
  CHART,
  type Manifest,
  manifestsIn,
  only,
  render,
  tryRender,
  useHelm,
  type Values,
} from "../support/chart.ts";
import { VARIANTS } from "./chart/variants.ts";
import { WRONG_VALUES } from "./chart/wrong-values.ts";

useHelm();

const VERSION = packageJson.version;
const CLUSTER_WIDE = ["CustomResourceDefinition", "ClusterRole", "ClusterRoleBinding"];

interface Deployment extends Manifest {
  readonly spec: {
    readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly template: {
      readonly metadata: { readonly labels: Readonly<Record<string, string>> };
      readonly spec: {
        readonly serviceAccountName: string;
        readonly topologySpreadConstraints?: readonly object[];
        readonly containers: readonly { readonly image: string; readonly args: readonly string[] }[];
      };
    };
  };
}

describe.each(VARIANTS)("with $name", ({ values }) => {
  it("helm lint --strict is content", async () => {
    const { code, stdout } = await helm(["lint", "--strict", CHART, "--values=-"], {
      input: JSON.stringify(values),
    });
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining("0 chart(s) failed") });
  });

  it("every object says whose it is, and where it is", async () => {
    const manifests = await render(values, { release: "one", namespace: "two" });
    for (const { kind, metadata } of manifests) {
      expect(metadata.labels, kind).toMatchObject({
        "app.kubernetes.io/name": expect.stringMatching(/./),
        "app.kubernetes.io/instance": "one",
        "app.kubernetes.io/version": VERSION,
        "app.kubernetes.io/managed-by": "Helm",
        "helm.sh/chart": `aws-account-scan-operator-${VERSION}`,
        ...(values["commonLabels"] as object | undefined),
      });
      if (CLUSTER_WIDE.includes(kind)) expect(metadata.namespace).toBeUndefined();
      else expect(metadata.namespace, kind).toMatch(/^(two|default|kube-public)$/);
    }
    const identities = manifests.map(
      ({ kind, metadata: { namespace, name } }) => `${kind} ${namespace} ${name}`,
    );
    expect(new Set(identities).size).toBe(identities.length);
  });

  it("Deployment and Service select the pod, and it runs as the ServiceAccount that is bound", async () => {
    const manifests = await render(values);
    const { spec } = only<Deployment>(manifests, "Deployment");
    const service = only<Manifest & { spec: { selector: object } }>(manifests, "Service");
    expect(spec.template.metadata.labels).toMatchObject({
      ...spec.selector.matchLabels,
      ...(values["commonLabels"] as object | undefined),
    });
    expect(service.spec.selector).toEqual(spec.selector.matchLabels);
    const accounts = manifests.flatMap((manifest) =>
      manifest.kind === "ServiceAccount"
        ? [manifest.metadata.name]
        : "subjects" in manifest
          ? (manifest.subjects as { name: string }[]).map(({ name }) => name)
          : [],
    );
    for (const account of accounts) expect(account).toBe(spec.template.spec.serviceAccountName);
  });
});

describe("the operator", () => {
  it.each(VARIANTS)("takes the flags that it is given with $name", async ({ values }) => {
    const [container] = only<Deployment>(await render(values), "Deployment").spec.template.spec.containers;
    const [command, ...flags] = container?.args ?? [];
    expect(command).toBe("operator");
    const parser = addOperatorOptions(new Command())
      .exitOverride()
      .configureOutput({ writeErr: () => {} });
    parser.parse(flags, { from: "user" });
    expect(parser.args).toEqual([]);
  });

  it("has no level of logs that the chart refuses", async () => {
    for (const logLevel of LOG_LEVELS) expect(await tryRender({ logLevel })).toMatchObject({ code: 0 });
  });
});

it.each(WRONG_VALUES.map((wrong) => ({ ...wrong, text: JSON.stringify(wrong.values) })))(
  "refuses $text",
  async ({ values, says }) => {
    const { code, stderr } = await tryRender(values);
    expect(code).not.toBe(0);
    for (const part of says) expect(stderr).toContain(part);
  },
);

describe("the chart's README", async () => {
  const readme = await readFile(new URL("README.md", pathToFileURL(`${CHART}/`)), "utf8");
  const examples = [...readme.matchAll(/^([^\n]*):\n\n```yaml values\n(.*?)```/gms)].map(
    ([, what = "", yaml = ""]) => ({ what, yaml }),
  );

  it.each(examples)("has values that the chart takes: $what", async ({ yaml }) => {
    const given = parse(yaml) as Values;
    const rendered = await render(given);
    expect(rendered).not.toEqual(await render());
  });

  it("has examples", () => {
    expect(examples.length).toBe(readme.split("```yaml").length - 1);
    expect(examples.length).toBeGreaterThan(0);
  });
});

describe("beside deploy/crds", () => {
  it.each(["awsaccountscans", "awsaccountscanreports"])("renders the CRD of %s unchanged", async (plural) => {
    const file = new URL(`../../deploy/crds/${plural}.awsaccountscan.dev.yaml`, import.meta.url);
    const [crd] = manifestsIn(await readFile(file, "utf8"));
    const rendered = (await render()).find(({ metadata }) => metadata.name === crd?.metadata.name);
    expect(rendered?.metadata.annotations).toMatchObject({ "helm.sh/resource-policy": "keep" });
    // By text: fromYaml makes every number a float, and a great one must not come out as 1e+06.
    const { metadata, ...rest } = rendered as Manifest;
    expect({ ...rest, name: metadata.name }).toEqual({ ...crd, metadata: undefined, name: metadata.name });
  });
});

describe("the CRDs", () => {
  const kinds = async (crds: object) => (await render({ crds })).map(({ kind }) => kind);

  it("go with the release where keep is false", async () => {
    for (const { metadata } of await render({ crds: { keep: false } })) {
      expect(metadata.annotations?.["helm.sh/resource-policy"]).toBeUndefined();
    }
  });

  it("are left to others where enabled is false", async () => {
    expect(await kinds({ enabled: false })).not.toContain("CustomResourceDefinition");
  });
});

describe("names", () => {
  const deployment = async (...of: Parameters<typeof render>) =>
    only<Deployment>(await render(...of), "Deployment");

  it.each([
    { release: "prod", name: "prod-aws-account-scan-operator" },
    { release: "aws-account-scan-operator-2", name: "aws-account-scan-operator-2" },
    { release: "7", name: "aws-account-scan-operator-7" },
    { release: "team.a", name: "team-a-aws-account-scan-operator" },
    { release: "x".repeat(53), name: `${"x".repeat(53)}-aws-accou` },
  ])("a release $release is named $name", async ({ release, name }) => {
    expect((await deployment({}, { release })).metadata.name).toBe(name);
  });

  it("of digits alone stay text", async () => {
    const { metadata } = await deployment({ commonLabels: { a: "1" } }, { release: "1", namespace: "2" });
    expect(metadata).toMatchObject({ namespace: "2", labels: { "app.kubernetes.io/instance": "1", a: "1" } });
  });

  it("an image is named by its digest where there is one, else by its tag, else by the app's version", async () => {
    const image = async (values: object) =>
      (await deployment({ image: { repository: "r/i", ...values } })).spec.template.spec.containers[0]?.image;
    const digest = `sha256:${"f".repeat(64)}`;
    expect(await image({})).toBe(`r/i:${VERSION}`);
    expect(await image({ tag: "2" })).toBe("r/i:2");
    expect(await image({ tag: "2", digest })).toBe(`r/i@${digest}`);
  });

  it("of the ServiceAccount and its binding name the release's namespace", async () => {
    const binding = only<Manifest & { subjects: object[] }>(
      await render({}, AS_DEPLOY),
      "ClusterRoleBinding",
    );
    expect(binding.subjects).toEqual([
      { kind: "ServiceAccount", name: AS_DEPLOY.release, namespace: AS_DEPLOY.namespace },
    ]);
  });
});

describe("pods of this release alone", () => {
  const constraint = {
    maxSkew: 1,
    topologyKey: "topology.kubernetes.io/zone",
    whenUnsatisfiable: "DoNotSchedule",
  };
  const spread = async (more: object) => {
    const rendered = await render({ topologySpreadConstraints: [{ ...constraint, ...more }] });
    return only<Deployment>(rendered, "Deployment").spec;
  };

  it("are spread, where a constraint does not say which", async () => {
    const { selector, template } = await spread({});
    expect(template.spec.topologySpreadConstraints).toEqual([{ ...constraint, labelSelector: selector }]);
  });

  it("are not, where it does", async () => {
    const labelSelector = { matchLabels: { a: "b" } };
    const { template } = await spread({ labelSelector });
    expect(template.spec.topologySpreadConstraints).toEqual([{ ...constraint, labelSelector }]);
  });
});
