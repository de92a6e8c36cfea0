import { awsscanProgram } from "../../src/cli/awsscan.ts";
import { kubectlProgram } from "../../src/cli/kubectl-awsscan.ts";
import { RULES } from "../../src/rules/registry.ts";
import { apiPage } from "./api.ts";
import { commandsPage } from "./commands.ts";
import { frameworksPage } from "./frameworks.ts";
import { metricsPage, operatorFamilies } from "./metrics.ts";

/** A page of `docs` that is made from the program's own data. */
export interface Page {
  readonly file: URL;
  readonly text: string;
}

/** In the order of the page. */
const CRDS = ["awsaccountscans.awsaccountscan.dev.yaml", "awsaccountscanreports.awsaccountscan.dev.yaml"];

export function generatedPages(): readonly Page[] {
  const docs = new URL("../../docs/", import.meta.url);
  return [
    { file: new URL("frameworks.md", docs), text: frameworksPage(RULES) },
    { file: new URL("commands.md", docs), text: commandsPage([awsscanProgram(), kubectlProgram()]) },
    { file: new URL("metrics.md", docs), text: metricsPage(operatorFamilies()) },
    { file: new URL("api.md", docs), text: apiPage(CRDS) },
  ];
}
