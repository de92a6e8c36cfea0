import { goModuleFiles } from "../machine/go-module.ts";

const FOLDER = "example/prometheus-operator-crd";
const KINDS = ["alertmanagerconfigs", "prometheusrules", "servicemonitors"];

/** The folder with those CRDs of Prometheus Operator that we ship objects of, as its Go module publishes them. */
export function prometheusOperatorCrds(): Promise<string> {
  return goModuleFiles({
    tool: "prometheus-operator-crds",
    module: "github.com/prometheus-operator/prometheus-operator",
    // The newest of its module that holds the CRDs.
    version: "v0.85.0",
    paths: KINDS.map((kind) => `${FOLDER}/monitoring.coreos.com_${kind}.yaml`),
    what: "CRDs",
  });
}
