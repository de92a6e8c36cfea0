import { Document, isMap, type Scalar } from "yaml";
import { type Template, templateOf } from "./cloudformation-template.ts";
import { escapeInvisible, jsonEscape, unicodeEscape } from "./invisible.ts";
import { wrapped } from "./notice-text.ts";
import type { PlanRenderer } from "./plan.ts";

/** A CloudFormation template of all plans, as JSON. */
export const cloudFormationJson: PlanRenderer = (plans, place) =>
  `${escapeInvisible(JSON.stringify(templateOf(plans, place), null, 2), jsonEscape)}\n`;

/**
 * The same template as YAML, with comments. Every string is quoted, so that none is read as a number, a boolean, a date
 * or a tag, and functions have their long names, so that any reader of YAML understands it.
 */
export const cloudFormationYaml: PlanRenderer = (plans, place) => {
  const template = templateOf(plans, place);
  const document = new Document(template, { aliasDuplicateObjects: false, keepUndefined: false });
  document.commentBefore = headOf(template)
    .flatMap(wrapped)
    .map((line) => ` ${line}`)
    .join("\n");
  for (const key of ["Parameters", "Conditions", "Resources"]) spaceOut(document, key);
  const text = document.toString({
    defaultStringType: "QUOTE_DOUBLE",
    defaultKeyType: "PLAIN",
    // No string is broken into lines.
    lineWidth: 0,
    doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER,
  });
  return escapeInvisible(text, unicodeEscape);
};

function headOf({ Description, Metadata }: Template): string[] {
  return [Description, ...Metadata.Remediation.Steps.map((step, index) => `${index + 1}. ${step}`)];
}

/** A blank line before each entry but the first, and what it is about as a comment. */
function spaceOut(document: Document, key: string): void {
  const map = document.get(key);
  if (!isMap(map)) return;
  for (const [index, { key: name, value }] of map.items.entries()) {
    const scalar = name as Scalar;
    scalar.spaceBefore = index > 0;
    const subject =
      isMap(value) && (value.getIn(["Metadata", "Replaces"]) ?? value.getIn(["Metadata", "Changes"]));
    if (typeof subject === "string") scalar.commentBefore = ` For ${subject}`;
  }
}
