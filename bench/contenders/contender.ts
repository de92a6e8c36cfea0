import { stripVTControlCharacters } from "node:util";
import { InvalidArgumentError } from "commander";
import { HOME, KEYS } from "../support/fleet.ts";
import type { Command, Measured } from "../support/measure.ts";

/** Where a run asks, and a folder of its own, which is its home folder too. */
export interface Run {
  readonly url: string;
  readonly folder: string;
}

/** What a run came to; undefined where the tool does not say. */
export interface Reading {
  /** Violating instances that it names. */
  readonly violations: number | undefined;
  /** Instances on which it gives a verdict, pass or violation. */
  readonly judged: number | undefined;
  /** What a user reads of what went wrong; empty where nothing is said. */
  readonly says: string;
  /** As a user sees it: a number, or what there is in its stead. */
  readonly exitCode: string;
}

/** A contender that is installed. */
export interface Ready {
  command(run: Run): Command;
  read(measured: Measured, run: Run): Promise<Reading>;
}

/** A tool that finds notebook instances with direct internet access. */
export interface Contender {
  readonly name: string;
  /** Installs what it needs into the cache or into `folder`; throws where it cannot be had. */
  prepare(folder: string): Promise<Ready>;
}

/** Parses a part of names into those of `contenders` that have it; throws where none has. */
export function namedLike(contenders: readonly Contender[]): (text: string) => readonly Contender[] {
  return (text) => {
    const found = contenders.filter(({ name }) => name.toLowerCase().includes(text.toLowerCase()));
    if (found.length > 0) return found;
    throw new InvalidArgumentError(`There are ${contenders.map(({ name }) => name).join("; ")}.`);
  };
}

/** Nothing of the user's settings but what every contender is given alike. */
export function cleanEnvironment({ url, folder }: Run): NodeJS.ProcessEnv {
  return {
    PATH: process.env["PATH"],
    HOME: folder,
    LANG: "C.UTF-8",
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: KEYS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: KEYS.secretAccessKey,
    AWS_REGION: HOME,
    AWS_DEFAULT_REGION: HOME,
    AWS_EC2_METADATA_DISABLED: "true",
  };
}

/** The last error that a tool wrote, else its last line, without colours, cut to what a table can hold. */
export function lastWords({ stdout, stderr }: Pick<Measured, "stdout" | "stderr">): string {
  const lines = stripVTControlCharacters(`${stdout}\n${stderr}`)
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => /[a-z]/i.test(line));
  return shortened(lines.findLast((line) => /^[\w.]*(Error|Exception): /.test(line)) ?? lines.at(-1) ?? "");
}

/** One line that breaks no table. */
export function shortened(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").replaceAll("|", "/");
  return line.length > 140 ? `${line.slice(0, 139)}…` : line;
}
