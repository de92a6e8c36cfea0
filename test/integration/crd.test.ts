import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { getJson, kubectl, useNamespace } from "../support/cluster.ts";
import { scansIn } from "../support/scans.ts";

const namespace = useNamespace();
const scans = scansIn(namespace);

const CRDS = ["awsaccountscans.awsaccountscan.dev", "awsaccountscanreports.awsaccountscan.dev"];

interface Schema {
  readonly type: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema;
  readonly enum?: readonly string[];
  readonly format?: string;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly maxProperties?: number;
}

/** Every field of a schema by its path, the items of lists and the values of maps too. */
function* fields(schema: Schema, path = ""): Generator<readonly [string, Schema]> {
  if (path !== "") yield [path, schema];
  for (const [name, field] of Object.entries(schema.properties ?? {}))
    yield* fields(field, `${path}.${name}`);
  if (schema.items !== undefined) yield* fields(schema.items, `${path}[]`);
  if (schema.additionalProperties !== undefined) yield* fields(schema.additionalProperties, `${path}.*`);
}

async function readSchema(crd: string): Promise<Schema> {
  const file = new URL(`../../deploy/crds/${crd}.yaml`, import.meta.url);
  return parse(await readFile(fileURLToPath(file), "utf8")).spec.versions[0].schema.openAPIV3Schema;
}

describe.each(CRDS)("%s", (crd) => {
  it("is established, and its schema is structural", async () => {
    const { status } = await getJson<{ status: { conditions: { type: string; status: string }[] } }>([
      "crd",
      crd,
    ]);
    const types = status.conditions.map(({ type, status }) => `${type}=${status}`);
    expect(types.sort()).toEqual(["Established=True", "NamesAccepted=True"]);
  });

  it("describes every field", async () => {
    const named = [...fields(await readSchema(crd))].filter(
      ([path]) => !/(\[\]|\.\*|^\.metadata)$/.test(path),
    );
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter(([, { description = "" }]) => description.length < 3).map(([path]) => path)).toEqual(
      [],
    );
  });

  it("bounds every string, list and map", async () => {
    const unbounded = ([path, field]: readonly [string, Schema]) => {
      if (path === ".apiVersion" || path === ".kind" || field.format === "date-time") return false;
      if (field.type === "string") return field.enum === undefined && field.maxLength === undefined;
      if (field.type === "array") return field.maxItems === undefined;
      return field.additionalProperties !== undefined && field.maxProperties === undefined;
    };
    expect([...fields(await readSchema(crd))].filter(unbounded).map(([path]) => path)).toEqual([]);
  });
});

describe("kubectl", () => {
  it("explains the spec", async () => {
    const { stdout } = await kubectl(["explain", "awsaccountscan.spec"]);
    const { properties } = await readSchema("awsaccountscans.awsaccountscan.dev");
    for (const [name, { description = "" }] of Object.entries(properties?.["spec"]?.properties ?? {})) {
      expect(stdout).toContain(`  ${name}\t`);
      expect(stdout.replaceAll(/\s+/g, " ")).toContain(description);
    }
  });

  it("knows the short name and the category", async () => {
    await scans.apply({ name: "short" });
    const { stdout } = await kubectl(["get", "aas,compliance", "--output=name"], { namespace });
    expect(stdout.split("\n")).toContain("awsaccountscan.awsaccountscan.dev/short");
  });

  it("shows the status in columns", async () => {
    await scans.apply({ name: "columns" });
    const patch = `--patch=${JSON.stringify({ status })}`;
    await kubectl(["patch", "aas", "columns", "--subresource=status", "--type=merge", patch], { namespace });
    const narrow = await kubectl(["get", "aas", "columns"], { namespace });
    expect(rows(narrow.stdout)).toEqual([
      ["NAME", "READY", "COMPLIANT", "VIOLATIONS", "UNKNOWN", "RESOURCES", "LAST SCAN", "AGE"],
      ["columns", "True", "False", "2", "1", "9", expect.stringMatching(AGE), expect.stringMatching(AGE)],
    ]);
    const wide = await kubectl(["get", "aas", "columns", "--output=wide"], { namespace });
    expect(rows(wide.stdout).map((row) => row.slice(-2))).toEqual([
      ["NEXT SCAN", "MESSAGE"],
      ["2999-01-01T00:00:00Z", "Scanned 1 account(s)."],
    ]);
  });
});

