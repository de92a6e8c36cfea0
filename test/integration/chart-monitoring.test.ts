import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { run } from "../../tools/machine/command.ts";
import { goProgram } from "../../tools/machine/go-program.ts";
import { PROMTOOL } from "../../tools/monitoring/programs.ts";
import { type Manifest, only, type RenderOptions, render, tryRender, useHelm } from "../support/chart.ts";

useHelm();

interface Rule {
  readonly alert?: string;
  readonly record?: string;
}

interface PrometheusRule extends Manifest {
  readonly spec: { readonly groups: readonly { readonly name: string; readonly rules: readonly Rule[] }[] };
}

const DEPLOY = new URL("../../deploy/", import.meta.url);
const SHIPPED: PrometheusRule["spec"] = parse(
  await readFile(new URL("prometheus/rules.yaml", DEPLOY), "utf8"),
);

async function rules(values: object = {}, options: RenderOptions = {}): Promise<PrometheusRule> {
  return only(await render({ prometheusRule: { enabled: true, ...values } }, options), "PrometheusRule");
}

const alertsIn = ({ groups }: PrometheusRule["spec"]) =>
  groups.flatMap((group) => group.rules.flatMap(({ alert }) => alert ?? []));

describe("the PrometheusRule", () => {
  beforeAll(async () => {
    await goProgram(PROMTOOL);
  }, 900_000);

  it("has the rules of deploy/prometheus/rules.yaml, word for word", async () => {
    expect((await rules()).spec).toEqual(SHIPPED);
    expect(alertsIn(SHIPPED)).toContain("NotebookDirectInternetAccess");
  });

  it("passes promtool check rules, wherever the release is", async () => {
    const { spec } = await rules({}, { release: "prod", namespace: "123" });
    const folder = await mkdtemp(join(tmpdir(), "chart-rules-"));
    try {
      const file = join(folder, "rules.yaml");
      await writeFile(file, stringify(spec));
      const checked = await run(await goProgram(PROMTOOL), ["check", "rules", "--lint-fatal", file]);
      const count = spec.groups.reduce((sum, group) => sum + group.rules.length, 0);
      expect(checked.stderr).toBe("");
      expect(checked).toMatchObject({ code: 0, stdout: expect.stringContaining(`${count} rules found`) });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("speaks of the release's namespace, its Deployment, and the given runbooks", async () => {
    const text = stringify(
      await rules(
        { runbookBaseUrl: "https://wiki.example.com/OPERATOR_NAMESPACE/$1" },
        { release: "prod", namespace: "security" },
      ),
      { lineWidth: 0 },
    );
    expect(text).toContain('absent(awsaccountscan_build_info{namespace="security"})');
    expect(text).toContain("deployment/prod-aws-account-scan-operator ");
    expect(text).not.toContain("deployment/aws-account-scan-operator");
    expect(text).toContain("https://wiki.example.com/OPERATOR_NAMESPACE/$1/notebookdirectinternetaccess");
    expect(text).not.toContain("RUNBOOK_BASE_URL");
    expect(text).not.toContain("awsaccountscan.dev/runbooks");
  });

  it("leaves out disabled alerts, and nothing else", async () => {
    const disabledAlerts = ["NotebookDirectInternetAccess", "AwsAccountScanStale"];
    const { spec } = await rules({ disabledAlerts });
    const groups = SHIPPED.groups.map((group) => ({
      ...group,
      rules: group.rules.filter(({ alert }) => !disabledAlerts.includes(alert ?? "")),
    }));
    expect(spec.groups).toEqual(groups.filter((group) => group.rules.length > 0));
    expect(alertsIn(spec)).toHaveLength(alertsIn(SHIPPED).length - disabledAlerts.length);
  });

  it("refuses to disable an alert that there is not, and says which there are", async () => {
    const disabledAlerts = ["AwsAccountScanStale", "NotebookDirectInternetAcces"];
    const { code, stderr } = await tryRender({ prometheusRule: { enabled: true, disabledAlerts } });
    expect(code).not.toBe(0);
    expect(stderr).toContain("there is no alert NotebookDirectInternetAcces; there are ");
    for (const alert of alertsIn(SHIPPED)) expect(stderr).toContain(alert);
  });

  it("is where and labelled as it is asked to be", async () => {
    const { metadata } = await rules({ namespace: "monitoring", additionalLabels: { release: "kps" } });
    expect(metadata).toMatchObject({ namespace: "monitoring", labels: { release: "kps" } });
  });
});

describe("the ServiceMonitor", () => {
  interface ServiceMonitor extends Manifest {
    readonly spec: { readonly endpoints: readonly object[]; readonly selector: { matchLabels: object } };
  }
  const monitor = async (values: object = {}) =>
    render({ serviceMonitor: { enabled: true, ...values } }, { namespace: "scan" });

  it("keeps the scans' namespaces, and finds the Service wherever it is itself", async () => {
    const rendered = await monitor({ namespace: "monitoring", interval: "1m", scrapeTimeout: "20s" });
    const { metadata, spec } = only<ServiceMonitor>(rendered, "ServiceMonitor");
    expect(metadata.namespace).toBe("monitoring");
    expect(spec).toMatchObject({
      namespaceSelector: { matchNames: ["scan"] },
      endpoints: [{ port: "metrics", honorLabels: true, interval: "1m", scrapeTimeout: "20s" }],
    });
    expect(only(rendered, "Service").metadata.labels).toMatchObject(spec.selector.matchLabels);
  });

  it("scrapes as the one of deploy/prometheus does", async () => {
    const file = await readFile(new URL("prometheus/servicemonitor.yaml", DEPLOY), "utf8");
    const shipped = parse(file) as ServiceMonitor;
    const { spec } = only<ServiceMonitor>(await monitor(), "ServiceMonitor");
    expect(spec.endpoints).toEqual(shipped.spec.endpoints);
  });

  it.each([
    { what: "over HTTP, by default", values: {}, endpoint: { scheme: undefined } },
    {
      what: "with its own token and any certificate, where metrics are protected",
      values: { metrics: { auth: { enabled: true } } },
      endpoint: {
        scheme: "https",
        bearerTokenFile: "/var/run/secrets/kubernetes.io/serviceaccount/token",
        tlsConfig: { insecureSkipVerify: true },
      },
    },
    {
      what: "with no token and the Service's certificate, where there is only that",
      values: { metrics: { tls: { existingSecret: "cert" } } },
      endpoint: {
        scheme: "https",
        bearerTokenFile: undefined,
        authorization: undefined,
        tlsConfig: {
          ca: { secret: { name: "cert", key: "ca.crt" } },
          serverName: "aws-account-scan-operator.scan.svc",
        },
      },
    },
    {
      what: "with the Secret's token and the given trust, where they are named",
      values: { metrics: { auth: { enabled: true }, tls: { existingSecret: "cert" } } },
      more: {
        authorization: { credentials: { name: "token", key: "token" } },
        tlsConfig: { ca: { configMap: { name: "trust", key: "ca.crt" } } },
      },
      endpoint: {
        bearerTokenFile: undefined,
        authorization: { credentials: { name: "token", key: "token" } },
        tlsConfig: { ca: { configMap: { name: "trust", key: "ca.crt" } } },
      },
    },
  ])("scrapes $what", async ({ values, more = {}, endpoint }) => {
    const rendered = await render(
      { serviceMonitor: { enabled: true, ...more }, ...values },
      { namespace: "scan" },
    );
    const [{ scheme, bearerTokenFile, authorization, tlsConfig } = {}] = only<
      Manifest & { spec: { endpoints: readonly Record<string, unknown>[] } }
    >(rendered, "ServiceMonitor").spec.endpoints;
    const read = { scheme, bearerTokenFile, authorization, tlsConfig };
    expect(read).toEqual({ scheme: "https", ...endpoint });
  });

  it("adds relabelings to its own", async () => {
    const relabelings = [{ targetLabel: "cluster", replacement: "test" }];
    const { spec } = only<ServiceMonitor>(await monitor({ relabelings }), "ServiceMonitor");
    expect(spec.endpoints).toMatchObject([{ relabelings: [{ targetLabel: "job" }, ...relabelings] }]);
  });
});

describe.each([
  { kind: "ServiceMonitor", value: "serviceMonitor" },
  { kind: "PrometheusRule", value: "prometheusRule" },
])("$kind's renderMode", ({ kind, value }) => {
  const type = `monitoring.coreos.com/v1/${kind}`;
  /** What a cluster serves, as whoever asked it tells helm template; kinds tell it from a list by hand. */
  const cluster = ["v1", "v1/Service"];
  const group = "monitoring.coreos.com/v1";
  const outcome = async (renderMode: string, apis: readonly string[]) => {
    const args = apis.map((api) => `--api-versions=${api}`);
    const { code, stdout, stderr } = await tryRender({ [value]: { enabled: true, renderMode } }, { args });
    if (code !== 0) return stderr.includes(`no ${type}: `) ? "refused" : stderr;
    return stdout.includes(`kind: ${kind}\n`) ? "rendered" : "left out";
  };

  it.each([
    { where: "no cluster is asked", apis: [], always: "rendered", skip: "rendered", fail: "refused" },
    { where: "the group is given", apis: [group], always: "rendered", skip: "rendered", fail: "rendered" },
    { where: "the kind is given", apis: [type], always: "rendered", skip: "rendered", fail: "rendered" },
    { where: "a cluster lacks it", apis: cluster, always: "rendered", skip: "left out", fail: "refused" },
    {
      where: "a cluster lacks the kind alone",
      apis: [...cluster, group],
      always: "rendered",
      skip: "left out",
      fail: "refused",
    },
    {
      where: "a cluster serves it",
      apis: [...cluster, group, type],
      always: "rendered",
      skip: "rendered",
      fail: "rendered",
    },
  ])("where $where: $always, $skip, $fail", async ({ apis, always, skip, fail }) => {
    expect(await outcome("alwaysRender", apis)).toBe(always);
    expect(await outcome("skipIfMissing", apis)).toBe(skip);
    expect(await outcome("failIfMissing", apis)).toBe(fail);
  });

  it("matters to nobody who has not enabled it", async () => {
    const { code, stdout } = await tryRender({ [value]: { enabled: false, renderMode: "failIfMissing" } });
    expect({ code, rendered: stdout.includes(`kind: ${kind}\n`) }).toEqual({ code: 0, rendered: false });
  });
});

describe("the dashboards", () => {
  interface ConfigMap extends Manifest {
    readonly data: Readonly<Record<string, string>>;
  }
  const dashboards = async (values: object = {}) =>
    (await render({ grafanaDashboards: { enabled: true, ...values } })).filter(
      (manifest): manifest is ConfigMap => manifest.kind === "ConfigMap",
    );

  it("are those of deploy/grafana, byte by byte, one in a ConfigMap", async () => {
    const folder = new URL("grafana/", DEPLOY);
    const names = (await readdir(folder)).filter((name) => name.endsWith(".json")).sort();
    expect(names).not.toEqual([]);
    const shipped = await Promise.all(
      names.map(async (name) => ({ [name]: await readFile(new URL(name, folder), "utf8") })),
    );
    const data = (await dashboards()).map((configMap) => configMap.data);
    expect(data.sort((a, b) => (Object.keys(a) < Object.keys(b) ? -1 : 1))).toEqual(shipped);
  });

  it("carry what Grafana's sidecar looks for", async () => {
    for (const { metadata } of await dashboards()) {
      expect(metadata.labels).toMatchObject({ grafana_dashboard: "1" });
      expect(metadata.annotations).toBeUndefined();
    }
    const labelled = await dashboards({
      namespace: "grafana",
      labelKey: "example.com/dashboards",
      labelValue: "yes",
      annotations: { grafana_folder: "AWS {{ accounts }}" },
    });
    for (const { metadata } of labelled) {
      expect(metadata).toMatchObject({
        namespace: "grafana",
        labels: { "example.com/dashboards": "yes" },
        annotations: { grafana_folder: "AWS {{ accounts }}" },
      });
      expect(metadata.labels).not.toHaveProperty("grafana_dashboard");
    }
  });

  it("link to the given runbooks", async () => {
    const prometheusRule = { runbookBaseUrl: "https://wiki.example.com/runbooks" };
    const values = { prometheusRule, grafanaDashboards: { enabled: true } };
    const text = (await tryRender(values)).stdout;
    expect(text).toContain("https://wiki.example.com/runbooks/awsaccountscanincomplete");
    expect(text).not.toContain("awsaccountscan.dev/runbooks");
  });
});
