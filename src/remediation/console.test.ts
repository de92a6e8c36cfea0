import { expect, it } from "vitest";
import { notebookSource, PLACE } from "../../test/support/remediation.ts";
import { renderConsole } from "./console.ts";
import { planFor } from "./planner.ts";

const text = (tags: readonly { key: string; value: string }[]) =>
  renderConsole([planFor(notebookSource({ tags }))], PLACE);

it("gives values to be copied as they are, whatever they look like", () => {
  const tags = [
    { key: "token", value: "abc" },
    { key: "password", value: "rotates: weekly" },
    { key: "long", value: "x".repeat(256) },
  ];
  for (const { key, value } of tags) expect(text(tags)).toContain(`    - Tag: ${key} = ${value}\n`);
});

it("shows what nobody sees, and says that it cannot be copied", () => {
  expect(text([{ key: "a", value: "b\u202ec\nd" }])).toMatch(
    /Tag: a = b\\u202ec\\u000ad \(each \\u and four digits stand for one character/,
  );
});
