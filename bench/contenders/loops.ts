/** What a user writes in half an hour, in Node and in Python. Each prints {@link Tally} at its end. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundle } from "../support/bundle.ts";
import type { Measured } from "../support/measure.ts";
import { venvBin } from "../support/venv.ts";
import { type Contender, cleanEnvironment, lastWords, type Reading } from "./contender.ts";

interface Tally {
  readonly judged: number;
  readonly violations: number;
  readonly failed: number;
}

const NODE_LOOP = new URL("programs/node-loop.mjs", import.meta.url);
const BOTO3_LOOP = fileURLToPath(new URL("programs/boto3_loop.py", import.meta.url));
/** boto3 and the AWS CLI, of versions that share a botocore. */
export const PYTHON_REQUIREMENTS = new URL("programs/aws-requirements.txt", import.meta.url);

/** The Node SDK, 50 describes at once. */
export const nodeLoop: Contender = {
  name: "Node SDK loop, 50 at once",
  prepare: async () => nodeProgram(fileURLToPath(NODE_LOOP)),
};

/** The same in one file, which starts quicker. */
export const bundledNodeLoop: Contender = {
  name: "Node SDK loop, 50 at once, bundled",
  async prepare(folder) {
    const script = join(folder, "node-loop.mjs");
    await bundle(NODE_LOOP, script);
    return nodeProgram(script);
  },
};

function nodeProgram(script: string) {
  return {
    command: (run: Parameters<typeof cleanEnvironment>[0]) => ({
      argv: [process.execPath, script],
      env: cleanEnvironment(run),
    }),
    read: readTally,
  };
}

/** boto3 with a pool of threads; 1 is a loop without any. */
export function boto3Loop(threads: number): Contender {
  return {
    name: threads === 1 ? "boto3, in sequence" : `boto3, ${threads} threads`,
    async prepare() {
      const python = join(await venvBin(PYTHON_REQUIREMENTS), "python");
      return {
        command: (run) => ({ argv: [python, BOTO3_LOOP, String(threads)], env: cleanEnvironment(run) }),
        read: readTally,
      };
    },
  };
}

async function readTally(measured: Measured): Promise<Reading> {
  const exitCode = String(measured.code);
  const line = measured.stdout.trim().split("\n").at(-1) ?? "";
  if (!line.startsWith("{"))
    return { violations: undefined, judged: undefined, says: lastWords(measured), exitCode };
  const { judged, violations, failed } = JSON.parse(line) as Tally;
  return { judged, violations, says: failed === 0 ? "" : `${failed} failed`, exitCode };
}
