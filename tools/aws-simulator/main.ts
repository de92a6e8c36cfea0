/** Runs the simulator until it is told to stop; see `usage`. */
import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import type { Fleet } from "./fleet.ts";
import { startServer } from "./server.ts";

const usage = `usage: node tools/aws-simulator/main.ts --fleet <file> [options]

Answers as STS, EC2, SageMaker and Organizations do, on 127.0.0.1. Prints one line when it is ready:
{"url":"http://127.0.0.1:<port>"}, the value for AWS_ENDPOINT_URL. Its admin API is described in admin.ts.

  --fleet <file>   what exists, JSON; see fleet.ts
  --port <number>  0, the default: any free one
  --jwks <file>    the keys that sign web identity tokens, with
  --issuer <url>   who issues them; without both no web identity is accepted
  --seed <number>  of faults that strike by chance (1)
  --log-size <n>   how many requests the log keeps (10000)
  --until-eof      end as well when stdin does, hence with the process that holds it
  --help`;

const { values } = parseArgs({
  options: {
    fleet: { type: "string" },
    port: { type: "string", default: "0" },
    jwks: { type: "string" },
    issuer: { type: "string" },
    seed: { type: "string", default: "1" },
    "log-size": { type: "string", default: "10000" },
    "until-eof": { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

if (values.help) console.log(usage);
else if (values.fleet === undefined || (values.jwks === undefined) !== (values.issuer === undefined)) {
  console.error(usage);
  process.exitCode = 2;
} else await run(values.fleet);

async function run(fleetPath: string): Promise<void> {
  const { jwks: jwksPath, issuer, port, seed } = values;
  const simulator = await startServer({
    fleet: JSON.parse(await readFile(fleetPath, "utf8")) as Fleet,
    identityProvider: jwksPath && issuer ? { jwksPath, issuer } : undefined,
    port: Number(port),
    seed: Number(seed),
    logSize: Number(values["log-size"]),
  });
  const stop = () => simulator.close().then(() => process.exit(0));
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  if (values["until-eof"]) process.stdin.resume().once("end", stop);
  console.log(JSON.stringify({ url: simulator.url }));
}
