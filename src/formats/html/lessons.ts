import { describeFramework } from "../../rules/framework.ts";
import type { Lesson } from "../advice.ts";
import { type Markup, markup } from "./markup.ts";

/** The anchor of the lesson with this key. */
export function lessonId(key: string): string {
  return `lesson-${key.replace(/[^\w-]+/g, "-")}`;
}

/** What to do, and which frameworks ask for it, once for each rule and type of resources. */
export function lessonsSection(lessons: readonly Lesson[]): Markup | undefined {
  if (lessons.length === 0) return undefined;
  return markup`<section aria-labelledby="lessons"><h2 id="lessons">What to do</h2>${lessons.map(lessonMarkup)}</section>`;
}

function lessonMarkup({ key, title, rationale, steps, frameworks, references }: Lesson): Markup {
  return markup`<h3 id="${lessonId(key)}" tabindex="-1">${title}</h3><p>${rationale}</p>
<ol>${steps.map((step) => markup`<li>${step}</li>`)}</ol>
<h4>Frameworks</h4><ul>${frameworks.map((framework) => markup`<li>${describeFramework(framework)}</li>`)}</ul>
<h4>References</h4><ul>${references.map((url) => markup`<li><a href="${url}" rel="noreferrer">${url}</a></li>`)}</ul>
`;
}
