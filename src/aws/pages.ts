import { invalidAnswer } from "./errors.ts";

/** One page of a list: its items, and the token of the next page where there is one. */
export interface Page<T> {
  readonly items: readonly T[] | undefined;
  readonly next: string | undefined;
}

/**
 * The pages of a list, following NextToken to its end: a short or empty page is none. A page without the list's
 * field, or a token that comes twice, is no answer. Throws `AwsCallError`.
 */
export async function* pages<T>(
  operation: string,
  get: (nextToken: string | undefined) => Promise<Page<T>>,
): AsyncGenerator<readonly T[]> {
  const seen = new Set<string>();
  let token: string | undefined;
  do {
    const page = await get(token);
    yield listIn(operation, page.items);
    const next = textIn(operation, page.next);
    if (next && seen.has(next)) throw invalidAnswer(operation, "the answer repeats a page token");
    if (next) seen.add(next);
    token = next || undefined;
  } while (token !== undefined);
}

/** `items` as the list of objects that the service's model promises: the SDK hands on whatever came. Throws `AwsCallError`. */
export function listIn<T>(operation: string, items: readonly T[] | undefined): readonly T[] {
  if (!Array.isArray(items)) throw invalidAnswer(operation, "the answer has no list");
  if (items.some((item) => typeof item !== "object" || item === null))
    throw invalidAnswer(operation, "the answer lists something that is no object");
  return items;
}

/** A field that is a text or absent. Throws `AwsCallError`. */
export function textIn(operation: string, field: string | null | undefined): string | undefined {
  if (field === undefined || field === null || typeof field === "string") return field ?? undefined;
  throw invalidAnswer(operation, "the answer has something else where a text belongs");
}

/** An input with its page token, where there is one. */
export function withToken<Input extends object>(
  input: Input,
  nextToken: string | undefined,
): Input & { NextToken?: string } {
  return nextToken === undefined ? input : { ...input, NextToken: nextToken };
}
