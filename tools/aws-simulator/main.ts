/** Runs the simulator until it is told to stop; see `usage`. */
import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import type { Fleet } from "./fleet.ts";
import { toScenario } from "./scenario.ts";
import { startServer } from "./server.ts";

const usage = `usage: node tools/aws-simulator/main.ts --fleet <file> | --scenario <file> [options]

Answers as STS, EC2, SageMaker and Organizations do, on 127.0.0.1. Prints one line when it is ready:
{"url":"http://127.0.0.1:<port>"}, the value for AWS_ENDPOINT_URL. Its admin API is described in admin.ts.

  --fleet <file>     what exists, JSON; see fleet.ts
  --scenario <file>  what exists unless --fleet says so, its misbehaviour and how it changes, JSON; see scenario.ts and
                     the examples in scenarios/
  --port <number>    0, the default: any free one
  --jwks <file>      the keys that sign web identity tokens, with
  --issuer <url>     who issues them; without both no web identity is accepted
  --seed <number>    of faults that strike by chance (1); a scenario has its own
  --log-size <n>     how many requests the log keeps (10000); of 0 there are counters alone, and requests cost less
  --until-eof        end as well when stdin does, hence with the process that holds it
  --help`;

const { values } = parseArgs({
  options: {
    fleet: { type: "string" },
    scenario: { type: "string" },
    port: { type: "string", default: "0" },
    jwks: { type: "string" },
    issuer: { type: "string" },
    seed: { type: "string", default: "1" },
    "log-size": { type: "string", default: "10000" },
    "until-eof": { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

const isComplete = values.fleet !== undefined || values.scenario !== undefined;
if (values.help) console.log(usage);
else if (!isComplete || (values.jwks === undefined) !== (values.issuer === undefined)) {
  console.error(usage);
  process.exitCode = 2;
} else await run();

async function run(): Promise<void> {
  const { jwks: jwksPath, issuer, port, seed } = values;
  const [fleet, scenario] = await Promise.all([readJson(values.fleet), readJson(values.scenario)]);
  const simulator = await startServer({
    fleet: fleet as Fleet | undefined,
    scenario: scenario === undefined ? undefined : toScenario(scenario),
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

async function readJson(path: string | undefined): Promise<unknown> {
  return path === undefined ? undefined : (JSON.parse(await readFile(path, "utf8")) as unknown);
}
