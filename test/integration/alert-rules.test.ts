import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { runOrThrow } from "../../tools/machine/command.ts";
import { goProgram } from "../../tools/machine/go-program.ts";
import { PROMTOOL } from "../../tools/monitoring/programs.ts";

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

it.each(["deploy/prometheus/rules.yaml", "charts/aws-account-scan-operator/monitoring/rules.yaml"])(
  "promtool has nothing to say against %s",
  async (file) => {
    const said = await runOrThrow(await goProgram(PROMTOOL), [
      "check",
      "rules",
      "--lint=all",
      "--lint-fatal",
      at(file),
    ]);
    expect(said).toMatch(/SUCCESS: \d+ rules found/);
  },
);

it("the sample of a prometheus.yml is one", async () => {
  // Its files of rules and service account are not here.
  const args = ["check", "config", "--syntax-only", at("deploy/prometheus/scrape-config.yaml")];
  expect(await runOrThrow(await goProgram(PROMTOOL), args)).toContain("SUCCESS");
});
