import type { ServerResponse } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openEngine, type TestEngine } from "../support/engine.ts";
import { ARN, caller, type HostileAnswer, regions, useHostileAws } from "../support/hostile-aws.ts";

const MIB = 2 ** 20;
const aws = useHostileAws();
let engine: TestEngine;

beforeAll(() => {
  process.env["AWS_ENDPOINT_URL"] = aws.url;
});
afterAll(() => {
  delete process.env["AWS_ENDPOINT_URL"];
});
beforeEach(() => {
  aws.answers = {};
  // Of its own: what an account has answered is remembered.
  engine?.close();
  engine = openEngine({ keys: { accessKeyId: "AKIATEST", secretAccessKey: "s" }, retries: { attempts: 2 } });
});
afterAll(() => engine.close());

/** Without an end, as fast as it is read. */
function flood(piece: string, start = ""): HostileAnswer {
  return (response: ServerResponse) => {
    response.writeHead(200);
    response.write(start);
    const go = () => {
      while (!response.destroyed && response.write(piece));
    };
    response.on("drain", go);
    go();
  };
}

const nested = (depth: number) => `${'{"a":['.repeat(depth)}${"]}".repeat(depth)}`;
const listed = (name: string, arn = ARN) =>
  JSON.stringify({ NotebookInstances: [{ NotebookInstanceName: name, NotebookInstanceArn: arn }] });

const SCAN = { regions: { include: ["us-east-1"] } };

it("an honest account passes, so that all below fails for what is done to it", async () => {
  const { record, compliant } = await engine.scan(SCAN);
  expect(record.failures).toEqual([]);
  expect(compliant).toBe("True");
});

describe("no pass, a failure that says so, and no more memory than an answer may take, come of", () => {
  it.each<[what: string, operation: string, answer: HostileAnswer, says: RegExp]>([
    ["an endless answer", "ListNotebookInstances", flood(" ".repeat(65_536)), /larger than 4 MiB/],
    [
      "an endless string",
      "DescribeNotebookInstance",
      flood("x".repeat(65_536), '{"a":"'),
      /larger than 4 MiB/,
    ],
    ["an endless identity", "GetCallerIdentity", flood("<a>".repeat(20_000)), /larger than 4 MiB/],
    ["endless regions", "DescribeRegions", flood("<item/>".repeat(9_000)), /larger than 4 MiB/],
    [
      "an endless error",
      "ListNotebookInstances",
      (response) => {
        response.writeHead(500);
        const go = () => {
          while (!response.destroyed && response.write("x".repeat(65_536)));
        };
        response.on("drain", go);
        go();
      },
      /larger than 4 MiB/,
    ],
    [
      "a page of 10 MB",
      "ListNotebookInstances",
      `{"NotebookInstances":[],"x":"${"x".repeat(10 * MIB)}"}`,
      /larger/,
    ],
    ["nested JSON that is no list", "ListNotebookInstances", nested(100_000), /./],
    ["arrays without end", "ListNotebookInstances", `{"NotebookInstances":${"[".repeat(1_000_000)}`, /./],
    ["nested JSON in a list", "ListNotebookInstances", `{"NotebookInstances":[${nested(100_000)}]}`, /./],
    ["a nested description", "DescribeNotebookInstance", `{"a":${nested(100_000)}}`, /answer is of no ARN/],
    ["nested XML", "GetCallerIdentity", `${"<a>".repeat(100_000)}${"</a>".repeat(100_000)}`, /./],
    [
      "entities that multiply",
      "GetCallerIdentity",
      `<!DOCTYPE a [<!ENTITY b "${"c".repeat(999)}">]><a>${"&b;".repeat(99_999)}</a>`,
      /./,
    ],
    [
      "an entity of a file",
      "GetCallerIdentity",
      `<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>${caller("&b;")}`,
      /./,
    ],
    ["an account that is none", "GetCallerIdentity", caller("../../etc"), /named no account/],
    [
      "a region that is another host",
      "DescribeRegions",
      regions("us-east-1.evil.example/"),
      /region that is none/,
    ],
    [
      "a region with credentials",
      "DescribeRegions",
      regions("us-east-1@evil.example"),
      /region that is none/,
    ],
    ["a region with a line of its own", "DescribeRegions", regions("us-east-1&#10;x"), /region that is none/],
    ["a region without end", "DescribeRegions", regions(`us-${"a".repeat(9_999)}-1`), /region that is none/],
    ["a prototype for a list", "ListNotebookInstances", '{"__proto__":{"NotebookInstances":[]}}', /no list/],
    ["a list that is text", "ListNotebookInstances", '{"NotebookInstances":"none"}', /./],
    ["a list of nothing", "ListNotebookInstances", '{"NotebookInstances":[null,null]}', /./],
    ["an ARN of 2 MB", "ListNotebookInstances", listed("a", `${ARN}${"x".repeat(2 * MIB)}`), /usable ARN/],
    [
      "a name that is an object",
      "ListNotebookInstances",
      `{"NotebookInstances":[{"NotebookInstanceName":{},"NotebookInstanceArn":"${ARN}"}]}`,
      /./,
    ],
  ])("%s of %s", async (_what, operation, answer, says) => {
    aws.answers = { [operation]: answer };
    const before = process.memoryUsage().rss;
    const scan = operation === "DescribeRegions" ? {} : SCAN;
    const { record, compliant } = await engine.scan(scan);
    expect(compliant).not.toBe("True");
    const told = [...record.failures, ...record.findings.filter(({ verdict }) => verdict === "unknown")];
    expect(JSON.stringify(told)).toMatch(says);
    expect(told.length).toBeGreaterThan(0);
    expect(JSON.stringify(record).length).toBeLessThan(10_000);
    expect(JSON.stringify(record)).not.toMatch(/root:/);
    expect(process.memoryUsage().rss - before).toBeLessThan(256 * MIB);
    // The next scan is as good as ever.
    aws.answers = {};
    engine.close();
    engine = openEngine({ keys: { accessKeyId: "AKIATEST", secretAccessKey: "s" } });
    expect((await engine.scan(SCAN)).compliant).toBe("True");
  });
});

