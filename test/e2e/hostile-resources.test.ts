import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Fleet } from "../../tools/aws-simulator/fleet.ts";
import { getJson, kubectl, tryKubectl } from "../support/cluster.ts";
import { expectStalled, requestsOf, rescanned, scanned } from "../support/credentials-scan.ts";
import { leaksIn } from "../support/credentials-secrets.ts";
import { condition, settled } from "../support/scans.ts";
import { useStack } from "../support/stack.ts";
import { applyServiceAccount, naming, OPT_IN, permitTokens } from "../support/tenant.ts";

const A = "111111111111";
const B = "222222222222";
const MIB = 2 ** 20;
const HUB = `arn:aws:iam::${A}:role/Hub`;

/** What nobody sees and a terminal may obey; an escape sequence, bidi, separators, a tag character, a zero-width one. */
const UNSEEN = "\u001b[31m\u0007\u0085\u202e\u2066\u2028\u2029\u200b\u{e0041}\r\n";
/** As a log line, an Event, a label or a status must not have them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose
const OBEYED = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;

function fleet(namespace: string): Fleet {
  const trust = { webIdentity: { subjects: [`system:serviceaccount:${namespace}:*`] } };
  return {
    accounts: [
      {
        id: A,
        name: "a",
        enabledRegions: ["us-east-1"],
        roles: [{ name: "Hub", trust }],
        regions: {
          "us-east-1": {
            notebooks: ["__proto__", "constructor", "toString", "a".repeat(63)].map((name) => ({
              name,
              directInternetAccess: "Enabled" as const,
            })),
          },
        },
      },
      { id: B, name: "b", roles: [{ name: "Hub", trust: { principals: ["*"] } }] },
    ],
  };
}

const stack = useStack({ fleet });
const credentials = { serviceAccountName: "scanner" };
const regions = { include: ["us-east-1"] };
const EXEMPT = { name: "all", reason: "accepted", match: { accounts: [A] } };
/** All that there is is exempt: it passes only where everything was read and judged. */
const normal = { credentials, regions, exemptions: [EXEMPT] };

beforeAll(async () => {
  await stack().serviceAccount("scanner", HUB);
  expect(condition(await scanned(stack().scans, { name: "normal", spec: normal }), "Compliant").status).toBe(
    "True",
  );
});

/** Whatever was done to it: the operator scans what is good, answers, is small, and has logged nothing that it should not. */
async function expectUnharmed() {
  const { operator, scans } = stack();
  const scan = await rescanned(scans, "normal");
  expect(condition(scan, "Compliant").status).toBe("True");
  expect(scan.status?.summary).toMatchObject({ resources: 4, exempt: 4 });
  for (const path of ["/livez", "/readyz"])
    expect((await fetch(`${operator.healthUrl}${path}`)).status).toBe(200);
  const [rss] = await operator.scrape("process_resident_memory_bytes");
  expect(rss?.value).toBeLessThan(512 * MIB);
  expect(leaksIn(operator.lines)).toEqual([]);
  expect(operator.lines.filter((line) => OBEYED.test(line) || /"level":"(error|fatal)"/.test(line))).toEqual(
    [],
  );
  expect(Math.max(...operator.lines.map(({ length }) => length))).toBeLessThan(16_384);
}

/** What people read of a scan. */
async function toldOf(name: string) {
  const { namespace, scans, operator } = stack();
  const events = await getJson<{ items: { note?: string; regarding?: { name?: string } }[] }>(
    ["events.events.k8s.io"],
    { namespace },
  );
  const { status } = await scans.get(name);
  const exposition = await (await fetch(`${operator.metricsUrl}/metrics`)).text();
  return {
    status,
    notes: events.items.filter(({ regarding }) => regarding?.name === name).map(({ note }) => note ?? ""),
    exposition,
  };
}

function strings(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(strings) : [];
}

