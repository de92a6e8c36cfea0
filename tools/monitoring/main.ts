/** Gets the programs that tests and the demo run of Prometheus' family; see `usage`. */
import { goProgram } from "../machine/go-program.ts";
import { PROGRAMS } from "./programs.ts";

const usage = `usage: node tools/monitoring/main.ts programs

  programs   finds or builds Prometheus, Alertmanager, promtool and amtool, and prints their paths`;

if (process.argv[2] === "programs") {
  for (const program of PROGRAMS) console.log(await goProgram(program));
} else {
  console.error(usage);
  process.exitCode = 2;
}
