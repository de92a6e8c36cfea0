import { describe, expect, it } from "vitest";
import { complaintsOf, isDefect } from "../../bench/soak/log.ts";
import { reportOf } from "../../bench/soak/report.ts";
import { soak } from "../../bench/soak/run.ts";
import { ratesOf, trendOf } from "../../bench/soak/trend.ts";
import { sharedCluster } from "../support/cluster.ts";

/** Two minutes with the warm-up, on a machine that has nothing else to do: some 600 scans. */
const DURATION_MS = 90_000;
const TIMEOUT_MS = 15 * 60_000;

describe("a soak", () => {
  it(
    "drifts in nothing, starves no scan and logs no defect",
    async () => {
      const outcome = await soak({
        kubeconfig: sharedCluster().adminKubeconfigPath,
        prefix: "soak",
        speed: 10,
        durationMs: DURATION_MS,
        sampleMs: 7_500,
        scans: 40,
        notebooks: 10,
        tell: () => undefined,
      });
      const { table, verdicts } = reportOf(outcome);
      expect(
        verdicts.filter(({ kept }) => !kept),
        table,
      ).toEqual([]);
      expect(outcome.liveHeap.scans).toBeGreaterThan(0);
    },
    TIMEOUT_MS,
  );
});

describe("a trend", () => {
  const line = (slope: number, noise: readonly number[]) =>
    Array.from({ length: 30 }, (_, minute) => ({
      minute,
      value: 100 + slope * minute + (noise[minute % noise.length] ?? 0),
    }));

  it("tells of a drift when it will have doubled the figure", () => {
    const { perHour, doublesInHours, ratio } = trendOf(line(1, [-1, 2, -1]));
    expect(perHour).toBeCloseTo(60, 0);
    expect(doublesInHours).toBeCloseTo(104 / 60, 1);
    expect(ratio).toBeCloseTo(1.19, 1);
  });

  it("takes noise for no drift, and a fall for none", () => {
    expect(trendOf(line(0, [-10, 10, 3, -5])).doublesInHours).toBeUndefined();
    expect(trendOf(line(-1, [0])).doublesInHours).toBeUndefined();
  });

  it("is told of no counter but of how fast it rises, and of nothing by a few points", () => {
    const counter = line(5, [0]);
    expect(trendOf(ratesOf(counter))).toMatchObject({ first: 5, last: 5, ratio: 1 });
    expect(() => trendOf(counter.slice(0, 5))).toThrow("let it run for longer");
  });
});

describe("complaints", () => {
  it("are warnings, errors, and what is no line of the log, and all but warnings are defects", () => {
    const lines = [
      '{"level":"info","msg":"scan ended"}',
      '{"liveHeapBytes":1}',
      '{"level":"warn","msg":"late"}',
      '{"level":"warn","msg":"late"}',
      '{"level":"fatal","msg":"a defect"}',
      "TypeError: x is not a function",
    ];
    const complaints = complaintsOf(lines);
    expect([...complaints]).toEqual([
      ["warn: late", 2],
      ["fatal: a defect", 1],
      ["stray: TypeError: x is not a function", 1],
    ]);
    expect([...complaints.keys()].filter(isDefect)).toHaveLength(2);
  });
});
