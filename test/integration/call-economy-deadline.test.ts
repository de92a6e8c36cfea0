import { describe, expect, it } from "vitest";
import { summarize } from "../../src/report/summary.ts";
import { openEngine, type ScanOutcome, type TestEngine, useEngineAws } from "../support/engine.ts";
import { ACCOUNTS, FLEET, HUB_KEYS, KIOSK } from "./call-economy/fleet.ts";

const aws = useEngineAws(FLEET);

describe("a deadline that is too short for the fleet", () => {
  const [id = ""] = ACCOUNTS;
  const only = { accounts: [{ id, roleArn: `arn:aws:iam::${id}:role/Scan` }], regions: { include: [KIOSK] } };
  const describes = { operation: "DescribeNotebookInstance" };
  /** Findings after which the deadline comes, beyond those of the scan before. */
  const STEP = 15;

  it("has scan after scan go on where the last one stopped, losing no known violation, until all is judged", async () => {
    const before = openEngine({ keys: HUB_KEYS });
    const known = (await before.scan(only)).record;
    before.close();
    const { resources, violations } = summarize(known);
    const engine = openEngine({ keys: HUB_KEYS, limits: { process: 4, account: 4, region: 2 } });
    // So that there is always something under way when the deadline comes.
    await aws.client.setSettings({ latencyMs: 3 });
    await aws.client.clearRequests();
    const judged: number[] = [];
    let last: ScanOutcome | undefined;
    // Bounded, so that scans that get nowhere are a failure and no endless test.
    while (last?.complete !== "True" && judged.length < 20) {
      last = await cutOff(engine, last?.record ?? known, (judged.at(-1) ?? 0) + STEP);
      const { record } = last;
      expect(summarize(record)).toMatchObject({ violations, resources });
      expect(last.compliant).toBe("False");
      if (last.complete === "True") break;
      const [failure] = record.failures;
      expect(record.failures).toHaveLength(1);
      const [, done, of] =
        /with (\d+) of the (\d+) resources listed so far judged/.exec(failure?.message ?? "") ?? [];
      expect(failure?.reason).toBe("TimedOut");
      expect(Number(of)).toBe(resources);
      judged.push(Number(done));
      expect(record.coverage).toMatchObject([{ region: KIOSK, state: "timed-out" }]);
    }
    expect(last?.complete).toBe("True");
    expect(judged.length).toBeGreaterThan(2);
    expect(judged).toEqual(judged.toSorted((a, b) => a - b));
    const asked = (await aws.client.requests(describes)).map(({ resource }) => resource);
    // Those that were under way at a deadline are asked for again, and nothing else.
    expect(new Set(asked).size).toBe(resources);
    expect(asked.length).toBeLessThanOrEqual(resources + 2 * judged.length);
    await aws.client.clearRequests();
    expect((await engine.scan(only)).complete).toBe("True");
    expect(await aws.client.requests(describes)).toEqual([]);
    engine.close();
  });

  /** A scan whose deadline comes with the finding of that number. */
  async function cutOff(
    engine: TestEngine,
    previous: ScanOutcome["record"],
    at: number,
  ): Promise<ScanOutcome> {
    const deadline = new AbortController();
    let findings = 0;
    return engine.scan({
      ...only,
      previous,
      signal: deadline.signal,
      onEvent: ({ kind }) => {
        if (kind === "finding") findings += 1;
        if (findings === at) deadline.abort(new DOMException("The deadline", "TimeoutError"));
      },
    });
  }
});
