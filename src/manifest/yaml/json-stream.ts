/** A part of a file that holds one document. */
export interface Segment {
  /** Its offset in the file, in UTF-16 units. */
  readonly start: number;
  readonly source: string;
}

/**
 * The objects of a file that begins with one in braces, one after another without separators, as `kubectl get -o json`
 * and `jq` write them. Undefined where more than objects and white space is in it: YAML that begins with a brace.
 */
export function jsonObjects(text: string): readonly Segment[] | undefined {
  if (!/^\s*\{/.test(text)) return undefined;
  const segments: Segment[] = [];
  let depth = 0;
  let start = 0;
  let isInString = false;
  // An escape is one token, so that a quote in it ends no string. Every character is looked at once.
  for (const { 0: token, index } of text.matchAll(/\\[\s\S]|["{}[\]]|[^\s"\\{}[\]]+/g)) {
    if (token === '"') isInString = !isInString;
    if (isInString) continue;
    if (depth === 0) {
      if (token !== "{") return undefined;
      start = index;
    }
    if (token === "{" || token === "[") depth++;
    if (token === "}" || token === "]") depth--;
    if (depth === 0) segments.push({ start, source: text.slice(start, index + 1) });
  }
  return depth === 0 && !isInString ? segments : undefined;
}
