import { describe, expect, it } from "vitest";
import { parseManifests } from "./manifests.ts";
import { describeProblem } from "./problem.ts";

const scan = (spec: string, name = "a") =>
  `apiVersion: awsaccountscan.dev/v1alpha1\nkind: AwsAccountScan\nmetadata: { name: ${name} }\nspec:\n${spec}\n`;
const lines = (text: string) => parseManifests(text, "scan.yaml").problems.map(describeProblem);

describe("parseManifests", () => {
  it("gives scans with the CRD's defaults, and names what it skips", () => {
    const text = `apiVersion: v1\nkind: Namespace\nmetadata: { name: ml }\n---\n${scan("  reports: {}")}`;
    const { scans, skipped, problems } = parseManifests(text, "scan.yaml");
    expect(problems).toEqual([]);
    expect(scans.map(({ spec }) => spec)).toEqual([{ suspend: false, reports: { include: "Findings" } }]);
    expect(skipped).toEqual([
      { file: "scan.yaml", line: 1, apiVersion: "v1", kind: "Namespace", name: "ml" },
    ]);
  });

  it("reads lists, and lets items of a list of scans leave out their kind", () => {
    const item = `{"metadata":{"name":"b"},"spec":{"interval":5}}`;
    const list = `{"apiVersion":"awsaccountscan.dev/v1alpha1","kind":"AwsAccountScanList","items":[${item}]}`;
    expect(lines(list)).toEqual([expect.stringContaining("spec.interval: Invalid value")]);
  });

  it("gives good scans beside bad ones", () => {
    const { scans, problems } = parseManifests(
      `${scan("  interval: 1h")}---\n${scan("  interval: 1s")}`,
      "f",
    );
    expect([scans.length, problems.length]).toEqual([1, 1]);
  });

  it("drops a status, which only the operator writes", () => {
    const { scans } = parseManifests(`${scan("  {}")}status: { nextScanTime: x }\n`, "f");
    expect(scans).toEqual([expect.not.objectContaining({ status: expect.anything() })]);
  });

  it("says whether mending may show more", () => {
    const skips = (spec: string) => parseManifests(scan(spec), "f").rulesSkipped;
    expect([skips("  interval: 1s"), skips("  interval: 1s\n  suspend: 5")]).toEqual([false, true]);
  });

  it.each([
    ["nothing", "", /^scan\.yaml:1:1: no AwsAccountScan here; the file holds nothing/],
    ["another kind alone", "apiVersion: v1\nkind: Pod", /the file holds only Pod/],
    ["text", "hello", /^scan\.yaml:1:1: this is no object/],
    [
      "no kind",
      "apiVersion: awsaccountscan.dev/v1alpha1",
      /kind is missing; write for example kind: AwsAccountScan/,
    ],
    [
      "a misspelt kind",
      "apiVersion: awsaccountscan.dev/v1alpha1\nkind: AWSAccountsScan",
      /:2:7: .*did you mean AwsAccountScan\?/,
    ],
    [
      "another version",
      "apiVersion: awsaccountscan.dev/v2\nkind: AwsAccountScan",
      /:1:13: .*apiVersion: awsaccountscan\.dev\/v1alpha1/,
    ],
    ["another group", "apiVersion: v1\nkind: AwsAccountScan", /did you mean apiVersion/],
    ["too much", "#".repeat(9_000_000), /the file has 9000000 bytes/],
    [
      "lists in lists",
      '{"apiVersion":"v1","kind":"List","items":['.repeat(6) + "]}".repeat(6),
      /more than 4 lists/,
    ],
  ])("tells of a file with %s", (_what, text, expected) => {
    expect(lines(text).join("\n")).toMatch(expected);
  });
});

describe("problems", () => {
  it("say where, what, and how to mend it", () => {
    const text = scan(
      "  accounts:\n    - id: 012345678901\n  regoins: {}\n  on: x\n  interval: 1s\n  interval: 1s",
    );
    expect(lines(text)).toEqual([
      'scan.yaml:6:11: spec.accounts[0].id: Invalid value: "integer": spec.accounts[0].id in body must be of type string: "integer" (without quotes 012345678901 is no text; write "012345678901")',
      'scan.yaml:7:3: unknown field "spec.regoins" (did you mean regions?)',
      'scan.yaml:8:3: unknown field "spec.true" (without quotes YAML reads the key on as true)',
      'scan.yaml:10:3: duplicate field "spec.interval" ("interval" stands above already; keep one of them)',
    ]);
  });

  it("name fields from the root of their object, wherever that is", () => {
    const list = `apiVersion: v1\nkind: List\nitems:\n  - ${scan("  x: 1").trimEnd().replaceAll("\n", "\n    ")}`;
    expect(lines(list)).toEqual(['scan.yaml:8:7: unknown field "spec.x" (remove it)']);
  });

  it("are one line of what can be shown, whatever the file holds", () => {
    const hostile = '"\\e[2J\\u202e\\n<script>`$(id)`"';
    const told = lines(scan(`  interval: ${hostile}\n  ${hostile}: 1\n  suspend: no\n  timeZone: UTC`));
    expect(told).toHaveLength(3);
    for (const line of told) expect(line).toMatch(/^[ -~]+$/);
    const [kind] = lines(`apiVersion: awsaccountscan.dev/v1alpha1\nkind: ${hostile}`);
    expect(kind).toMatch(/^[ -~]+$/);
  });

  it("shorten a long value, and still say what is wrong with it", () => {
    const [line = ""] = lines(scan(`  organization: { roleName: r, sessionPolicy: "${"x".repeat(2000)}" }`));
    expect(line.length).toBeLessThan(400);
    expect(line).toContain("is not the JSON of an IAM policy");
  });
});