describe("a spec of the largest size", () => {
  it("is scanned, says what is wrong in a status of bounded size, and harms no other", async () => {
    const { scans } = stack();
    const ids = [A, ...Array.from({ length: 999 }, (_, at) => String(300_000_000_000 + at))];
    const accounts = ids.map((id) => ({ id, name: `${"n".repeat(120)}${id.slice(-3)}` }));
    // A resource that matches nothing is held against all of it.
    const names = Array.from({ length: 30 }, (_, at) => `${"*a".repeat(7)}*${"b".repeat(90)}${at}`);
    const exemptions = Array.from({ length: 100 }, (_, at) => ({
      name: `exemption-${at}-${"x".repeat(40)}`,
      reason: "r".repeat(512),
      match: { names, tags: JSON.parse('{"__proto__":"a","constructor":"b"}') as object },
    }));
    const spec = {
      credentials,
      regions: {
        include: [
          "us-east-1",
          ...Array.from({ length: 63 }, (_, at) => `xx-${"a".repeat(1 + (at % 20))}-${at}`),
        ],
      },
      accounts,
      exemptions,
    };
    await scans.apply({ name: "largest", spec });
    const scan = await scans.until("largest", "scanned", settled, 120_000);
    expect(condition(scan, "Compliant").status).not.toBe("True");
    expect(condition(scan, "Complete").status).toBe("False");
    expect(scan.status?.summary).toMatchObject({ violations: 4, accounts: 1_000 });
    expect(scan.status?.failures).not.toEqual([]);
    // Fifty are shown; of the other accounts each is told of, and counted here.
    expect(scan.status?.truncated?.failures).toBeGreaterThan(900);
    expect(JSON.stringify(scan.status).length).toBeLessThan(96 * 1_024);
    await expectUnharmed();
    await scans.delete("largest");
  }, 180_000);

  it("that is larger than the API server stores is its affair", async () => {
    const { namespace } = stack();
    const arns = Array.from({ length: 50 }, (_, at) => `${"x".repeat(253)}${at}`);
    const exemptions = Array.from({ length: 100 }, (_, at) => ({
      name: `e${at}`,
      reason: "r",
      match: { arns },
    }));
    const manifest = {
      apiVersion: "awsaccountscan.dev/v1alpha1",
      kind: "AwsAccountScan",
      metadata: { name: "larger" },
    };
    const input = JSON.stringify({
      ...manifest,
      spec: { ...normal, exemptions: [...exemptions.slice(0, 99), { ...EXEMPT, reason: "z".repeat(600) }] },
    });
    const { code } = await tryKubectl(["create", "--filename=-"], { namespace, input });
    expect(code).not.toBe(0);
  });
});

