import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";

/** https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/: who asked for what, without bodies. */
const POLICY = {
  apiVersion: "audit.k8s.io/v1",
  kind: "Policy",
  // Watches are told of when they begin: they may outlive whoever reads.
  omitStages: ["RequestReceived"],
  rules: [{ level: "Metadata", userGroups: ["system:serviceaccounts"] }, { level: "None" }],
};

/** The arguments of kube-apiserver that have it write to `logPath` what ServiceAccounts ask; its policy lies in `folder`. */
export async function auditArgs(folder: string, logPath: string): Promise<readonly string[]> {
  const policyPath = join(folder, "audit-policy.yaml");
  await writeFile(policyPath, stringify(POLICY));
  return [
    `--audit-policy-file=${policyPath}`,
    `--audit-log-path=${logPath}`,
    // Batches would be written a moment after the answer.
    "--audit-log-mode=blocking",
  ];
}
