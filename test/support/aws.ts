/** AWS for tests: the simulator as a process of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Fleet } from "../../tools/aws-simulator/fleet.ts";
import { type SimulatorAdmin, simulatorAdmin } from "./aws-admin.ts";

export type { SimulatorAdmin } from "./aws-admin.ts";

export interface StartSimulatorOptions {
  readonly fleet: Fleet;
  /** The keys that sign web identity tokens, with `issuer`; without both no web identity is accepted. */
  readonly jwksPath?: string | undefined;
  readonly issuer?: string | undefined;
  /** Of faults that strike by chance. */
  readonly seed?: number;
  /** Beside this process's own. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A simulator that runs. */
export interface RunningSimulator {
  /** For `AWS_ENDPOINT_URL` or a client's `endpoint`. */
  readonly url: string;
  readonly client: SimulatorAdmin;
  /** Sends `signal` to the process, and does not wait for what comes of it. */
  kill(signal: NodeJS.Signals): void;
  /** Resolves when the process has ended, in whatever state it was. */
  stop(): Promise<void>;
}

const MAIN = fileURLToPath(new URL("../../tools/aws-simulator/main.ts", import.meta.url));

/**
 * Starts a simulator and resolves when it answers; throws with what it wrote to stderr if it ends before.
 * It ends by `stop()` or with this process, whose death closes its stdin.
 */
export async function startSimulator(options: StartSimulatorOptions): Promise<RunningSimulator> {
  const { fleet, jwksPath, issuer, seed = 1, env } = options;
  const folder = await mkdtemp(join(tmpdir(), "aws-simulator-"));
  const fleetPath = join(folder, "fleet.json");
  await writeFile(fleetPath, JSON.stringify(fleet));
  const args = [MAIN, "--fleet", fleetPath, "--seed", String(seed), "--until-eof"];
  if (jwksPath !== undefined) args.push("--jwks", jwksPath);
  if (issuer !== undefined) args.push("--issuer", issuer);
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const ended = once(child, "close");
  try {
    const url = await urlOf(child);
    return {
      url,
      client: simulatorAdmin(url),
      kill: (signal) => void child.kill(signal),
      async stop() {
        child.stdin.end();
        // One that SIGSTOP has stopped hears nothing before.
        child.kill("SIGCONT");
        await ended;
      },
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Reads the line that says it is ready. Afterwards its stderr goes to ours. */
async function urlOf(child: ChildProcess & { stdout: NodeJS.ReadableStream; stderr: NodeJS.ReadableStream }) {
  let said = "";
  const collect = (chunk: Buffer) => {
    said += chunk.toString();
  };
  child.stderr.on("data", collect);
  for await (const line of createInterface({ input: child.stdout })) {
    child.stderr.off("data", collect);
    child.stderr.pipe(process.stderr);
    return (JSON.parse(line) as { url: string }).url;
  }
  await once(child, "close");
  throw new Error(`the AWS simulator ended before it was ready:\n${said}`);
}