it("text with characters that nobody sees reaches status, Events, log and labels without those that are obeyed", async () => {
  const { scans } = stack();
  const spec = {
    credentials,
    regions,
    accounts: [{ id: A, name: `prod${UNSEEN}"} 1` }],
    exemptions: [
      { name: `e${UNSEEN}`, reason: `because${UNSEEN}`, match: { names: ["constructor", `x${UNSEEN}`] } },
    ],
    rules: { include: ["SageMaker-004"] },
  };
  const scan = await scanned(scans, { name: "unseen", spec });
  expect(scan.status?.summary).toMatchObject({ resources: 4, violations: 3, exempt: 1 });
  const { status, notes, exposition } = await toldOf("unseen");
  expect(strings(status).filter((text) => OBEYED.test(text) || text.includes("\n"))).toEqual([]);
  expect(notes.filter((note) => OBEYED.test(note))).toEqual([]);
  expect(
    exposition
      .split("\n")
      .filter((line) => line !== "" && !/^(#|[a-z_:0-9]+(\{.*\})? [-+.\w]+$)/i.test(line)),
  ).toEqual([]);
  expect(exposition.match(OBEYED)).toBeNull();
  await expectUnharmed();
});

describe("annotations", () => {
  it("of 200 KiB are answered in short", async () => {
    const { namespace, scans } = stack();
    const text = `${UNSEEN}${"a".repeat(200 * 1_024)}`;
    const patch = { metadata: { annotations: { "awsaccountscan.dev/requestedAt": text } } };
    const scan = await scanned(scans, { name: "annotated", spec: normal });
    const before = scan.status?.lastScan?.id;
    await patched("annotated", patch, namespace);
    const after = await scans.until("annotated", "scanned on request", ({ status }) => {
      expect(status?.lastScan?.trigger).toBe("Requested");
      expect(status?.lastScan?.id).not.toBe(before);
    });
    expect(after.status?.lastHandledReconcileAt?.length).toBeLessThanOrEqual(256);
    // Answered once, though what it says is not repeated whole.
    const id = after.status?.lastScan?.id;
    await expectUnharmed();
    expect((await scans.get("annotated")).status?.lastScan?.id).toBe(id);
  });

  it("of a megabyte are refused by the API server", async () => {
    const { namespace } = stack();
    const patch = { metadata: { annotations: { x: "a".repeat(MIB) } } };
    await expect(patched("normal", patch, namespace)).rejects.toThrow(/Too long|must have at most/);
  });
});

async function patched(name: string, patch: object, namespace: string): Promise<void> {
  // Too long for a command's argument.
  const file = `/tmp/hostile-patch-${process.pid}.json`;
  const { rm, writeFile } = await import("node:fs/promises");
  await writeFile(file, JSON.stringify(patch));
  try {
    await kubectl(["patch", "aas", name, "--type=merge", `--patch-file=${file}`], { namespace });
  } finally {
    await rm(file);
  }
}

describe("a ServiceAccount whose annotation is", () => {
  it.each([
    ["a role with a line of its own", `${HUB}\r\nX-Evil: 1`],
    ["a role with unseen characters", `${HUB}${UNSEEN}`],
    ["a role of no account", "arn:aws:iam::evil.example:role/Hub"],
    ["a role of another service", `arn:aws:sts::${A}:role/Hub`],
    ["a role in a region", `arn:aws:iam:us-east-1.evil.example:${A}:role/Hub`],
    ["a role of a partition that is a host", `arn:evil.example/:iam::${A}:role/Hub`],
    ["a role without a name", `arn:aws:iam::${A}:role/`],
    ["a role with a query", `${HUB}?Action=DeleteRole&x=#`],
    ["200 KiB", `${HUB}${"a".repeat(200 * 1_024)}`],
  ])("%s stalls its scans before AWS is asked", async (what, roleArn) => {
    const { namespace, scans, aws } = stack();
    const name = what.replaceAll(/[^a-z0-9]+/gi, "-").toLowerCase();
    await applyServiceAccount({ namespace, name }, { ...OPT_IN, ...naming(roleArn) });
    await permitTokens({ namespace, name }, namespace);
    const scan = await scanned(scans, { name, spec: { credentials: { serviceAccountName: name }, regions } });
    expectStalled(scan, "RoleAnnotationMissing", "names no IAM role");
    expect(await requestsOf(aws, name)).toEqual([]);
    expect(JSON.stringify(scan.status)).not.toContain("evil");
  });

  it.each([
    ["a role of another account", `arn:aws:iam::${B}:role/Hub`],
    ["a role of a partition that there is not", `arn:aws-evil:iam::${A}:role/Hub`],
    ["a role behind a path that leaves", `arn:aws:iam::${A}:role/x/../Hub`],
  ])("%s is refused by AWS, and claims nothing", async (what, roleArn) => {
    const { scans, serviceAccount } = stack();
    const name = what.replaceAll(/[^a-z0-9]+/gi, "-").toLowerCase();
    await serviceAccount(name, roleArn);
    const scan = await scanned(scans, { name, spec: { credentials: { serviceAccountName: name }, regions } });
    expect(condition(scan, "Ready").status).toBe("False");
    expect(condition(scan, "Compliant").status).toBe("Unknown");
    expect(scan.status?.failures).toMatchObject([{ operation: "AssumeRoleWithWebIdentity" }]);
  });

  afterAll(expectUnharmed);
});
