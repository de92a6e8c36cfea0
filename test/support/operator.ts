import { spawn } from "node:child_process";
import { once } from "node:events";
import { open } from "node:fs/promises";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { eventually } from "./cluster-eventually.ts";
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
  /** The file to run; that of `npm run build` by default. */
  readonly bundle?: string;
  /** A program, with arguments, that is to execute the operator's command line in its own place. */
  readonly launcher?: readonly string[] | undefined;
  /** Where its output goes, in place of a pipe to this process. */
  readonly logFile?: string | undefined;
}

/** An operator as a process of its own: the bundle, as a container would run it. */
export interface OperatorProcess {
  readonly pid: number;
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

/** The process as it is from its very beginning. */
export interface OperatorChild {
  readonly pid: number;
  /** Every line that it logged so far. */
  readonly lines: readonly string[];
  readonly running: boolean;
  kill(signal: NodeJS.Signals): void;
  /** Resolves to the exit code when it has ended and all of its lines are there, null where a signal ended it. */
  readonly ended: Promise<number | null>;
  /** Nobody reads its output any more: the pipe is broken. */
  deafen(): void;
}

/** Starts the bundled operator on free ports, and waits for nothing but the process. */
export async function spawnOperator(setup: OperatorSetup): Promise<OperatorChild> {
  const command = setup.command ?? ["operator", "--metrics-port=0", "--health-port=0", ...(setup.args ?? [])];
  const [file = "", ...args] = [
    ...(setup.launcher ?? []),
    process.execPath,
    setup.bundle ?? BUNDLE,
    ...command,
  ];
  // Nothing of the caller's own AWS or Kubernetes settings may leak in.
  const env = { PATH: process.env["PATH"], HOME: "/nonexistent", KUBECONFIG: setup.kubeconfig, ...setup.env };
  const output = setup.logFile === undefined ? undefined : await open(setup.logFile, "a");
  const sink = output?.fd ?? "pipe";
  const written = (await output?.stat())?.size ?? 0;
  const child = spawn(file, args, { env, stdio: ["ignore", sink, sink] });
  const closed = once(child, "close");
  await once(child, "spawn");
  await output?.close();
  const lines: string[] = [];
  const follower = setup.logFile === undefined ? undefined : follow(setup.logFile, written, child.pid);
  for (const stream of [child.stdout, child.stderr, follower?.stdout])
    if (stream) createInterface(stream).on("line", (line) => lines.push(line));
  const ended = Promise.all([closed, follower && once(follower, "close")]).then(() => child.exitCode);
  return {
    pid: child.pid ?? 0,
    lines,
    get running() {
      return child.exitCode === null && child.signalCode === null;
    },
    kill: (signal) => void child.kill(signal),
    ended,
    deafen() {
      child.stdout?.destroy();
      child.stderr?.destroy();
    },
  };
}

/** Follows what the process of this id appends to the first `written` bytes of `path`; tail sees its end within a second. */
function follow(path: string, written: number, pid = 0) {
  const args = [`--bytes=+${written + 1}`, "--follow", `--pid=${pid}`, path];
  return spawn("tail", args, { stdio: ["ignore", "pipe", "inherit"] });
}

/** The servers' URLs, once both listen; throws before. */
export function urlsOf(lines: readonly string[]): {
  readonly metricsUrl: string;
  readonly healthUrl: string;
} {
  const url = (server: string) => `http://127.0.0.1:${portOf(lines, server)}`;
  return { metricsUrl: url("metrics"), healthUrl: url("health") };
}

/** The samples of one scrape of `metricsUrl`, those of `name` and with `labels` where they are given. */
export async function scrapeOf(
  metricsUrl: string,
  name?: string,
  labels: Readonly<Record<string, string>> = {},
): Promise<Sample[]> {
  const samples = parseSamples(await (await fetch(`${metricsUrl}/metrics`)).text());
  return samples.filter(
    (sample) =>
      (name === undefined || sample.name === name) &&
      Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
  );
}

/** Starts the bundled operator on free ports, and resolves when both servers listen. Throws with its log otherwise. */
export async function startOperator(setup: OperatorSetup): Promise<OperatorProcess> {
  const child = await spawnOperator(setup);
  const { lines } = child;
  const urls = await eventually(() => (child.running ? urlsOf(lines) : undefined), {
    describe: "the operator listens",
    timeoutMs: 30_000,
  });
  if (urls === undefined)
    throw new Error(`the operator ended with code ${await child.ended}:\n${lines.join("\n")}`);
  return {
    pid: child.pid,
    ...urls,
    lines,
    scrape: (name, labels) => scrapeOf(urls.metricsUrl, name, labels),
    kill: (signal) => child.kill(signal),
    exited: () => child.ended,
    stop: (signal = "SIGTERM") => {
      child.kill(signal);
      return child.ended;
    },
  };
}

function portOf(lines: readonly string[], server: string): number {
  const line = lines.find((candidate) => candidate.includes(`"server":"${server}"`));
  if (line === undefined) throw new Error(`no ${server} server in the log:\n${lines.join("\n")}`);
  return (JSON.parse(line) as { port: number }).port;
}
