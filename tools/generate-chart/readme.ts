/** The chart's README: what it is, and a table of its values as their schema describes them. */
import { describeValue, type ValuesSchema } from "./values.ts";

/** @throws where a value has no description. */
export function chartReadme(schema: ValuesSchema): string {
  const rows = leaves(schema.properties ?? {}, "", schema);
  return `${INTRODUCTION}
## Values

Helm refuses values that are not here. This page is made from \`values.schema.json\`.

| value | type | default | |
|---|---|---|---|
${rows.join("\n")}
`;
}

const INTRODUCTION = `# aws-account-scan-operator

Keeps AWS accounts free of SageMaker notebooks with direct internet access.

\`\`\`sh needs=registry
helm install aws-account-scan-operator charts/aws-account-scan-operator \\
  --namespace aws-account-scan-system --create-namespace \\
  --set image.repository=registry.example.com/aws-account-scan-operator
\`\`\`

Helm then says what to do next. \`docs/install.md\` of the project has the ways to an AWS identity,
\`docs/upgrade.md\` what an upgrade and an uninstallation do to scans. The pods pass the *restricted* Pod Security
Standard, whatever the values. \`helm template\` renders the pod of \`helm test\` too; \`--skip-tests\` leaves it out.

## Examples

An AWS identity by IRSA; EKS Pod Identity needs no value, but an association with the ServiceAccount:

\`\`\`yaml values
serviceAccount:
  annotations:
    eks.amazonaws.com/role-arn: arn:aws:iam::123456789012:role/AccountScanHub
\`\`\`

Teams that scan by ServiceAccounts of their own, which the operator may mint tokens of, and of no others:

\`\`\`yaml values
tenants:
  - namespace: team-a
    serviceAccounts: [ml-scanner]
allowedRoleArns:
  - arn:aws:iam::*:role/ComplianceScan
\`\`\`

Some namespaces alone, without any right in the cluster; an administrator has applied the CRDs:

\`\`\`yaml values
watchNamespaces: [team-a, team-b]
crds:
  enabled: false
rbac:
  aggregate: false
\`\`\`

Metrics for Prometheus Operator's Prometheus alone, in a closed network, with traces to a collector:

\`\`\`yaml values
metrics:
  auth:
    enabled: true
serviceMonitor:
  enabled: true
  additionalLabels: {release: kube-prometheus-stack}
prometheusRule:
  enabled: true
  additionalLabels: {release: kube-prometheus-stack}
networkPolicy:
  enabled: true
  metricsFrom:
    - namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: monitoring}}
  extraEgress:
    - to:
        - namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: tracing}}
      ports:
        - port: 4318
extraEnv:
  - name: OTEL_EXPORTER_OTLP_ENDPOINT
    value: http://collector.tracing.svc:4318
\`\`\`
`;

function leaves(
  properties: Readonly<Record<string, ValuesSchema>>,
  prefix: string,
  root: ValuesSchema,
): string[] {
  return Object.entries(properties).flatMap(([name, property]) => {
    const path = prefix + name;
    const group = property.properties;
    if (group !== undefined) {
      const head = row([`**\`${path}\`**`, "", "", prose(describeValue(name, property, root))]);
      return [head, ...leaves(group, `${path}.`, root)];
    }
    const type = typeOf(property, root);
    const fallback = property.default === undefined ? "" : `\`${JSON.stringify(property.default)}\``;
    return [row([`\`${path}\``, type, fallback, prose(describeValue(name, property, root))])];
  });
}

/** In words of JSON Schema; the values that there are, where it is one of a few. */
function typeOf(property: ValuesSchema, root: ValuesSchema): string {
  const { type, enum: choices, anyOf } = { ...root.definitions?.[referredName(property)], ...property };
  if (choices !== undefined) return choices.map((choice) => `\`${JSON.stringify(choice)}\``).join(", ");
  if (anyOf !== undefined) return [...new Set(anyOf.map((one) => typeOf(one, root)))].join(" or ");
  if (property.const !== undefined) return typeof property.const;
  return type ?? "any";
}

function referredName({ $ref }: ValuesSchema): string {
  return $ref?.replace("#/definitions/", "") ?? "";
}

/** What Markdown would read as a tag or as emphasis, as it stands; code is left alone. */
function prose(text: string): string {
  const parts = text.split("`");
  return parts.map((part, index) => (index % 2 === 0 ? part.replaceAll(/[<*_]/g, "\\$&") : part)).join("`");
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}
