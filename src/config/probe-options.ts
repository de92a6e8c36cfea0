import { type Command, InvalidArgumentError, Option } from "commander";
import { duration } from "./values.ts";

export interface ProbeOptions {
  /** Milliseconds. */
  readonly timeout: number;
}

/** An address that can be asked: `http` or `https`, without a user's name or password, which a log would show. */
function url(text: string): URL {
  const parsed = URL.canParse(text) ? new URL(text) : undefined;
  if (!parsed || !/^https?:$/.test(parsed.protocol) || parsed.username || parsed.password) {
    throw new InvalidArgumentError("Give a URL such as http://localhost:8081/readyz.");
  }
  return parsed;
}

export function addProbeOptions(command: Command): Command {
  return command
    .argument("<url...>", "endpoints such as http://localhost:8081/readyz", (text, before?: URL[]) => [
      ...(before ?? []),
      url(text),
    ])
    .addOption(
      new Option("--timeout <duration>", "how long they may take to answer 200")
        .argParser(duration("1s"))
        .default(60_000, "60s"),
    );
}
