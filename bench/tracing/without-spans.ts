import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import type { Plugin } from "esbuild";

/** What every call and every region pass on their way, and what it was before there were spans. */
const EDITS: Readonly<Record<string, readonly (readonly [from: string | RegExp, to: string])[]>> = {
  "caller.ts": [
    [
      "call.traced === undefined ? this.#answer(call) : this.#tracedAnswer(call, call.traced)",
      "this.#answer(call)",
    ],
    [/^ *span\?\.[^\n]*\n/gm, ""],
  ],
  "aws.ts": [
    [/const traced = [^;]*;/, ""],
    ["          traced,\n", ""],
    ["session.credentials(span)", "session.credentials()"],
  ],
  "account.ts": [
    [
      "tracedRegion(context.span, place, sink, (span, sink) =>",
      "((run) => run(undefined, sink))((span, sink) =>",
    ],
  ],
};

/**
 * The engine as it is without a trace of tracing, to compare with: the plugin takes out what is passed for each call
 * and region. Throws where an edit no longer finds its place.
 */
export const withoutSpans: Plugin = {
  name: "without-spans",
  setup(build) {
    build.onLoad(
      { filter: /[\\/]src[\\/](?:aws[\\/](?:calls[\\/]caller|aws)|scan[\\/]account)\.ts$/ },
      async ({ path }) => {
        let text = await readFile(path, "utf8");
        for (const [from, to] of EDITS[basename(path)] ?? []) {
          const edited = text.replace(from, to);
          if (edited === text)
            throw new Error(`${path} has no ${from}: bench/tracing/without-spans.ts is out of date`);
          text = edited;
        }
        return { contents: text, loader: "ts" };
      },
    );
  },
};
