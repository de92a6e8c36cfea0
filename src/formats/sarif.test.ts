import { describe, expect, it } from "vitest";
import { withPasses, written } from "../../test/support/report-cases.ts";
import {
  compliantResult,
  interruptedResult,
  resultSaying,
  scanResult,
} from "../../test/support/scan-result.ts";
import type { ScanResult } from "../report/result.ts";
import { sarif } from "./sarif.ts";

interface Result {
  readonly kind: string;
  readonly level: string;
  readonly baselineState?: string;
  readonly suppressions: readonly { readonly status: string; readonly justification: string }[];
  readonly partialFingerprints: Readonly<Record<string, string>>;
  readonly message: { readonly text: string };
  readonly taxa?: readonly { readonly id: string }[];
  readonly locations: readonly [
    {
      readonly physicalLocation: { readonly artifactLocation: { readonly uri: string } };
      readonly logicalLocations: readonly [{ readonly fullyQualifiedName: string }];
    },
  ];
}

const runOf = (result: ScanResult) => JSON.parse(written(sarif, result)).runs[0];
const resultsOf = (result: ScanResult): Result[] => runOf(result).results;

describe("sarif", () => {
  it("makes of each verdict what SARIF has for it; an unknown is open, and no pass", () => {
    const kinds = resultsOf(scanResult).map(({ kind, level, suppressions, baselineState }) => [
      kind,
      level,
      suppressions.length,
      baselineState,
    ]);
    expect(kinds).toEqual([
      ["fail", "error", 0, "unchanged"],
      ["fail", "error", 0, "new"],
      ["fail", "error", 0, "unchanged"],
      ["fail", "error", 0, "unchanged"],
      ["fail", "error", 1, undefined],
      ["open", "none", 0, undefined],
      ["open", "none", 0, undefined],
      ["informational", "none", 0, "absent"],
    ]);
    expect(resultsOf(withPasses)[0]).toMatchObject({ kind: "pass", level: "none" });
  });

  it("says which exemption it was that somebody accepted", () => {
    expect(resultsOf(scanResult)[4]?.suppressions).toEqual([
      { kind: "external", status: "accepted", justification: "The exemption workshop-until-june covers it." },
    ]);
  });

  it("was successful only where everything was read", () => {
    expect(runOf(compliantResult).invocations[0]).toMatchObject({
      executionSuccessful: true,
      toolExecutionNotifications: [],
    });
    const { executionSuccessful, toolExecutionNotifications } = runOf(scanResult).invocations[0];
    expect(executionSuccessful).toBe(false);
    const told = toolExecutionNotifications.map((one: { descriptor: { id: string }; level: string }) => [
      one.descriptor.id,
      one.level,
    ]);
    expect(told).toEqual([
      ["timed-out", "error"],
      ["denied", "error"],
      ["denied-by-scp", "error"],
      ["denied", "error"],
    ]);
    expect(runOf(interruptedResult).invocations[0].executionSuccessful).toBe(false);
  });

  it("knows a finding again by its rule and ARN, whatever else is new", () => {
    const later = {
      ...scanResult,
      findings: scanResult.findings.map((finding) => ({ ...finding, message: "other", reason: "Other" })),
    };
    const prints = (result: ScanResult) => resultsOf(result).map((one) => one.partialFingerprints);
    expect(prints(later)).toEqual(prints(scanResult));
    expect(new Set(prints(scanResult).map((print) => print["primaryLocationLineHash"])).size).toBe(8);
  });

  it("points to the resource: by its ARN, and by a path for those who need a file", () => {
    const [location] = resultsOf(scanResult)[0]?.locations ?? [];
    expect(location?.physicalLocation.artifactLocation.uri).toBe(
      "aws/111122223333/eu-central-1/notebook-instance/churn-model",
    );
    expect(location?.logicalLocations[0].fullyQualifiedName).toBe(scanResult.findings[0]?.arn);
  });

  it("lets no name climb out of that path", () => {
    for (const { locations } of resultsOf(resultSaying("../../x/./%2e"))) {
      const { uri } = locations[0].physicalLocation.artifactLocation;
      expect(uri.split("/").filter((step) => step === ".." || step === ".")).toEqual([]);
      expect(uri).toMatch(/^aws\//);
    }
  });

  it("makes no link and no placeholder of a name", () => {
    const [first] = resultsOf(resultSaying("[here](https://evil.example) {0}"));
    expect(first?.message.text).toContain("\\[here\\](https://evil.example) {{0}}");
  });

  it("gives the plan's command with a violation, and with nothing else", () => {
    const planned = resultsOf(scanResult).map(({ message }) => message.text.includes("awsscan plan"));
    // The second has an escape sequence in its ARN, which nobody should copy.
    expect(planned).toEqual([true, false, true, true, false, false, false, false]);
  });

  it("relates a rule to the controls that it serves, and a notebook to those that are its own", () => {
    const { tool, taxonomies } = runOf(scanResult);
    const [rule] = tool.driver.rules;
    const related = rule.relationships.map((one: { target: { id: string } }) => one.target.id);
    expect(related).toEqual(expect.arrayContaining(["1.4.4", "SC-7"]));
    expect(related).not.toContain("SageMaker.1");
    expect(resultsOf(scanResult)[0]?.taxa?.map(({ id }) => id)).toContain("SageMaker.1");
    for (const { target } of rule.relationships) {
      const taxonomy = taxonomies[target.toolComponent.index];
      expect(taxonomy.name).toBe(target.toolComponent.name);
      expect(taxonomy.taxa.map((taxon: { id: string }) => taxon.id)).toContain(target.id);
    }
  });

  it("names a rule that this program does not have", () => {
    const foreign = {
      ...scanResult,
      findings: scanResult.findings.map((one) => ({ ...one, rule: "Other-001" })),
    };
    expect(runOf(foreign).tool.driver.rules.map(({ id }: { id: string }) => id)).toContain("Other-001");
  });
});
