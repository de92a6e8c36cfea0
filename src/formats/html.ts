import { createHash } from "node:crypto";
import { lessonsOf } from "./advice.ts";
import { conclude } from "./conclusion.ts";
import type { Format } from "./format.ts";
import { groupHoles, unreadPlacesOf } from "./holes.ts";
import { findingsSection } from "./html/findings.ts";
import { holesSection } from "./html/holes.ts";
import { lessonsSection } from "./html/lessons.ts";
import { Markup, markup } from "./html/markup.ts";
import { accountsSection, overview } from "./html/overview.ts";
import { resolvedSection } from "./html/resolved.ts";
import { SCRIPT } from "./html/script.ts";
import { STYLE } from "./html/style.ts";

/**
 * One file for people, which asks nobody for anything: its policy lets in its own style and script by their hashes, and
 * nothing else, so that even text that got through the escaping could not act.
 */
export const html: Format = function* (result) {
  for (const part of page(result)) yield part.html;
};

function* page(result: Parameters<Format>[0]): Iterable<Markup> {
  const policy = [
    "default-src 'none'",
    `style-src '${hash(STYLE)}'`,
    `script-src '${hash(SCRIPT)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  yield markup`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer">
<title>${conclude(result).headline} SageMaker notebooks and the internet</title>
<style>${new Markup(STYLE)}</style><script>${new Markup(SCRIPT)}</script></head>
<body><a class="skip" href="#findings">Skip to the findings</a>
`;
  yield overview(result);
  yield markup`<main>`;
  yield markup`${holesSection(groupHoles(unreadPlacesOf(result)))}`;
  yield* findingsSection(result);
  yield markup`${resolvedSection(result.baseline?.resolved ?? [])}${accountsSection(result.accounts)}
${lessonsSection(lessonsOf(result.findings))}</main></body></html>
`;
}

/** As https://www.w3.org/TR/CSP3/#grammardef-hash-source spells it. */
function hash(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
