import stringWidth from "string-width";
import { describe, expect, it } from "vitest";
import {
  compliantResult,
  HOSTILE,
  interruptedResult,
  resultSaying,
  scanResult,
} from "../../test/support/scan-result.ts";
import { table } from "./table.ts";

const lines = (result: typeof scanResult, columns?: number, color = false) =>
  [...table(result, { color, columns })].join("").trimEnd().split("\n");

describe("table", () => {
  it("aligns columns as a terminal shows them, wide characters too", () => {
    const rows = lines(scanResult, 100);
    const start = stringWidth((rows[0] ?? "").split("REASON")[0] ?? "");
    const wide = rows.find((row) => row.includes("分析")) ?? "";
    expect(stringWidth(wide.split("AccessDenied")[0] ?? "")).toBe(start);
  });

  it.each([80, 100, 140])("keeps every finding's line within %i columns", (columns) => {
    for (const row of lines(scanResult, columns).filter((line) =>
      /^(VERDICT|VIOLATION|UNKNOWN|EXEMPT)/.test(line),
    )) {
      expect(stringWidth(row)).toBeLessThanOrEqual(columns);
    }
  });

  it.each([10, 80, 300, undefined])("cuts no ARN of a violation at %s columns", (columns) => {
    const text = lines(scanResult, columns).join("\n");
    expect(text).toContain("arn:aws:sagemaker:eu-central-1:111122223333:notebook-instance/churn-model");
    expect(text).toContain("arn:aws:sagemaker:us-east-1:111122223333:domain/d-22xyz");
  });

  it.each([40, 80, 120, 400, undefined])(
    "says at %s columns since when a violation was not read",
    (columns) => {
      expect(lines(scanResult, columns).join("\n")).toContain("not read since 2026-02-28T04:00:10Z");
    },
  );

  it("ends with what it comes to, and calls nothing compliant that was not read", () => {
    expect(lines(compliantResult).at(-1)).toBe(
      "Compliant: everything in scope was read, and nothing violates.",
    );
    expect(lines(scanResult).at(-1)).toBe("4 violations found. The result is incomplete: there may be more.");
    expect(lines(interruptedResult).at(-1)).toMatch(/^Incomplete: /);
    expect(lines(interruptedResult).join("\n")).not.toMatch(/^Compliant/m);
    expect(lines(interruptedResult)).toContainEqual(expect.stringMatching(/^Interrupted: /));
  });

  it("tells each place that was not read with what to do", () => {
    const text = lines(scanResult).join("\n");
    expect(text).toContain("444455556666 (research & <development>) us-west-2: denied-by-scp.");
    expect(text).toContain("777788889999 (sandbox) as a whole: denied.");
    expect(text.match(/Grant the role the action/g)).toHaveLength(2);
  });

  it("is the same text with colours, which are its own alone", () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the escapes are what is looked for
    const SGR = /\u001b\[\d+m/g;
    for (const text of HOSTILE) {
      const colored = lines(resultSaying(text), 120, true).join("\n");
      expect(colored).toMatch(SGR);
      expect(colored.replace(SGR, "")).toBe(lines(resultSaying(text), 120).join("\n"));
    }
  });
});
