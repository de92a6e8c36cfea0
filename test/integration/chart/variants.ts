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
  replicas: 2,
  updateStrategy: "RollingUpdate",
  leaderElection: { enabled: true, leaseDuration: "30s", renewDeadline: "20s", retryPeriod: "4s" },
  operatorIdentityNamespaces: ["compliance", "audit"],
  allowedRoleArns: ["arn:aws:iam::*:role/ComplianceScan"],
  tokenAudience: "sts.amazonaws.com.cn",
  logLevel: "debug",
  tenants: [
    { namespace: "default", serviceAccounts: ["ml-scanner", "second"] },
    { namespace: "kube-public", serviceAccounts: ["1"] },
  ],
  ports: { metrics: 9090, health: 9091 },
  metrics: { auth: { enabled: true }, tls: { existingSecret: "metrics-certificate" } },
  startupProbe: { failureThreshold: 100 },
  extraVolumes: [{ name: "token", emptyDir: {} }],
  extraVolumeMounts: [{ name: "token", mountPath: "/token", readOnly: true }],
  topologySpreadConstraints: [
    { maxSkew: 1, topologyKey: "kubernetes.io/hostname", whenUnsatisfiable: "ScheduleAnyway" },
  ],
  podDisruptionBudget: { enabled: true, maxUnavailable: "50%" },
  networkPolicy: {
    enabled: true,
    apiServer: { ports: [6443], cidrs: ["10.0.0.1/32"] },
    dns: { to: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } } }] },
    metricsFrom: [{ namespaceSelector: {}, podSelector: { matchLabels: { app: "prometheus" } } }],
    extraEgress: [{ to: [{ ipBlock: { cidr: "10.9.0.0/16" } }], ports: [{ port: 4318 }] }],
  },
  tests: { timeout: "10s" },
  extraArgs: ["--default-interval=30m"],
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
  {
    name: "some namespaces",
    values: {
      watchNamespaces: ["default", "kube-public"],
      tenants: [{ namespace: "default", serviceAccounts: ["ml-scanner"] }],
    },
  },
  {
    name: "some namespaces and nothing of the cluster",
    values: {
      crds: { enabled: false },
      rbac: { aggregate: false },
      watchNamespaces: ["default"],
      operatorIdentityNamespaces: ["default"],
    },
  },
  {
    name: "some namespaces and protected metrics",
    values: { watchNamespaces: ["default"], metrics: { auth: { enabled: true } } },
  },
  {
    name: "tenants",
    values: { tenants: [{ namespace: "default", serviceAccounts: ["ml-scanner", "other.scanner"] }] },
  },
  { name: "a disruption budget", values: { podDisruptionBudget: { enabled: true } } },
  { name: "protected metrics", values: { metrics: { auth: { enabled: true } }, ...MONITORING } },
  { name: "a certificate", values: { metrics: { tls: { existingSecret: "cert" } }, ...MONITORING } },
  {
    name: "protected metrics that a Secret's token reads",
    values: {
      metrics: { auth: { enabled: true }, tls: { existingSecret: "cert" } },
      serviceMonitor: { enabled: true, authorization: { credentials: { name: "token", key: "token" } } },
    },
  },
  { name: "a closed network", values: { networkPolicy: { enabled: true }, tests: { enabled: false } } },
  { name: "a network open to helm test", values: { networkPolicy: { enabled: true } } },
  { name: "a leader and a standby", values: { replicas: 2, podDisruptionBudget: { enabled: true } } },
  {
    name: "shards",
    values: { replicas: 3, sharding: { enabled: true }, leaderElection: { leaseDuration: "30s" } },
  },
  { name: "no Lease", values: { leaderElection: { enabled: false } } },
  { name: "nothing for others", values: { rbac: { aggregate: false }, tests: { enabled: false } } },
  { name: "a parent chart's keys", values: { enabled: true, global: { imageRegistry: "x" } } },
];
