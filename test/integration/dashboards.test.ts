import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dashboardQueries, variableQueries } from "../../monitoring/dashboards/dashboard-queries.ts";
import { fleetCompliance } from "../../monitoring/dashboards/fleet-compliance.ts";
import { operatorHealth } from "../../monitoring/dashboards/operator-health.ts";
import { goProgram } from "../../tools/machine/go-program.ts";
import { PROMETHEUS } from "../../tools/monitoring/programs.ts";
import { type Prometheus, startPrometheus } from "../../tools/monitoring/prometheus.ts";

/** One that scrapes nothing: what a dashboard shows where there is no operator. */
let prometheus: Prometheus;
beforeAll(async () => {
  prometheus = await startPrometheus({
    program: await goProgram(PROMETHEUS),
    scrapeInterval: "1s",
    evaluationInterval: "1s",
  });
}, 30 * 60_000);
afterAll(() => prometheus?.stop());

describe("a dashboard without an operator", () => {
  it("says so, and shows no number that could be taken for a pass", async () => {
    const queries = [fleetCompliance(), operatorHealth()].flatMap((dashboard) => [
      ...dashboardQueries(dashboard),
      ...variableQueries(dashboard),
    ]);
    const answers = await Promise.all(
      queries.map(async ({ panel, expr }) => ({ panel, samples: await prometheus.query(expr) })),
    );
    expect(answers.filter(({ samples }) => samples.length > 0)).toEqual([
      { panel: "Operator", samples: [{ metric: {}, value: -1 }] },
      { panel: "Operator", samples: [{ metric: {}, value: -1 }] },
    ]);
  });
});
