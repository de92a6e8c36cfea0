import { jsonLine } from "./json-text.ts";
import { visibleValue } from "./visible-value.ts";

/** A JSON array with an element a line, for machines that read it whole and people that compare two. */
export function* jsonList(elements: Iterable<object>): Iterable<string> {
  let before = "[\n";
  for (const element of elements) {
    yield before + jsonLine(visibleValue(element));
    before = ",\n";
  }
  yield before.startsWith("[") ? "[]\n" : "\n]\n";
}
