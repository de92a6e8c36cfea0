/** OTLP's protobuf, read by OpenTelemetry's own definition of it rather than by one of ours. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runOrThrow } from "../machine/command.ts";
import { pythonVenv } from "../machine/venv.ts";

const DECODE = fileURLToPath(new URL("decode.py", import.meta.url));

/**
 * The trace export requests of these bodies, as protobuf's JSON: ids are base64 there. The first call on a machine
 * installs the definition from PyPI into the cache folder. Throws where a body is no such request.
 */
export async function decodeTraceRequests(
  bodies: readonly Buffer[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<unknown[]> {
  const bin = await pythonVenv({
    requirements: new URL("requirements.txt", import.meta.url),
    content: "OTLP's messages",
    tool: "otlp",
    env,
    tell: (line) => process.stderr.write(`otlp: ${line}\n`),
  });
  const input = bodies.map((body) => `${body.toString("base64")}\n`).join("");
  const output = await runOrThrow(join(bin, "python"), [DECODE], { input });
  return output
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as unknown);
}
