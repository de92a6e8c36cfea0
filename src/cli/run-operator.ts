import type { OperatorOptions } from "../config/operator-options.ts";
import { createLogger } from "../log/logger.ts";
import { startOperator } from "./operator.ts";

/** `awsscan operator`: runs until a signal ends it. */
export async function runOperator(options: OperatorOptions): Promise<void> {
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
    // At once, whatever is under way: nothing of it may be written any more.
    void operator.superseded.then(() => {
      log.fatal("another process scans now: exiting");
      process.exit(1);
    });
  } catch (error) {
    log.fatal({ err: error }, "the operator cannot start");
    process.exit(1);
  }
}
