import type { Values } from "../../support/chart.ts";

/** Everything on, and every value that is empty by default set to something. */
const EVERYTHING: Values = {
  nameOverride: "scanner",
  commonLabels: { "example.com/team": "security", cost: "1" },
  crds: { enabled: true, keep: false },
  image: {
    repository: "registry.example.com:5000/team/aws-account-scan-operator",
    digest: `sha256:${"0a".repeat(32)}`,
    pullPolicy: "Always",
  },
  imagePullSecrets: [{ name: "registry" }],
  extraArgs: ["--default-interval=30m", "--log-level=debug"],
  extraEnv: [
    { name: "AWS_REGION", value: "eu-west-1" },
    { name: "EXTRA", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
  ],
  resources: { requests: { cpu: 1, memory: "1Gi" }, limits: { memory: "2Gi" } },
  podLabels: { sidecar: "none" },
  podAnnotations: { "example.com/note": 'quotes " and {{ braces }}' },
  priorityClassName: "system-cluster-critical",
  nodeSelector: { "kubernetes.io/os": "linux" },
  tolerations: [{ key: "dedicated", operator: "Exists", effect: "NoSchedule" }],
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: [{ key: "a", operator: "In", values: ["b"] }] }],
      },
    },
  },
  serviceAccount: {
    name: "scanner",
    annotations: { "eks.amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/AccountScanHub" },
  },
  service: { annotations: { "example.com/scrape": "true" } },
  serviceMonitor: {
    enabled: true,
    namespace: "default",
    additionalLabels: { release: "prometheus" },
    interval: "1m",
    scrapeTimeout: "20s",
    relabelings: [{ targetLabel: "cluster", replacement: "test" }],
    metricRelabelings: [{ sourceLabels: ["__name__"], regex: "nodejs_.*", action: "drop" }],
  },
  prometheusRule: {
    enabled: true,
    namespace: "default",
    additionalLabels: { release: "prometheus" },
    runbookBaseUrl: "https://wiki.example.com/runbooks",
    disabledAlerts: ["NotebookDirectInternetAccess"],
  },
  grafanaDashboards: {
    enabled: true,
    namespace: "default",
    labelKey: "example.com/dashboard",
    labelValue: "yes",
    annotations: { grafana_folder: "AWS" },
  },
};

const MONITORING: Values = {
  serviceMonitor: { enabled: true },
  prometheusRule: { enabled: true },
  grafanaDashboards: { enabled: true },
};

/** Values that users would give, each a combination of its own. */
export const VARIANTS: readonly { readonly name: string; readonly values: Values }[] = [
  { name: "defaults", values: {} },
  { name: "everything", values: EVERYTHING },
  { name: "monitoring", values: MONITORING },
  { name: "no CRDs", values: { crds: { enabled: false } } },
  { name: "a tag", values: { image: { tag: "1.2.3-rc.1" } } },
  { name: "a fullname", values: { fullnameOverride: "awsscan-metrics", ...MONITORING } },
  {
    name: "an administrator's identity and rights",
    values: { serviceAccount: { create: false, name: "given" }, rbac: { create: false } },
  },
  // Helm takes null for "without the chart's default".
  { name: "no bounds of memory", values: { resources: { requests: null, limits: null } } },
  { name: "a parent chart's keys", values: { enabled: true, global: { imageRegistry: "x" } } },
];