describe("the API server", () => {
  it("fills in the defaults, and leaves timeout and interval to the operator", async () => {
    await scans.apply({ name: "defaults" });
    expect((await scans.get("defaults")).spec).toEqual({ suspend: false });
  });

  it("lets an update of a scan leave its status alone, and counts the spec's generations", async () => {
    await scans.apply({ name: "updated", spec: { interval: "1h" } });
    const patch = `--patch=${JSON.stringify({ status })}`;
    await kubectl(["patch", "aas", "updated", "--subresource=status", "--type=merge", patch], { namespace });
    await scans.apply({ name: "updated", spec: { interval: "2h" } });
    const scan = await scans.get("updated");
    expect(scan.metadata.generation).toBe(2);
    expect(scan.status?.summary).toEqual(status.summary);
  });

  it("takes a thousand accounts with roles", async () => {
    const accounts = Array.from({ length: 1000 }, (_, i) => {
      const id = String(100_000_000_000 + i);
      const roleArn = `arn:aws:iam::${id}:role/${"path/".repeat(20)}ComplianceScan`;
      return { id, name: `account-${i}`, roleArn, externalId: `acme-${i}-${"x".repeat(64)}` };
    });
    await scans.apply({ name: "accounts", spec: { accounts } });
    await scans.apply({ name: "accounts", spec: { accounts: accounts.toReversed() } });
    expect((await scans.get("accounts")).spec.accounts).toHaveLength(1000);
  });

  it("takes as many accounts with narrowed sessions as etcd has room for", async () => {
    const accounts = Array.from({ length: 1000 }, (_, i) => {
      const id = String(100_000_000_000 + i);
      const sessionPolicy = `{"Id":"${"x".repeat(i < 200 ? 2_039 : 500)}"}`;
      return { id, roleArn: `arn:aws:iam::${id}:role/Scan`, sessionPolicy, sessionDuration: "45m0.5s" };
    });
    const organization = { roleName: "Scan", sessionPolicy: "{}".padEnd(2_048), sessionDuration: "15m" };
    // Created, since the managed fields of an apply would bring it over etcd's limit of 1.5 MiB.
    const manifest = { apiVersion: "awsaccountscan.dev/v1alpha1", kind: "AwsAccountScan" };
    const spec = { accounts, organization };
    const input = JSON.stringify({ ...manifest, metadata: { name: "narrowed" }, spec });
    await kubectl(["create", "--filename=-"], { namespace, input });
    expect((await scans.get("narrowed")).spec.accounts).toHaveLength(1000);
  });

  it("takes a hundred exemptions with full lists", async () => {
    const list = <T>(length: number, entry: (i: number) => T) => Array.from({ length }, (_, i) => entry(i));
    const exemptions = list(100, (i) => ({
      name: `exemption-${i}`,
      reason: `Ticket SEC-${i}`,
      match: {
        arns: list(50, (k) => `arn:aws:sagemaker:*:*:notebook-instance/*${k}*`.padEnd(80, "x")),
        names: list(100, (k) => `vendor-${k}-*-*-*`),
        accounts: list(100, (k) => String(100_000_000_000 + k)),
        regions: list(64, (k) => `eu-${k}-*-*`),
        tags: Object.fromEntries(list(50, (k) => [`tag-${k}`, `value-${k}`])),
      },
    }));
    // Created, since the managed fields of an apply would bring it over etcd's limit of 1.5 MiB.
    const manifest = { apiVersion: "awsaccountscan.dev/v1alpha1", kind: "AwsAccountScan" };
    const input = JSON.stringify({ ...manifest, metadata: { name: "exemptions" }, spec: { exemptions } });
    await kubectl(["create", "--filename=-"], { namespace, input });
    expect((await scans.get("exemptions")).spec.exemptions).toHaveLength(100);
  });

  it("takes full lists of regions, and sees which entry is in both", async () => {
    const region = (i: number, prefix: string) => `${prefix}-*-*-*-${i}`.padEnd(32, "x");
    const include = Array.from({ length: 64 }, (_, i) => region(i, "eu"));
    const exclude = Array.from({ length: 64 }, (_, i) => region(i, "us"));
    await scans.apply({ name: "regions", spec: { regions: { include, exclude } } });
    const both = { include, exclude: [...exclude.slice(1), region(63, "eu")] };
    const refused = scans.apply({ name: "regions", spec: { regions: both } });
    await expect(refused).rejects.toThrow(`${region(63, "eu")} is in include and in exclude`);
  });

  it("refuses a list that is too long", async () => {
    const include = Array.from({ length: 65 }, (_, i) => `eu-${i}-*`);
    const refused = scans.apply({ name: "long", spec: { regions: { include } } });
    await expect(refused).rejects.toThrow(/spec\.regions\.include.*at most 64 items/);
  });
});

const AGE = /^\d+[smhdy]\S*$/;

const status = {
  observedGeneration: 1,
  conditions: [
    {
      type: "Ready",
      status: "True",
      reason: "Succeeded",
      message: "Scanned 1 account(s).",
      lastTransitionTime: "2020-01-01T00:00:00Z",
    },
    {
      type: "Compliant",
      status: "False",
      reason: "ViolationsFound",
      message: "2 of 9 resources violate their rule.",
      lastTransitionTime: "2020-01-01T00:00:00Z",
    },
  ],
  lastScan: {
    id: "a",
    trigger: "Initial",
    startTime: "2020-01-01T00:00:00Z",
    completionTime: "2020-01-01T00:00:05Z",
    outcome: "Incomplete",
  },
  nextScanTime: "2999-01-01T00:00:00Z",
  summary: { accounts: 1, regions: 2, resources: 9, compliant: 5, violations: 2, exempt: 1, unknown: 1 },
};

/** A table of kubectl as rows of cells: two spaces at least are between columns. */
function rows(table: string): string[][] {
  return table
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/ {2,}/));
}
