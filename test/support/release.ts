/** A release of the chart whose operator runs as the process that its Deployment describes. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { mintServiceAccountToken } from "../../tools/control-plane/service-account-token.ts";
import { helm } from "../../tools/helm/helm.ts";
import { freePort } from "../../tools/machine/free-port.ts";
import { CHART, type Manifest, manifestsIn, only, type Values } from "./chart.ts";
import { type ClusterAccess, eventually, getJson, kubectl, tryKubectl } from "./cluster.ts";
import { kubeconfigForServiceAccount } from "./cluster-service-account.ts";
import { type OperatorProcess, startOperator } from "./operator.ts";

interface Deployment extends Manifest {
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly serviceAccountName: string;
        readonly containers: readonly {
          readonly args: readonly string[];
          readonly env: readonly {
            readonly name: string;
            readonly value?: string;
            readonly valueFrom?: { readonly fieldRef: { readonly fieldPath: string } };
          }[];
        }[];
      };
    };
  };
}

/** Where a release is. */
export interface ReleasePlace {
  readonly cluster: ClusterAccess;
  readonly namespace: string;
  readonly release: string;
}

/** The name of a release's objects. */
export const nameOf = ({ release }: Pick<ReleasePlace, "release">) => `${release}-aws-account-scan-operator`;

/** The user that the release's operator is to the API server. */
export const userOf = (place: ReleasePlace) => `system:serviceaccount:${place.namespace}:${nameOf(place)}`;

/** Ports that are free, as the values that have the pod listen there: a process shares its machine with others. */
export async function freePorts(): Promise<{ ports: { metrics: number; health: number } }> {
  return { ports: { metrics: await freePort(), health: await freePort() } };
}

/** Any of Helm's commands on the release, as the cluster's administrator. Throws with Helm's words where it fails. */
export async function helmRelease(
  { cluster, namespace, release }: ReleasePlace,
  [command, chart = CHART]: readonly [command: "install" | "upgrade" | "uninstall", chart?: string],
  values: Values = {},
  ...args: readonly string[]
): Promise<void> {
  const given = command === "uninstall" ? [] : [chart, "--values=-"];
  const { code, stderr } = await helm([command, release, ...given, `--namespace=${namespace}`, ...args], {
    kubeconfig: cluster.adminKubeconfigPath,
    input: JSON.stringify(values),
  });
  if (code !== 0) throw new Error(`helm ${command}: ${stderr}`);
}

/**
 * A file with a token of the release's ServiceAccount for AWS, as EKS' webhook or a projected volume mounts it, and the
 * variables of the pod that go with it.
 */
export async function webIdentity(place: ReleasePlace, roleArn: string) {
  const token = await mintServiceAccountToken(place.cluster, place.namespace, nameOf(place), {
    expirationSeconds: 3600,
    audiences: ["sts.amazonaws.com"],
  });
  await writeFile(tokenPath(place), token);
  return webIdentityEnv(place, roleArn);
}

/** The variables alone, for values that are needed before there is a ServiceAccount. */
export function webIdentityEnv(place: ReleasePlace, roleArn: string) {
  return [
    { name: "AWS_ROLE_ARN", value: roleArn },
    { name: "AWS_WEB_IDENTITY_TOKEN_FILE", value: tokenPath(place) },
  ];
}

/**
 * Runs what the release's Deployment says as the API server has it: its arguments and its variables and no others, and a
 * token of its ServiceAccount. Resolves when it is ready.
 */
