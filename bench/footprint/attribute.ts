/** Whose the CPU time of a profile is, told by the source files of the functions on the stack. */

import { readFile } from "node:fs/promises";
import type { Profiler } from "node:inspector/promises";
import { SourceMap, type SourceMapPayload } from "node:module";
import { fileURLToPath } from "node:url";

/** What the time goes into. `collection`: of garbage, which is nobody's. */
export const PARTS = [
  "AWS calls",
  "engine",
  "controller",
  "Kubernetes calls",
  "other",
  "collection",
] as const;
export type Part = (typeof PARTS)[number];

/** The first that fits decides. Paths are those of source maps, relative to the bundle. */
const OWNERS: readonly (readonly [path: RegExp, part: Part])[] = [
  [/node_modules\/@(?:aws-sdk|smithy)\//, "AWS calls"],
  [/\/src\/aws\//, "AWS calls"],
  [/\/src\/(?:scan|rules)\//, "engine"],
  [/node_modules\/(?:undici|@kubernetes)\//, "Kubernetes calls"],
  [/\/src\/kube\//, "Kubernetes calls"],
  [/\/src\//, "controller"],
  [/node_modules\//, "other"],
];

/**
 * The share of each part in the time in which the CPU was busy. A function of Node.js or V8 counts for the nearest one
 * beneath it on the stack that has an owner. Where there is none, node:http's are AWS's, since nothing else speaks
 * through it but what scrapes and probes; others are `other`.
 */
export async function attribute(profile: Profiler.Profile): Promise<Readonly<Record<Part, number>>> {
  const maps = new Map<string, SourceMap | undefined>();
  const self = selfTimes(profile);
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const sums = Object.fromEntries(PARTS.map((part) => [part, 0])) as Record<Part, number>;
  const visit = async (id: number, inherited: Part | undefined): Promise<void> => {
    const node = nodes.get(id);
    if (node === undefined) return;
    const { functionName, url, lineNumber, columnNumber } = node.callFrame;
    if (functionName === "(idle)") return;
    const own =
      functionName === "(garbage collector)"
        ? "collection"
        : await ownerOf(url, lineNumber, columnNumber, maps);
    const part = own ?? inherited ?? (/^node:_?https?|^node:_tls/.test(url) ? "AWS calls" : undefined);
    sums[part ?? "other"] += self.get(id) ?? 0;
    for (const child of node.children ?? []) await visit(child, part);
  };
  await visit(profile.nodes[0]?.id ?? 0, undefined);
  const total = Object.values(sums).reduce((sum, time) => sum + time, 0);
  return Object.fromEntries(PARTS.map((part) => [part, sums[part] / total])) as Record<Part, number>;
}

function selfTimes({ samples = [], timeDeltas = [] }: Profiler.Profile): Map<number, number> {
  const times = new Map<number, number>();
  samples.forEach((id, at) => {
    times.set(id, (times.get(id) ?? 0) + Math.max(0, timeDeltas[at] ?? 0));
  });
  return times;
}

async function ownerOf(
  url: string,
  line: number,
  column: number,
  maps: Map<string, SourceMap | undefined>,
): Promise<Part | undefined> {
  if (!url.startsWith("file:")) return undefined;
  if (!maps.has(url)) maps.set(url, await sourceMapOf(url));
  const entry = maps.get(url)?.findEntry(line, column);
  if (entry === undefined || !("originalSource" in entry)) return undefined;
  return OWNERS.find(([path]) => path.test(entry.originalSource))?.[1];
}

async function sourceMapOf(url: string): Promise<SourceMap | undefined> {
  const text = await readFile(`${fileURLToPath(url)}.map`, "utf8").catch(() => undefined);
  return text === undefined ? undefined : new SourceMap(JSON.parse(text) as SourceMapPayload);
}
