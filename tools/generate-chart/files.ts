import { readdir, readFile } from "node:fs/promises";
import { chartReadme } from "./readme.ts";
import { type ValuesSchema, valuesYaml } from "./values.ts";

const CRDS = new URL("../../deploy/crds/", import.meta.url);
const CHART = new URL("../../charts/aws-account-scan-operator/", import.meta.url);
/** Not `crds/`: what is there, Helm installs once and never brings up to date. */
export const CHART_CRDS = new URL("files/crds/", CHART);

/** A file of the chart that is made from another file of the project. */
export interface ChartFile {
  readonly file: URL;
  readonly text: string;
}

/** A chart is packed by itself: what it shares with `deploy` it must hold as copies. */
export async function generatedChartFiles(): Promise<readonly ChartFile[]> {
  const crds = (await readdir(CRDS)).filter((name) => name.endsWith(".yaml")).sort();
  const schema = JSON.parse(await readFile(new URL("values.schema.json", CHART), "utf8")) as ValuesSchema;
  return [
    { file: new URL("values.yaml", CHART), text: valuesYaml(schema) },
    { file: new URL("README.md", CHART), text: chartReadme(schema) },
    ...(await Promise.all(
      crds.map(async (name) => ({
        file: new URL(name, CHART_CRDS),
        text: await readFile(new URL(name, CRDS), "utf8"),
      })),
    )),
  ];
}
