/** Inputs of AWS's API as arguments of the AWS CLI. */
import { isPlain, quote, quoteJson } from "./shell.ts";

/** A member's value; undefined and empty lists are left out. */
export type InputValue =
  | string
  | number
  | readonly string[]
  | readonly Readonly<Record<string, string>>[]
  | Readonly<Record<string, string>>
  | undefined;

/**
 * Words of bash, one option each. Texts that the CLI may take for something else (options, files, URLs) come in one
 * `--cli-input-json`, which takes everything for what it is.
 */
export function cliArguments(input: Readonly<Record<string, InputValue>>): string[] {
  const options: string[] = [];
  const json: Record<string, InputValue> = {};
  for (const [member, value] of Object.entries(input)) {
    if (value === undefined || (Array.isArray(value) && value.length === 0)) continue;
    const words = plainWords(value);
    if (words === undefined) json[member] = value;
    else options.push(`--${optionOf(member)} ${words}`);
  }
  if (Object.keys(json).length > 0) options.push(`--cli-input-json ${quoteJson(json)}`);
  return options;
}

function plainWords(value: NonNullable<InputValue>): string | undefined {
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return isPlain(value) ? quote(value) : undefined;
  if (!Array.isArray(value)) return undefined;
  const texts = value.filter((item) => typeof item === "string" && isPlain(item));
  return texts.length === value.length ? texts.join(" ") : undefined;
}

/** `VolumeSizeInGB` is `volume-size-in-gb`, as botocore's `xform_name` has it. */
export function optionOf(member: string): string {
  return member
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1-$2")
    .toLowerCase();
}
