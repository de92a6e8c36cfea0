import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll } from "vitest";
import type { Fleet } from "../../tools/aws-simulator/fleet.ts";
import { type RunningSimulator, startSimulator } from "./aws.ts";
import {
  applyYaml,
  type ClusterAccess,
  eventually,
  kubeconfigForServiceAccount,
  sharedCluster,
  tryKubectl,
  useNamespace,
} from "./cluster.ts";
import { type OperatorProcess, type OperatorSetup, startOperator } from "./operator.ts";
import { scansIn } from "./scans.ts";
import { serviceAccountFor } from "./tenant.ts";

const DEPLOY = fileURLToPath(new URL("../../deploy/", import.meta.url));

/** A namespace, AWS and an operator that watches this namespace, with the permissions that `deploy/` gives it. */
export interface Stack {
  readonly namespace: string;
  readonly scans: ReturnType<typeof scansIn>;
  readonly aws: RunningSimulator["client"];
  readonly awsUrl: string;
  readonly operator: OperatorProcess;
  /** Ends the operator by `signal` and starts another one; resolves when that one is ready. */
  restart(signal?: NodeJS.Signals): Promise<void>;
  /** A ServiceAccount that agrees to scans under `roleArn`, and whose tokens the operator may mint. */
  serviceAccount(name: string, roleArn: string): Promise<void>;
}

export interface StackOptions {
  /** `namespace` is the stack's own, for the subjects of roles' trust. */
  fleet(namespace: string): Fleet;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** More of it that only the stack tells: asked when its RBAC and AWS are there, before the operator starts. */
  readonly lateEnv?: (
    stack: Pick<Stack, "namespace" | "awsUrl">,
  ) => Promise<Readonly<Record<string, string>>>;
  /** Namespaces that the operator watches besides the stack's own. */
  readonly watch?: readonly string[];
  readonly cluster?: () => ClusterAccess;
}

/** Gives the calling file a {@link Stack}, good from `beforeAll` on. */
export function useStack(options: StackOptions): () => Stack {
  const { cluster = sharedCluster } = options;
  const namespace = useNamespace({ prefix: "e2e", cluster });
  const kubeconfig = () => cluster().adminKubeconfigPath;
  let simulator: RunningSimulator | undefined;
  let operator: OperatorProcess | undefined;
  let setup: OperatorSetup | undefined;

  beforeAll(async () => {
    const { jwksPath, issuer } = cluster();
    simulator = await startSimulator({ fleet: options.fleet(namespace), jwksPath, issuer });
    await deployRbac(namespace, kubeconfig());
    const awsUrl = simulator.url;
    const lateEnv = await options.lateEnv?.({ namespace, awsUrl });
    setup = {
      kubeconfig: await kubeconfigForServiceAccount(namespace, "aws-account-scan-operator", {
        cluster: cluster(),
      }),
      env: { AWS_ENDPOINT_URL: awsUrl, AWS_REGION: "us-east-1", ...options.env, ...lateEnv },
      args: [
        `--watch-namespaces=${[namespace, ...(options.watch ?? [])].join()}`,
        // Whoever follows one that was killed would wait for its Lease to run out.
        "--leader-elect=false",
        ...(options.args ?? []),
      ],
    };
    operator = await startReady(setup);
  });
  afterAll(async () => {
    await operator?.stop();
    await simulator?.stop();
  });

  return () => {
    if (!simulator || !operator)
      throw new Error("the stack starts in beforeAll; ask for it in a hook or a test");
    return {
      namespace,
      scans: scansIn(namespace, kubeconfig),
      aws: simulator.client,
      awsUrl: simulator.url,
      operator,
      async restart(signal = "SIGKILL") {
        await operator?.stop(signal);
        if (setup !== undefined) operator = await startReady(setup);
      },
      serviceAccount: (name, roleArn) =>
        serviceAccountFor({ namespace, name, kubeconfig: kubeconfig() }, roleArn, namespace),
    };
  };
}

async function startReady(setup: OperatorSetup): Promise<OperatorProcess> {
  const operator = await startOperator(setup);
  await eventually(
    async () => {
      const answer = await fetch(`${operator.healthUrl}/readyz`);
      if (!answer.ok) throw new Error(`${await answer.text()}${operator.lines.slice(-5).join("\n")}`);
    },
    { describe: "the operator is ready", timeoutMs: 30_000 },
  );
  return operator;
}

/** `deploy/rbac.yaml` for an operator that lives in the test's own namespace, in force when it resolves. */
export async function deployRbac(namespace: string, kubeconfig: string): Promise<void> {
  const rbac = await readFile(`${DEPLOY}rbac.yaml`, "utf8");
  const moved = rbac.replaceAll("aws-account-scan-system", namespace);
  // The binding is cluster-wide: each test has one of its own.
  const bound = moved.replace(
    /kind: ClusterRoleBinding\nmetadata:\n {2}name: aws-account-scan-operator/,
    `kind: ClusterRoleBinding\nmetadata:\n  name: ${namespace}`,
  );
  await applyYaml(bound, { kubeconfig });
  await eventually(
    async () => {
      const user = `--as=system:serviceaccount:${namespace}:aws-account-scan-operator`;
      const { code } = await tryKubectl(["auth", "can-i", "list", "awsaccountscans", user], {
        kubeconfig,
        namespace,
      });
      if (code !== 0) throw new Error("not yet");
    },
    { describe: "deploy/rbac.yaml is in force" },
  );
}
