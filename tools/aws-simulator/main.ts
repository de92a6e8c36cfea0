/** Runs the simulator until it is told to stop; `--help` says how. */
import { readFile } from "node:fs/promises";
import { Command } from "commander";
import { count, port } from "../../src/config/values.ts";
import type { Fleet } from "./fleet.ts";
import { toScenario } from "./scenario.ts";
import { startServer } from "./server.ts";

interface Options {
  readonly fleet?: string;
  readonly scenario?: string;
  readonly port: number;
  readonly jwks?: string;
  readonly issuer?: string;
  readonly seed: number;
  readonly logSize: number;
  readonly untilEof?: true;
}

const program = new Command("aws-simulator")
  .description(
    "Answers as STS, EC2, SageMaker and Organizations do, on 127.0.0.1. Prints one line when it is ready: " +
      '{"url":"http://127.0.0.1:<port>"}, the value for AWS_ENDPOINT_URL. Its admin API is described in admin.ts.',
  )
  .option("--fleet <file>", "what exists, JSON; see fleet.ts")
  .option(
    "--scenario <file>",
    "what exists unless --fleet says so, its misbehaviour and how it changes, JSON; see scenario.ts and scenarios/",
  )
  .option("--port <number>", "0 picks a free one", port, 0)
  .option("--jwks <file>", "the keys that sign web identity tokens, with")
  .option("--issuer <url>", "who issues them; without both no web identity is accepted")
  .option(
    "--seed <number>",
    "of faults that strike by chance; a scenario has its own",
    count(0, 2 ** 32 - 1),
    1,
  )
  .option(
    "--log-size <n>",
    "how many requests the log keeps; of 0 there are counters alone, and requests cost less",
    count(0, 10_000_000),
    10_000,
  )
  .option("--until-eof", "end as well when stdin does, hence with the process that holds it")
  .allowExcessArguments(false)
  .showHelpAfterError()
  .parse();

const options = program.opts<Options>();
if (options.fleet === undefined && options.scenario === undefined)
  program.error("error: give --fleet, --scenario or both", { exitCode: 2 });
if ((options.jwks === undefined) !== (options.issuer === undefined))
  program.error("error: --jwks and --issuer go together", { exitCode: 2 });
await run(options).catch((error: unknown) => {
  console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});

async function run({
  jwks: jwksPath,
  issuer,
  port,
  seed,
  logSize,
  untilEof,
  ...files
}: Options): Promise<void> {
  const [fleet, scenario] = await Promise.all([readJson(files.fleet), readJson(files.scenario)]);
  const simulator = await startServer({
    fleet: fleet as Fleet | undefined,
    scenario: scenario === undefined ? undefined : toScenario(scenario),
    identityProvider: jwksPath && issuer ? { jwksPath, issuer } : undefined,
    port,
    seed,
    logSize,
  });
  const stop = () => simulator.close().then(() => process.exit(0));
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  if (untilEof) process.stdin.resume().once("end", stop);
  console.log(JSON.stringify({ url: simulator.url }));
}

async function readJson(path: string | undefined): Promise<unknown> {
  if (path === undefined) return undefined;
  const text = await readFile(path, "utf8");
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new Error(`${path} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}
