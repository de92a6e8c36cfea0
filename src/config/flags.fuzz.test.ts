/** Values of flags: each is what its type says, or refused in a line. */
import { Command, CommanderError, InvalidArgumentError } from "commander";
import fc from "fast-check";
import { expect, it } from "vitest";
import { fuzz } from "../../test/support/fuzz.ts";
import { damagedText } from "../../test/support/mutations.ts";
import {
  addHubPolicyOptions,
  addIrsaTrustOptions,
  addPodIdentityTrustOptions,
  addScanTrustOptions,
} from "./iam-options.ts";
import { addProbeOptions } from "./probe-options.ts";
import { addTargetOptions } from "./target-options.ts";
import { boolean, count, duration, file, list, memory, oneLine, port } from "./values.ts";

const PARSERS: Readonly<Record<string, readonly [(text: string) => unknown, (value: unknown) => boolean]>> = {
  port: [port, (value) => Number.isInteger(value) && within(value, 0, 65_535)],
  count: [count(1, 1_000), (value) => Number.isInteger(value) && within(value, 1, 1_000)],
  memory: [memory, (value) => Number.isSafeInteger(value) && within(value, 0, 2 ** 50)],
  boolean: [boolean, (value) => typeof value === "boolean"],
  duration: [duration("1s"), (value) => within(value, 1_000, 2 ** 31 - 1)],
  interval: [duration("1m", "8760h"), (value) => within(value, 60_000, 366 * 24 * 3_600_000)],
  list: [
    list(/^[a-z]+$/, "words", 3),
    (value) => Array.isArray(value) && value.every((entry) => /^[a-z]+$/.test(String(entry))),
  ],
  line: [oneLine(/^[\x21-\x7e]{1,255}$/, "one"), (value) => /^[\x21-\x7e]{1,255}$/.test(String(value))],
  file: [file, (value) => typeof value === "string" && !value.includes("\0")],
};

function within(value: unknown, min: number, max: number): boolean {
  return typeof value === "number" && value >= min && value <= max;
}

fuzz(
  "a value is of its type and in its range, or refused with what is allowed",
  800,
  fc.tuple(
    fc.constantFrom(...Object.values(PARSERS)),
    damagedText(["8080", "1000", "64Mi", "true", "1h30m", "a,b", "999999Gi", "/etc/x", "2147483648ms"], 2),
  ),
  ([[parse, isGood], text]) => {
    let value: unknown;
    try {
      value = parse(text);
    } catch (error) {
      expect(error).toBeInstanceOf(InvalidArgumentError);
      expect((error as Error).message).toMatch(/Give /);
      return;
    }
    expect(isGood(value)).toBe(true);
  },
);

it("no flag's duration is longer than a timer can be", () => {
  expect(() => duration("1s")("1000h")).toThrow("at most 24h");
  expect(() => duration("1m", "8760h")(`${"9".repeat(400)}h`)).toThrow(InvalidArgumentError);
});

/** Lines that are good, by what adds their options; the last word of each flag's value may be anything. */
const LINES: readonly (readonly [(command: Command) => Command, readonly string[]])[] = [
  [addTargetOptions, ["--account", "123456789012", "--role-arn", "arn:aws:iam::123456789012:role/a/Scan"]],
  [addTargetOptions, ["--regions", "us-east-1,eu-*", "--organizational-units", "ou-ab12-cdef3456,r-ab12"]],
  [addTargetOptions, ["--organization-role", "a/Scan", "--external-id", "acme-7f3a"]],
  [addHubPolicyOptions, ["--role-names", "Scan,a/Scan", "--organization-id", "o-a1b2c3d4e5"]],
  [
    addScanTrustOptions,
    ["--hub-role-arn", "arn:aws:iam::123456789012:role/Hub", "--external-id", "acme-7f3a"],
  ],
  [
    addIrsaTrustOptions,
    [
      "--issuer",
      "https://oidc.eks.eu-west-1.amazonaws.com/id/E",
      "--account",
      "123456789012",
      "--service-account",
      "a/b",
    ],
  ],
  [
    addPodIdentityTrustOptions,
    ["--cluster-arn", "arn:aws:eks:eu-west-1:123456789012:cluster/prod", "--service-account", "a/b"],
  ],
  [addProbeOptions, ["http://localhost:8081/readyz", "--timeout", "10s"]],
];
const HARMLESS = /^[\w+=,.@:/*~%?&#;!$'()[\]-]*$/;

fuzz(
  "a command line is refused, or its values have nothing in them that JSON, IAM or a terminal reads otherwise",
  400,
  fc
    .constantFrom(...LINES)
    .chain(([add, words]) =>
      fc.tuple(
        fc.constant(add),
        fc.constant(words),
        fc.nat({ max: words.length - 1 }),
        damagedText(words, 2),
      ),
    ),
  ([add, words, at, damaged]) => {
    const command = add(new Command("x"))
      .exitOverride()
      .configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
    try {
      command.parse(words.with(at, damaged), { from: "user" });
    } catch (error) {
      expect(error).toBeInstanceOf(CommanderError);
      return;
    }
    const { filename: _, profile: __, ...options } = command.opts();
    for (const value of [...Object.values(options), ...command.processedArgs].flat()) {
      if (value instanceof URL) expect([value.username, value.password]).toEqual(["", ""]);
      else if (typeof value === "string") expect(value).toMatch(HARMLESS);
    }
  },
);