export async function runRelease(place: ReleasePlace): Promise<OperatorProcess> {
  const { cluster, namespace } = place;
  const at = { kubeconfig: cluster.adminKubeconfigPath, namespace };
  const deployment = await getJson<Deployment>(["deployment", nameOf(place)], at);
  const { serviceAccountName, containers } = deployment.spec.template.spec;
  const [container] = containers;
  if (container === undefined) throw new Error("the Deployment has no container");
  const fields: Readonly<Record<string, string>> = { "metadata.namespace": namespace };
  const env = container.env.map(({ name, value, valueFrom }) => {
    const field = valueFrom && fields[valueFrom.fieldRef.fieldPath];
    if (valueFrom && field === undefined) throw new Error(`the variable ${name} comes from an unknown field`);
    return [name, field ?? value ?? ""] as const;
  });
  await untilBound(place);
  const operator = await startOperator({
    kubeconfig: await kubeconfigForServiceAccount(namespace, serviceAccountName, { cluster }),
    command: container.args,
    env: Object.fromEntries(env),
  });
  await eventually(
    async () => {
      const answer = await fetch(`${operator.healthUrl}/readyz`);
      if (!answer.ok) throw new Error(`${await answer.text()}${operator.lines.slice(-5).join("\n")}`);
    },
    { describe: "the operator is ready", timeoutMs: 60_000 },
  );
  return operator;
}

/** The command line of the pod that `helm test` makes. */
export async function testCommand({ cluster, namespace, release }: ReleasePlace): Promise<readonly string[]> {
  const { code, stdout, stderr } = await helm(["get", "hooks", release, `--namespace=${namespace}`], {
    kubeconfig: cluster.adminKubeconfigPath,
  });
  if (code !== 0) throw new Error(`helm get hooks: ${stderr}`);
  type Pod = Manifest & {
    readonly spec: { readonly containers: readonly { readonly args: readonly string[] }[] };
  };
  return only<Pod>(manifestsIn(stdout), "Pod").spec.containers[0]?.args ?? [];
}

/** The authorizer learns of roles by a watch, a moment after Helm wrote them. */
async function untilBound(place: ReleasePlace): Promise<void> {
  const options = { kubeconfig: place.cluster.adminKubeconfigPath };
  const { items } = await getJson<{ items: Manifest[] }>(
    ["rolebindings", "--all-namespaces", `--selector=app.kubernetes.io/instance=${place.release}`],
    options,
  );
  const namespaces = [...new Set(items.map(({ metadata }) => metadata.namespace ?? ""))];
  const questions = [
    ...namespaces.map((namespace) => ["--list", `--namespace=${namespace}`]),
    ...(namespaces.length === 0 ? [["--list"]] : []),
  ];
  for (const question of questions) {
    await eventually(async () => {
      const { stdout } = await tryKubectl(["auth", "can-i", ...question, `--as=${userOf(place)}`], options);
      if (!/awsaccountscan|serviceaccounts/.test(stdout)) throw new Error("not yet");
    });
  }
}

/** The Roles and ClusterRoles that are bound to the release's ServiceAccount, a Role as often as it is bound. */
export async function boundRoles<T extends Manifest>(place: ReleasePlace): Promise<T[]> {
  const options = { kubeconfig: place.cluster.adminKubeconfigPath };
  interface Binding extends Manifest {
    readonly roleRef: { readonly kind: string; readonly name: string };
    readonly subjects?: readonly { readonly name: string; readonly namespace?: string }[];
  }
  const { items } = await getJson<{ items: Binding[] }>(
    ["clusterrolebindings,rolebindings", "--all-namespaces"],
    options,
  );
  const ours = items.filter(({ subjects = [] }) =>
    subjects.some(({ name, namespace }) => name === nameOf(place) && namespace === place.namespace),
  );
  return Promise.all(
    ours.map(({ roleRef, metadata }) =>
      getJson<T>([roleRef.kind, roleRef.name], {
        ...options,
        ...(metadata.namespace && { namespace: metadata.namespace }),
      }),
    ),
  );
}

/** A namespace that admits what the restricted standard admits, and ServiceAccounts in it. */
export async function createNamespace(cluster: ClusterAccess, name: string): Promise<void> {
  const at = { kubeconfig: cluster.adminKubeconfigPath };
  await kubectl(["create", "namespace", name], at);
  await kubectl(["label", "namespace", name, "pod-security.kubernetes.io/enforce=restricted"], at);
  await mkdir(join(cluster.dataDir, "tokens"), { recursive: true });
}

function tokenPath({ cluster, namespace, release }: ReleasePlace): string {
  return join(cluster.dataDir, "tokens", `${namespace}-${release}`);
}
