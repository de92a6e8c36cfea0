import { Command } from "commander";
import { addOperatorOptions, type OperatorOptions } from "../config/operator-options.ts";
import { createLogger } from "../log/logger.ts";
import { BUILD } from "./build-info.ts";
import { keepHeapSmall } from "./heap.ts";
import { startOperator } from "./operator.ts";

keepHeapSmall();

const program = new Command("awsscan")
  .description("Keeps AWS accounts free of SageMaker notebooks with direct internet access.")
  .version(BUILD.version)
  .showHelpAfterError("(awsscan --help tells what is allowed)");

addOperatorOptions(
  program
    .command("operator")
    .description(
      "Run the Kubernetes operator: it scans what AwsAccountScan resources name, and tells status and metrics.",
    ),
).action(runOperator);

// Charts render variables that nobody set as empty ones.
for (const [name, value] of Object.entries(process.env)) {
  if (name.startsWith("AWSSCAN_") && value === "") delete process.env[name];
}
await program.parseAsync();

async function runOperator(options: OperatorOptions): Promise<void> {
  const log = createLogger(options.logLevel);
  // A defect must not leave a process behind that looks alive: the kubelet restarts it, and nothing is lost.
  for (const event of ["uncaughtException", "unhandledRejection"] as const) {
    process.on(event, (error: unknown) => {
      log.fatal({ err: error }, "a defect of the operator: exiting");
      process.exit(1);
    });
  }
  try {
    const operator = await startOperator(options, process.env, log);
    const stop = (signal: string) => {
      log.info({ signal }, "signal received");
      operator.stop().then(
        () => process.exit(0),
        (error: unknown) => {
          log.fatal({ err: error }, "stopping failed");
          process.exit(1);
        },
      );
    };
    process.once("SIGTERM", stop).once("SIGINT", stop);
  } catch (error) {
    log.fatal({ err: error }, "the operator cannot start");
    process.exit(1);
  }
}