describe("names", () => {
  it.each(["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf"])(
    "such as %s are names like others",
    async (name) => {
      const arn = ARN.replace("closed", name.toLowerCase());
      const facts = { NotebookInstanceName: name, NotebookInstanceArn: arn };
      aws.answers = {
        ListNotebookInstances: listed(name, arn),
        DescribeNotebookInstance: JSON.stringify({ ...facts, DirectInternetAccess: "Enabled" }),
        ListTags: JSON.stringify({ Tags: [{ Key: "__proto__", Value: name }] }),
      };
      const match = { names: ["*"], tags: JSON.parse('{"constructor":"x"}') as Record<string, string> };
      const scan = { ...SCAN, exemptions: [{ name, reason: "r", match }] };
      const { record } = await engine.scan(scan);
      expect(record.findings).toMatchObject([{ name, arn, verdict: "violation" }]);
      // A tag of a prototype's key exempts like any other, by its own value alone.
      const tagged = JSON.parse(`{"__proto__":"${name}"}`) as Record<string, string>;
      const exempted = await engine.scan({
        ...scan,
        exemptions: [{ name, reason: "r", match: { ...match, tags: tagged } }],
      });
      expect(exempted.record.findings).toMatchObject([{ name, verdict: "exempt" }]);
    },
  );

  it("with characters that nobody sees stand in one line, and are judged", async () => {
    const name = "a\u0000\u202eb\u2028c\ud800";
    const facts = { NotebookInstanceName: name, NotebookInstanceArn: ARN };
    aws.answers = {
      ListNotebookInstances: listed(name),
      DescribeNotebookInstance: JSON.stringify({ ...facts, DirectInternetAccess: "Enabled" }),
    };
    const { record } = await engine.scan(SCAN);
    expect(record.findings).toMatchObject([{ verdict: "violation", arn: ARN }]);
    expect(record.findings[0]?.name).toMatch(/^[a-c \ufffd]+$/);
  });
});

it("a hundred and twenty thousand tags are read, and exempt by their own values alone", async () => {
  const Tags = Array.from({ length: 30_000 }, (_, at) => ({ Key: `key-${at}`, Value: "v".repeat(64) }));
  const [first = {}] = (JSON.parse(listed("closed")) as { NotebookInstances: object[] }).NotebookInstances;
  let page = 0;
  aws.answers = {
    DescribeNotebookInstance: JSON.stringify({ ...first, DirectInternetAccess: "Enabled" }),
    ListTags: (response) => {
      page += 1;
      response.end(JSON.stringify({ Tags, ...(page < 4 && { NextToken: String(page) }) }));
    },
  };
  const exemptions = [{ name: "e", reason: "r", match: { names: ["*"], tags: { "key-29999": "w" } } }];
  const { record } = await engine.scan({ ...SCAN, exemptions });
  expect(record.findings).toMatchObject([{ verdict: "violation" }]);
  expect(page).toBe(4);
  expect(record.failures).toEqual([]);
});

it("a list that goes round in circles is no list", async () => {
  let page = 0;
  aws.answers = {
    ListNotebookInstances: (response) => {
      page += 1;
      response.end(JSON.stringify({ NotebookInstances: [], NextToken: "x".repeat(page > 1 ? 9 : 10_000) }));
    },
  };
  const { record, compliant } = await engine.scan(SCAN);
  expect(compliant).not.toBe("True");
  expect(JSON.stringify(record.failures)).toContain("repeats a page token");
});

it("as many catastrophic exemptions as there may be let other work have its turns", async () => {
  const names = Array.from({ length: 400 }, (_, at) => `${"a".repeat(50)}${at}`);
  const summaries = names.map((name) => ({
    NotebookInstanceName: name,
    NotebookInstanceArn: ARN.replace("closed", name),
    CreationTime: 1_767_225_600,
    LastModifiedTime: 1_767_225_600,
  }));
  let described = 0;
  aws.answers = {
    ListNotebookInstances: JSON.stringify({ NotebookInstances: summaries }),
    DescribeNotebookInstance: (response, { NotebookInstanceName }) => {
      described += 1;
      const summary = summaries.find((one) => one.NotebookInstanceName === NotebookInstanceName);
      response.end(JSON.stringify({ ...summary, DirectInternetAccess: "Enabled" }));
    },
  };
  const globs = Array.from({ length: 50 }, (_, at) => `${"*a".repeat(8)}*b${at}`.slice(0, 256));
  const exemptions = Array.from({ length: 100 }, (_, at) => ({
    name: `exemption-${at}`,
    reason: "r",
    match: { arns: globs, names: ["*"], accounts: ["222222222222"] },
  }));
  await engine.scan({ ...SCAN, exemptions });
  expect(described).toBe(names.length);
  let turns = 0;
  let next: NodeJS.Immediate | undefined;
  const count = () => {
    turns += 1;
    next = setImmediate(count);
  };
  count();
  // All of it is remembered: there is no waiting for AWS in which others could work.
  const { record } = await engine.scan({ ...SCAN, exemptions });
  clearImmediate(next);
  expect(described).toBe(names.length);
  expect(record.findings.filter(({ verdict }) => verdict === "violation")).toHaveLength(names.length);
  expect(turns).toBeGreaterThan(names.length / 16);
});
