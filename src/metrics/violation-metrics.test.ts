import { describe, expect, it } from "vitest";
import {
  ACCOUNT,
  END,
  MetricSources,
  recordOf,
  START,
  violationOf,
} from "../../test/support/metric-sources.ts";
import type { RecordedFinding } from "../report/record.ts";

const seconds = (time: string) => Date.parse(time) / 1_000;

/** A scan with these findings, and the resources that violations have series for. */
function scanWith(findings: readonly RecordedFinding[]) {
  const sources = new MetricSources();
  const key = sources.create({ name: "s" });
  const find = (next: readonly RecordedFinding[]) => sources.know(key, { record: recordOf(next) });
  find(findings);
  const resources = async (metric = "violation_info") =>
    (await sources.samples(metric)).map(({ labels }) => labels["resource"]);
  return { sources, find, resources };
}

/** `count` violations, a minute between each two. */
const violations = (count: number, prefix = "n", first = Date.parse(START)) =>
  Array.from({ length: count }, (_, n) =>
    violationOf(`${prefix}-${n}`, {
      firstSeen: new Date(first + n * 60_000).toISOString().replace(".000", ""),
    }),
  );

describe("series of violations", () => {
  it("name the resource, and tell since when and when it was last verified", async () => {
    const { sources } = scanWith([
      violationOf("n1"),
      violationOf("n2", { lastVerified: START, firstSeen: undefined }),
    ]);
    expect(await sources.samples("violation_info")).toContainEqual({
      name: "awsaccountscan_violation_info",
      value: 1,
      labels: {
        namespace: "team",
        scan: "s",
        account: ACCOUNT,
        account_name: "payments",
        region: "us-east-1",
        type: "AWS::SageMaker::NotebookInstance",
        rule: "SageMaker-004",
        resource: "n1",
      },
    });
    const verified = await sources.samples("violation_last_verified_timestamp_seconds");
    expect(verified.map(({ labels, value }) => [labels["resource"], value])).toEqual([
      ["n1", seconds(END)],
      ["n2", seconds(START)],
    ]);
    const seen = await sources.samples("violation_first_seen_timestamp_seconds");
    expect(seen.map(({ value }) => value)).toEqual([seconds(START), seconds(START)]);
  });

  it("are of violations alone", async () => {
    const { resources } = scanWith([
      violationOf("exempt", { verdict: "exempt", exemption: "e" }),
      violationOf("unknown", { verdict: "unknown" }),
      violationOf("passes", { verdict: "compliant" }),
    ]);
    expect(await resources()).toEqual([]);
  });

  it("are gone in the first scrape after the scan that resolved them", async () => {
    const { find, resources } = scanWith([violationOf("n1"), violationOf("n2")]);
    expect(await resources()).toEqual(["n1", "n2"]);
    find([violationOf("n2")]);
    for (const metric of ["info", "first_seen_timestamp_seconds", "last_verified_timestamp_seconds"])
      expect(await resources(`violation_${metric}`)).toEqual(["n2"]);
  });

  it("are kept from what is left of a record that is lost", async () => {
    const { sources } = scanWith([]);
    sources.know("team/s", { record: "missing", remains: recordOf([violationOf("n1")]) });
    expect(await sources.samples("violation_info")).toHaveLength(1);
  });
});

describe("of 6,000 violations", () => {
  it("the oldest 5,000 have series, the other 1,000 are counted", async () => {
    const { sources, resources } = scanWith(violations(6_000).toReversed());
    expect(await resources()).toEqual(violations(5_000).map(({ name }) => name));
    expect(await resources("violation_first_seen_timestamp_seconds")).toHaveLength(5_000);
    expect(await resources("violation_last_verified_timestamp_seconds")).toHaveLength(5_000);
    expect(await sources.value("metrics_truncated")).toBe(1_000);
  });

  it("those of one age have series by their names, in whatever order they come", async () => {
    const same = Array.from({ length: 6_000 }, (_, n) => violationOf(`n-${String(n).padStart(4, "0")}`));
    const { resources, find } = scanWith(same);
    const shown = await resources();
    expect(shown).toEqual(same.slice(0, 5_000).map(({ name }) => name));
    find(same.toReversed());
    expect(await resources()).toEqual(shown);
  });

  it("none loses its series to a new one, and the next in age take the place of those resolved", async () => {
    const old = violations(6_000);
    const { sources, find, resources } = scanWith(old);
    find([...violations(500, "a-new", Date.parse(END) + 10_000 * 60_000), ...old]);
    expect(await resources()).toEqual(violations(5_000).map(({ name }) => name));
    expect(await sources.value("metrics_truncated")).toBe(1_500);
    find(old.slice(100));
    expect(await resources()).toEqual(old.slice(100, 5_100).map(({ name }) => name));
    find(old.slice(2_000));
    expect(await sources.value("metrics_truncated")).toBe(0);
  });
});

it("tells two resources of one name by one series, and counts the other", async () => {
  const arn = `arn:aws:sagemaker:us-east-1:${ACCOUNT}:notebook-instance`;
  const { sources, resources } = scanWith([
    violationOf("n", { arn: `${arn}/b/n`, firstSeen: END }),
    violationOf("n", { arn: `${arn}/a/n`, firstSeen: START }),
  ]);
  expect(await resources()).toEqual(["n"]);
  expect(await sources.value("violation_first_seen_timestamp_seconds")).toBe(seconds(START));
  expect(await sources.value("metrics_truncated")).toBe(1);
});
