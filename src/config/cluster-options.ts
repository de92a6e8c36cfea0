import { type Command, InvalidArgumentError, Option } from "commander";
import { duration, NAMESPACE_NAME } from "./values.ts";

/** Which cluster and namespace, as kubectl asks. */
export interface ClusterOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
  /** Undefined: the context's. */
  readonly namespace?: string;
  readonly allNamespaces?: boolean;
}

export interface NowOptions extends ClusterOptions {
  readonly wait: boolean;
  /** Milliseconds. */
  readonly timeout: number;
}

export function addClusterOptions(command: Command): Command {
  return command
    .option("--kubeconfig <file>", "instead of KUBECONFIG or ~/.kube/config")
    .option("--context <name>", "a context of it other than the current one")
    .addOption(
      new Option("-n, --namespace <namespace>", "the scans' namespace (default: the context's)").argParser(
        (text) => {
          if (!NAMESPACE_NAME.test(text)) throw new InvalidArgumentError("Give the name of a namespace.");
          return text;
        },
      ),
    );
}

export function addAllNamespacesOption(command: Command): Command {
  return command.addOption(
    new Option("-A, --all-namespaces", "the scans of every namespace").conflicts("namespace"),
  );
}

export function addNowOptions(command: Command): Command {
  return addClusterOptions(command)
    .option("--no-wait", "ask for the scan and return at once")
    .addOption(
      new Option("--timeout <duration>", "how long to wait for the scan to end")
        .argParser(duration("1s"))
        .default(1_800_000, "30m"),
    );
}
