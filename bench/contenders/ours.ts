import { join } from "node:path";
import { DEFAULT_LIMITS } from "../../src/config/defaults.ts";
import type { EngineJob, EngineScan } from "../engine/job.ts";
import { bundle } from "../support/bundle.ts";
import { HOME, KEYS } from "../support/fleet.ts";
import { type Contender, cleanEnvironment, shortened } from "./contender.ts";

/** The product's engine, bundled, one scan with the product's default bounds. */
export const ours: Contender = {
  name: "ours",
  async prepare(folder) {
    const script = join(folder, "engine.mjs");
    await bundle(new URL("../engine/main.ts", import.meta.url), script);
    const job: EngineJob = {
      ...KEYS,
      regions: [HOME],
      scans: 1,
      limits: DEFAULT_LIMITS,
      stepwise: false,
    };
    return {
      command: (run) => ({
        argv: [process.execPath, script, JSON.stringify(job)],
        env: cleanEnvironment(run),
      }),
      async read({ stdout, stderr }) {
        // The product is an operator: its outcome is a status and a metric.
        const exitCode = "none";
        if (stdout === "")
          return { violations: undefined, judged: undefined, says: shortened(stderr), exitCode };
        const scan = JSON.parse(stdout) as EngineScan;
        const { violations, compliant, exempt, unknown, outcome, failures } = scan;
        const says = [`${outcome}, ${unknown} unknown`, ...failures].join("; ");
        return {
          violations,
          judged: compliant + violations + exempt,
          says: outcome === "Complete" ? "" : shortened(says),
          exitCode,
        };
      },
    };
  },
};
