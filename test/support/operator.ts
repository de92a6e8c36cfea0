import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { eventually } from "./cluster.ts";
import { parseSamples, type Sample } from "./exposition.ts";

const BUNDLE = fileURLToPath(new URL("../../dist/awsscan.js", import.meta.url));

/** How to run an operator. */
export interface OperatorSetup {
  readonly kubeconfig: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Beside free ports. */
  readonly args?: readonly string[];
  /** The whole command line in place of `args`, as a Deployment has it. */
  readonly command?: readonly string[];
}

/** An operator as a process of its own: the bundle, as a container would run it. */
export interface OperatorProcess {
  readonly metricsUrl: string;
  readonly healthUrl: string;
  /** Every line that it logged so far. */
  readonly lines: readonly string[];
  /** The samples of one scrape, those of `name` and with `labels` where they are given. */
  scrape(name?: string, labels?: Readonly<Record<string, string>>): Promise<Sample[]>;
  /** Sends `signal` and does not wait for what comes of it. */
  kill(signal: NodeJS.Signals): void;
  /** Resolves to the exit code when it has ended, null where a signal ended it. */
  exited(): Promise<number | null>;
  /** Sends `signal` (SIGTERM by default) and resolves to the exit code, null where the signal ended it. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Starts the bundled operator on free ports, and resolves when both servers listen. Throws with its log otherwise. */
export async function startOperator(setup: OperatorSetup): Promise<OperatorProcess> {
  const command = setup.command ?? ["operator", "--metrics-port=0", "--health-port=0", ...(setup.args ?? [])];
  const args = [BUNDLE, ...command];
  // Nothing of the caller's own AWS or Kubernetes settings may leak in.
  const env = { PATH: process.env["PATH"], HOME: "/nonexistent", KUBECONFIG: setup.kubeconfig, ...setup.env };
  const child = spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    createInterface(stream).on("line", (line) => lines.push(line));
  const ports = await eventually(
    () => {
      if (child.exitCode !== null) return undefined;
      return { metrics: portOf(lines, "metrics"), health: portOf(lines, "health") };
    },
    { describe: "the operator listens", timeoutMs: 30_000 },
  );
  if (ports === undefined)
    throw new Error(`the operator ended with code ${child.exitCode}:\n${lines.join("\n")}`);
  const metricsUrl = `http://127.0.0.1:${ports.metrics}`;
  return {
    metricsUrl,
    healthUrl: `http://127.0.0.1:${ports.health}`,
    lines,
    scrape: async (name, labels = {}) => {
      const samples = parseSamples(await (await fetch(`${metricsUrl}/metrics`)).text());
      return samples.filter(
        (sample) =>
          (name === undefined || sample.name === name) &&
          Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
      );
    },
    kill: (signal) => void child.kill(signal),
    exited: () => exited(child),
    stop: (signal = "SIGTERM") => {
      child.kill(signal);
      return exited(child);
    },
  };
}

async function exited(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  return child.exitCode;
}

function portOf(lines: readonly string[], server: string): number {
  const line = lines.find((candidate) => candidate.includes(`"server":"${server}"`));
  if (line === undefined) throw new Error(`no ${server} server in the log:\n${lines.join("\n")}`);
  return (JSON.parse(line) as { port: number }).port;
}
