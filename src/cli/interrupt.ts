import { EXIT } from "./program.ts";

/**
 * A signal that aborts at the first Ctrl-C or SIGTERM, so that what is known can still be told; the second ends the
 * process at once.
 */
export function onInterrupt(notice: string): AbortSignal {
  const controller = new AbortController();
  const interrupt = () => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    if (process.stderr.isTTY) process.stderr.write(`\n${notice}\n`);
    controller.abort(new DOMException("interrupted", "AbortError"));
  };
  process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
  return controller.signal;
}
