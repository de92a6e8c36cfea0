import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import packageJson from "../../package.json" with { type: "json" };
import { CHART_CRDS, generatedChartFiles } from "./files.ts";

const files = (await generatedChartFiles()).map(({ file, text }) => ({
  file,
  text,
  name: fileURLToPath(file).replace(/^.*\/charts\//, "charts/"),
}));

it.each(files)("$name is what it is made from; npm run generate makes it anew", async ({ file, text }) => {
  expect(await readFile(file, "utf8")).toBe(text);
});

describe("the chart", () => {
  it("holds every CRD of deploy/crds, and no other", async () => {
    const ours = await readdir(new URL("../../deploy/crds/", import.meta.url));
    expect((await readdir(CHART_CRDS)).sort()).toEqual(ours.sort());
  });

  it("has the version of the project", async () => {
    const chart = new URL("../../charts/aws-account-scan-operator/Chart.yaml", import.meta.url);
    const { version } = packageJson;
    expect(parse(await readFile(chart, "utf8"))).toMatchObject({ version, appVersion: version });
  });
});
