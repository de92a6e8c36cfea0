import { expect, it } from "vitest";
import { type RunReport, scoreLines, tally } from "./tally.ts";

const run = (results: Readonly<Record<string, string>>): RunReport => ({
  testResults: Object.entries(results).map(([fullName, status]) => ({
    assertionResults: [{ fullName, status }],
  })),
});

it("counts a scenario as passed only where it ran to its good end", () => {
  const reports = [
    run({ killed: "passed", cut: "passed" }),
    run({ killed: "failed", cut: "passed" }),
    run({ cut: "passed" }),
  ];
  expect(scoreLines(tally(reports))).toEqual(["3/3  cut", "1/3  killed"]);
});

it("counts a run without a report as one in which nothing passed", () => {
  expect(tally([run({ cut: "passed" }), undefined])).toEqual([{ scenario: "cut", passed: 1, runs: 2 }]);
});

it("knows no scenario where no run came to any", () => {
  expect(tally([undefined])).toEqual([]);
});
