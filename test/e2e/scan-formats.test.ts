import { parse as parseCsv } from "csv-parse/sync";
import { parse as parseHtml } from "parse5";
import { SaxesParser } from "saxes";
import { describe, expect, it } from "vitest";
import { PLAN_FORMATS } from "../../src/config/plan-options.ts";
import type { FormatName } from "../../src/formats/names.ts";
import { FORMATS } from "../../src/formats/registry.ts";
import type { Fleet } from "../../tools/aws-simulator/fleet.ts";
import { type CliRun, cli } from "../support/cli.ts";
import { CALLER, useCliAws } from "../support/cli-aws.ts";
import { useMoto } from "../support/moto-fleet.ts";

const HUB = "111111111111";
const MEMBER = "222222222222";
const trust = { principals: [`arn:aws:iam::${HUB}:user/${CALLER.user}`] };
const VIOLATION = `arn:aws:sagemaker:eu-west-1:${MEMBER}:notebook-instance/open`;

const fleet: Fleet = {
  accounts: [
    { id: HUB, name: "hub", enabledRegions: ["us-east-1", "eu-west-1"], accessKeys: [CALLER] },
    {
      id: MEMBER,
      name: "member",
      enabledRegions: ["us-east-1", "eu-west-1"],
      roles: [{ name: "ComplianceScan", trust }],
      regions: {
        "eu-west-1": {
          notebooks: [
            { name: "open", directInternetAccess: "Enabled" },
            { name: "shut", directInternetAccess: "Disabled" },
          ],
        },
      },
    },
  ],
};

const simulator = useCliAws(fleet);
const moto = useMoto(fleet);
const ROLE = ["--role-arn", `arn:aws:iam::${MEMBER}:role/ComplianceScan`];

/** Throws where the text is not what its format is read as. */
const READERS: Readonly<Record<FormatName, (text: string) => void>> = {
  table: (text) => expect(text).toMatch(/1 violation found\.\n$/),
  json: JSON.parse,
  ndjson: (text) => {
    for (const line of text.trimEnd().split("\n")) JSON.parse(line);
  },
  csv: (text) => expect(parseCsv(text, { columns: true }).length).toBeGreaterThan(1),
  sarif: (text) => expect(JSON.parse(text)).toMatchObject({ version: "2.1.0", runs: [{}] }),
  junit: readXml,
  ocsf: (text) => expect(JSON.parse(text)[0]).toMatchObject({ class_uid: 2003 }),
  asff: (text) => expect(JSON.parse(text)[0]).toMatchObject({ SchemaVersion: "2018-10-08" }),
  html: (text) => {
    parseHtml(text, {
      onParseError: ({ code }) => {
        throw new Error(code);
      },
    });
  },
  markdown: (text) => expect(text).toMatch(/^## /),
};

describe.each([
  ["the simulator", () => simulator.env],
  ["moto", () => ({ ...simulator.env, AWS_ENDPOINT_URL: moto().url })],
])("against %s", (_what, env) => {
  const run = (args: readonly string[]): Promise<CliRun> => cli(args, { env: env() });

  it.each(Object.keys(FORMATS) as FormatName[])(
    "scan prints %s that its reader takes, with the violation",
    async (format) => {
      const { code, stdout, stderr } = await run([
        "scan",
        ...ROLE,
        "--regions",
        "us-east-1,eu-west-1",
        "-o",
        format,
      ]);
      READERS[format](stdout);
      expect(stdout).toContain(VIOLATION);
      expect(stderr).toBe("");
      expect(code).toBe(2);
    },
  );

  it.each(PLAN_FORMATS)("plan prints %s for what scan found", async (format) => {
    const { code, stdout, stderr } = await run(["plan", VIOLATION, ...ROLE, "--format", format]);
    expect(stdout).toContain("open");
    expect(stderr).toBe("");
    expect(code).toBe(0);
  });
});

function readXml(text: string): void {
  const parser = new SaxesParser();
  parser.on("error", (error) => {
    throw error;
  });
  parser.write(text).close();
}
