/** Many scans with an interval of a minute, in compressed time, for as long as asked: what drifts? */
import { Command, InvalidArgumentError } from "commander";
import { count } from "../../src/config/values.ts";
import { applyCrds } from "../../test/support/cluster-crds.ts";
import { resolveBinaries } from "../../tools/control-plane/binaries.ts";
import { startControlPlane } from "../../tools/control-plane/control-plane.ts";
import { describeMachine } from "../support/machine.ts";
import { reportOf } from "./report.ts";
import { soak } from "./run.ts";

const { minutes, speed, scans, notebooks, sample } = new Command("bench/soak")
  .description("Scans with an interval of a minute, in compressed time, for as long as asked: what drifts?")
  .option("--minutes <count>", "of the machine's time, after the warm-up", positive, 10)
  .option("--speed <factor>", "minutes that pass in one of the machine's", positive, 1)
  .option("--scans <count>", "AwsAccountScans", count(1, 10_000), 1_000)
  .option("--notebooks <count>", "in each of 20 accounts", count(1, 1_000), 10)
  .option("--sample <seconds>", "between two samples", positive, 10)
  .allowExcessArguments(false)
  .parse()
  .opts<{ minutes: number; speed: number; scans: number; notebooks: number; sample: number }>();

await main();

async function main(): Promise<void> {
  const controlPlane = await startControlPlane({ binaries: await resolveBinaries() });
  try {
    await applyCrds(controlPlane);
    const outcome = await soak({
      kubeconfig: controlPlane.adminKubeconfigPath,
      prefix: "soak",
      speed,
      durationMs: minutes * 60_000,
      sampleMs: sample * 1_000,
      scans,
      notebooks,
      tell: (what) => void process.stderr.write(`${what}\n`),
    });
    const report = reportOf(outcome);
    console.log(
      `${describeMachine()}; ${scans} scans of ${notebooks} notebooks, ${minutes} min at speed ${speed}\n`,
    );
    console.log(report.table);
    console.log();
    for (const { promise, kept, says } of report.verdicts)
      console.log(`${kept ? "kept" : "BROKEN"}: ${promise}: ${says}`);
    if (report.verdicts.some(({ kept }) => !kept)) process.exitCode = 1;
  } finally {
    await controlPlane.stop();
  }
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0 && Number.isFinite(value))) throw new InvalidArgumentError("Give a number above 0.");
  return value;
}
