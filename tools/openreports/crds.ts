import { goModuleFiles } from "../machine/go-module.ts";

/** The folder with the CRDs of the Reports API, as its Go module publishes them. */
export function openReportsCrds(): Promise<string> {
  return goModuleFiles({
    tool: "openreports",
    module: "github.com/openreports/reports-api",
    version: "v0.2.1",
    paths: ["config/crd"],
    what: "CRDs",
  });
}
