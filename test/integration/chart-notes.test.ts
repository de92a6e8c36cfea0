import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { helm } from "../../tools/helm/helm.ts";
import { CHART, useHelm, type Values } from "../support/chart.ts";

useHelm();

const ROLE = "arn:aws:iam::123456789012:role/AccountScanHub";

/** What Helm says after installing; it asks no cluster. */
async function notes(values: Values = {}): Promise<string> {
  const args = ["install", "x", CHART, "--namespace=scan", "--dry-run=client", "--values=-"];
  const { code, stdout, stderr } = await helm(args, { input: JSON.stringify(values) });
  if (code !== 0) throw new Error(stderr);
  return stdout.slice(stdout.indexOf("\nNOTES:"));
}

/** The scan that a reader is told to apply; undefined where there is none. */
async function firstScan(values: Values): Promise<unknown> {
  const [, text] = /<<'END'\n(.*)\n *END\n/s.exec(await notes(values)) ?? [];
  return text === undefined ? undefined : parse(text);
}

describe("the first scan", () => {
  it.each([
    { where: "the release's namespace", values: {}, namespace: "scan" },
    { where: "it, where it is watched", values: { watchNamespaces: ["a", "scan"] }, namespace: "scan" },
    {
      where: "a watched namespace that may use the operator's identity",
      values: { watchNamespaces: ["a", "b"], operatorIdentityNamespaces: ["b"] },
      namespace: "b",
    },
    {
      where: "any watched namespace, where all may",
      values: { watchNamespaces: ["a", "b"], operatorIdentityNamespaces: ["*"] },
      namespace: "a",
    },
  ])("is in $where", async ({ values, namespace }) => {
    expect(await firstScan(values)).toMatchObject({
      kind: "AwsAccountScan",
      metadata: { namespace },
      spec: {},
    });
  });

  it("is none, where no watched namespace may use the operator's identity, and how to let one is said", async () => {
    const values = { watchNamespaces: ["a", "b"] };
    expect(await firstScan(values)).toBeUndefined();
    expect(await notes(values)).toContain("Scans are run in a, b alone");
  });
});

describe("who reads the notes", () => {
  it.each([
    "registry.example.com/team/operator",
    "registry.example.com:5000/operator",
    "localhost/operator",
    "localhost:5000/operator",
  ])("of the image %s is not warned of a registry that is not named", async (repository) => {
    expect(await notes({ image: { repository } })).not.toContain("WARNING");
  });

  it.each(["aws-account-scan-operator", "team/operator"])("of %s is", async (repository) => {
    expect(await notes({ image: { repository } })).toContain(
      `WARNING: image.repository names no registry, and a node would ask its default one for\n${repository}:`,
    );
  });

  it("is told whose trust the role needs, or how to associate one", async () => {
    const account = { name: "scanner", annotations: { "eks.amazonaws.com/role-arn": ROLE } };
    const byIrsa = await notes({ serviceAccount: account });
    expect(byIrsa).toContain(ROLE);
    expect(byIrsa).toContain("system:serviceaccount:scan:scanner.");
    expect(byIrsa).not.toContain("create-pod-identity-association");
    expect(await notes()).toContain("--namespace scan --service-account x-aws-account-scan-operator\n");
  });

  it("is told what tenants' ServiceAccounts must say", async () => {
    const tenants = [{ namespace: "team-a", serviceAccounts: ["one", "two"] }];
    expect((await notes({ tenants })).replaceAll(/\\\n */g, "")).toContain(
      "kubectl annotate serviceaccount --namespace team-a one two awsaccountscan.dev/allow-scans=true\n",
    );
  });

  it("is told of helm test, and how to read protected metrics, where there are such", async () => {
    const all = await notes({ metrics: { auth: { enabled: true } } });
    expect(all).toContain("helm test --namespace scan x\n");
    expect(all).toContain("--clusterrole=x-aws-account-scan-operator-metrics-reader");
    const neither = await notes({ tests: { enabled: false } });
    expect(neither).not.toContain("helm test");
    expect(neither).not.toContain("metrics-reader");
  });

  it("is told how to see who leads, or takes part, where there are several pods", async () => {
    const leader = "kubectl get lease --namespace scan x-aws-account-scan-operator\n";
    const members = "--selector awsaccountscan.dev/member-of=x-aws-account-scan-operator\n";
    expect(await notes({ replicas: 2 })).toContain(leader);
    expect(await notes({ replicas: 2, sharding: { enabled: true } })).toContain(members);
    const alone = await notes();
    expect(alone).not.toContain(leader);
    expect(alone).not.toContain(members);
  });

  it("is warned of a Prometheus that the NetworkPolicy shuts out", async () => {
    const values = { serviceMonitor: { enabled: true }, networkPolicy: { enabled: true } };
    const warning = "WARNING: the NetworkPolicy lets nobody scrape";
    expect(await notes(values)).toContain(warning);
    const open = { enabled: true, metricsFrom: [{ namespaceSelector: {} }] };
    expect(await notes({ ...values, networkPolicy: open })).not.toContain(warning);
  });
});
