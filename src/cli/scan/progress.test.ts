import { describe, expect, it } from "vitest";
import { NOTEBOOK_INSTANCE } from "../../rules/resource.ts";
import type { ScanEvent } from "../../scan/events.ts";
import { Progress } from "./progress.ts";

const place = { account: "1", region: "r1", type: NOTEBOOK_INSTANCE } as const;
const listed: ScanEvent = { kind: "listed", ...place, supported: true };
const finding = (verdict: "compliant" | "violation"): ScanEvent => ({
  kind: "finding",
  finding: { ...place, rule: "R", verdict, arn: "a", name: "n", reason: "", message: "", evidence: {} },
});

function folded(events: readonly ScanEvent[]): Progress {
  const progress = new Progress(0);
  for (const event of events) progress.sink(event);
  return progress;
}

const entered: ScanEvent[] = [
  { kind: "scope", accounts: [{}, {}], complete: true },
  { kind: "account", account: "1", regions: ["r1", "r2"] },
];

describe("Progress", () => {
  it("counts accounts, regions, resources and violations, and how fast they come", () => {
    const progress = folded([...entered, listed, listed, finding("compliant"), finding("violation")]);
    expect(progress.line(2_000, 200)).toBe("accounts 1/2  regions 1/2  2 resources (1/s)  1 violations");
  });

  it("guesses when it ends only once every account is entered", () => {
    const second: ScanEvent = { kind: "account", account: "2", regions: ["r1"] };
    expect(folded([...entered, second, listed, listed]).line(4_000, 200)).toMatch(/ ETA 8s$/);
    expect(folded([...entered, second]).line(4_000, 200)).not.toMatch(/ETA/);
  });

  it("takes a region that cannot be read for done, and says that something failed", () => {
    const failure = {
      account: "1",
      region: "r1",
      kind: "denied",
      reason: "AccessDenied",
      code: "x",
      message: "",
    } as const;
    const denied = (operation: string): ScanEvent => ({
      kind: "failure",
      failure: { ...failure, operation },
    });
    const line = folded([...entered, denied("ListDomains"), denied("ListNotebookInstances")]).line(1, 200);
    expect(line).toContain("regions 1/2");
    expect(line).toContain("2 failures");
  });

  it("fits the terminal", () => {
    expect(folded(entered).line(1, 20)).toHaveLength(19);
  });
});
