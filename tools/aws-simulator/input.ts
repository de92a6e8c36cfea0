import { invalidMember } from "./errors.ts";

/** What a request asks, by the names of the service's model; values of the query protocol are all strings. */
export class Input {
  readonly #members: Readonly<Record<string, unknown>>;

  constructor(members: Readonly<Record<string, unknown>>) {
    this.#members = members;
  }

  /** Undefined where it is missing or empty. */
  text(member: string): string | undefined {
    const value = this.#members[member];
    return value === undefined || value === null || value === "" ? undefined : String(value);
  }

  /** Throws ValidationException where it is missing. */
  requiredText(member: string): string {
    const value = this.text(member);
    if (value === undefined) throw invalidMember(member, null, "Member must not be null");
    return value;
  }

  /** Throws ValidationException where it lies outside of `least` and `most`. */
  integer(member: string, least: number, most: number): number | undefined {
    const value = this.#members[member];
    if (value === undefined || value === null) return undefined;
    const number = Number(value);
    if (!Number.isInteger(number) || number < least)
      throw invalidMember(member, value, `Member must have value greater than or equal to ${least}`);
    if (number > most)
      throw invalidMember(member, value, `Member must have value less than or equal to ${most}`);
    return number;
  }

  /** One of `values`, or undefined where it is missing; throws ValidationException where it is something else. */
  oneOf<T extends string>(member: string, values: readonly T[]): T | undefined {
    const text = this.text(member);
    if (text === undefined) return undefined;
    const found = values.find((value) => value === text);
    if (found === undefined)
      throw invalidMember(member, text, `Member must satisfy enum value set: [${values.join(", ")}]`);
    return found;
  }

  /** A list of JSON; undefined where it is missing. */
  texts(member: string): string[] | undefined {
    const value = this.#members[member];
    return Array.isArray(value) ? value.map(String) : undefined;
  }

  /** A structure of JSON; undefined where it is missing. */
  nested(member: string): Input | undefined {
    const value = this.#members[member];
    return typeof value === "object" && value !== null
      ? new Input(value as Record<string, unknown>)
      : undefined;
  }

  /** Epoch seconds as milliseconds. */
  timeMs(member: string): number | undefined {
    const value = this.#members[member];
    return value === undefined || value === null ? undefined : Number(value) * 1000;
  }

  /** `Prefix.1`, `Prefix.2`… of the query protocols. */
  numbered(prefix: string): string[] {
    const values: string[] = [];
    for (let at = 1; ; at++) {
      const value = this.text(`${prefix}.${at}`);
      if (value === undefined) return values;
      values.push(value);
    }
  }
}
