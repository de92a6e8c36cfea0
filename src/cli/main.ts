import { awsscanProgram } from "./awsscan.ts";
import { keepHeapSmall } from "./heap.ts";
import { runProgram } from "./program.ts";

keepHeapSmall();
await runProgram(awsscanProgram());
