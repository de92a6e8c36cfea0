import { describe, expect, it } from "vitest";
import { usageOf } from "./usage.ts";
import { commandsIn } from "./words.ts";

describe("commandsIn", () => {
  it.each([
    ["a b | c && d; e & f", [["a", "b"], ["c"], ["d"], ["e"], ["f"]]],
    ["a 'b c' \"d e\"f \\g # h\ni", [["a", "b c", "d ef", "g"], ["i"]]],
    ["X=1 a > b 2> c < d e", [["a", "e"]]],
    ["a \\\n  b", [["a", "b"]]],
    [
      'a "$(b c)"',
      [
        ["b", "c"],
        ["a", "$(b c)"],
      ],
    ],
    ["source <(a b)", [["source"], ["a", "b"]]],
    ["a <<'END'\nb c\nEND\nd", [["a"], ["d"]]],
    ["# only a comment", []],
    ["a 2>&1", [["a"]]],
  ])("of %j", (script, commands) => {
    expect(commandsIn(script)).toEqual(commands);
  });
});

describe("usageOf", () => {
  it.each([
    "awsscan scan --regions us-east-1 -o json > x.json",
    "kubectl awsscan list -A",
    "OTEL_TRACES_EXPORTER=console awsscan scan 2> spans.jsonl",
    "kubectl get aas -o yaml | awsscan scan -f -",
    "awsscan --help",
    "kubectl get pods",
  ])("finds nothing wrong with %s", (script) => {
    expect(usageOf(script).problems).toEqual([]);
  });

  it.each([
    ["a flag", "awsscan scan --region us-east-1"],
    ["a command", "awsscan scna"],
    ["a value", "kubectl get aas; awsscan scan -o pdf"],
    ["a command of the plugin", "kubectl awsscan watch"],
    ["a flag behind a pipe", "kubectl get aas -o yaml | awsscan validate -f - --strict"],
  ])("finds %s that there is none of", (_what, script) => {
    expect(usageOf(script)).toMatchObject({ calls: 1, problems: [expect.anything()], omissions: [] });
  });

  it("knows what is left out from what is wrong", () => {
    expect(usageOf("awsscan validate")).toMatchObject({
      problems: ["awsscan validate: error: required option '-f, --filename <files...>' not specified"],
      omissions: [expect.anything()],
    });
  });
});
