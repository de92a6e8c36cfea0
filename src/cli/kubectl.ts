import { kubectlProgram } from "./kubectl-awsscan.ts";
import { runProgram } from "./program.ts";

await runProgram(kubectlProgram());
