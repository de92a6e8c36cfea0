import { describe, expect, it } from "vitest";
import { type Manifest, only, render, useHelm, type Values } from "../support/chart.ts";

useHelm();

describe("the operator's pod", () => {
  interface Operator extends Manifest {
    readonly spec: {
      readonly template: {
        readonly spec: {
          readonly automountServiceAccountToken: boolean;
          readonly volumes?: readonly object[];
          readonly containers: readonly {
            readonly args: readonly string[];
            readonly volumeMounts?: readonly object[];
          }[];
        };
      };
    };
  }
  const podSpec = async (values: Values = {}) =>
    only<Operator>(await render(values), "Deployment").spec.template.spec;

  it("has a token of its ServiceAccount, which no other pod gets unasked", async () => {
    expect((await podSpec()).automountServiceAccountToken).toBe(true);
    const account = only<Manifest & { automountServiceAccountToken: boolean }>(
      await render(),
      "ServiceAccount",
    );
    expect(account.automountServiceAccountToken).toBe(false);
  });

  it("has no volume and no Secret, unless it is given one", async () => {
    const { volumes, containers } = await podSpec();
    expect(volumes).toBeUndefined();
    expect(containers[0]?.volumeMounts).toBeUndefined();
  });

  it("has the metrics' certificate where its flags say, beside what it is given", async () => {
    const { volumes, containers } = await podSpec({
      metrics: { tls: { existingSecret: "cert" } },
      extraVolumes: [{ name: "ca", configMap: { name: "ca" } }],
      extraVolumeMounts: [{ name: "ca", mountPath: "/ca" }],
    });
    const folder = "/etc/awsscan/metrics-certificate";
    expect(volumes).toEqual([
      { name: "metrics-certificate", secret: { secretName: "cert" } },
      { name: "ca", configMap: { name: "ca" } },
    ]);
    expect(containers[0]?.volumeMounts).toEqual([
      { name: "metrics-certificate", mountPath: folder, readOnly: true },
      { name: "ca", mountPath: "/ca" },
    ]);
    expect(containers[0]?.args).toEqual([
      "operator",
      "--leader-elect-resource-name=aws-account-scan-operator",
      `--metrics-tls-cert-file=${folder}/tls.crt`,
      `--metrics-tls-key-file=${folder}/tls.key`,
    ]);
  });
});

describe("the pod of helm test", () => {
  interface Pod extends Manifest {
    readonly spec: {
      readonly automountServiceAccountToken: boolean;
      readonly containers: readonly { readonly image: string; readonly args: readonly string[] }[];
    };
  }
  const pod = async (values: Values = {}) => only<Pod>(await render(values), "Pod");

  it("is no endpoint of the operator's Service", async () => {
    const manifests = await render();
    const service = only<Manifest & { spec: { selector: Record<string, string> } }>(manifests, "Service");
    const { labels } = only<Pod>(manifests, "Pod").metadata;
    expect(labels).toMatchObject({ "app.kubernetes.io/instance": "aws-account-scan-operator" });
    expect(Object.entries(service.spec.selector).every(([key, value]) => labels?.[key] === value)).toBe(
      false,
    );
  });

  it("asks the Service, with the operator's own image and no token", async () => {
    const { metadata, spec } = await pod();
    expect(metadata.annotations).toMatchObject({ "helm.sh/hook": "test" });
    expect(spec.automountServiceAccountToken).toBe(false);
    expect(spec.containers[0]).toMatchObject({
      image: only<Manifest & { spec: { template: Pod } }>(await render(), "Deployment").spec.template.spec
        .containers[0]?.image,
      args: [
        "probe",
        "--timeout=60s",
        "http://aws-account-scan-operator.aws-account-scan-system.svc:8081/readyz",
        "http://aws-account-scan-operator.aws-account-scan-system.svc:8080/metrics",
      ],
    });
  });

  it("does not ask for metrics that would be refused", async () => {
    const { spec } = await pod({ metrics: { auth: { enabled: true } } });
    expect(spec.containers[0]?.args.at(-1)).toMatch(/\/readyz$/);
  });
});
