/** What a tenant and the administrator do for scans that name a ServiceAccount, each step apart. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { ALLOW_SCANS, EKS_ROLE_ARN } from "../../src/api/names.ts";
import { applyYaml, eventually, tryKubectl } from "./cluster.ts";

const TENANT_RBAC = fileURLToPath(new URL("../../deploy/tenant-rbac.yaml", import.meta.url));

/** A ServiceAccount by its place. */
export interface ServiceAccountRef {
  readonly namespace: string;
  readonly name: string;
  /** The administrator's, of the cluster that it lives in; the shared one's by default. */
  readonly kubeconfig?: string | undefined;
}

/** The annotation by which a ServiceAccount agrees to scans in its name. */
export const OPT_IN: Readonly<Record<string, string>> = { [ALLOW_SCANS]: "true" };

/** The annotation by which a ServiceAccount names its IAM role. */
export function naming(roleArn: string): Readonly<Record<string, string>> {
  return { [EKS_ROLE_ARN]: roleArn };
}

/** Creates the ServiceAccount, or makes its annotations exactly these. */
export async function applyServiceAccount(
  { namespace, name, kubeconfig }: ServiceAccountRef,
  annotations: Readonly<Record<string, string>>,
): Promise<void> {
  const account = { apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace, annotations } };
  await applyYaml(JSON.stringify(account), { namespace, kubeconfig });
}

/**
 * Lets the operator that lives in `operatorNamespace` mint the ServiceAccount's tokens, by `deploy/tenant-rbac.yaml`;
 * in force when it resolves. The ServiceAccount need not exist.
 */
export async function permitTokens(
  { namespace, name, kubeconfig }: ServiceAccountRef,
  operatorNamespace: string,
): Promise<void> {
  const rbac = (await readFile(TENANT_RBAC, "utf8"))
    .replaceAll("aws-account-scan-operator-tokens", `${name}-tokens`)
    .replaceAll("ml-scanner", name)
    .replaceAll("aws-account-scan-system", operatorNamespace);
  await applyYaml(rbac, { namespace, kubeconfig });
  const operator = `--as=system:serviceaccount:${operatorNamespace}:aws-account-scan-operator`;
  const question = ["auth", "can-i", "create", `serviceaccounts/${name}`, "--subresource=token", operator];
  await eventually(
    async () => {
      const { code } = await tryKubectl(question, { namespace, kubeconfig });
      if (code !== 0) throw new Error("not yet");
    },
    { describe: `the operator may mint tokens of ${namespace}/${name}` },
  );
}

/** A ServiceAccount that agrees to scans under `roleArn`, and whose tokens the operator may mint already. */
export async function serviceAccountFor(
  account: ServiceAccountRef,
  roleArn: string,
  operatorNamespace: string,
): Promise<void> {
  await applyServiceAccount(account, { ...OPT_IN, ...naming(roleArn) });
  await permitTokens(account, operatorNamespace);
}
