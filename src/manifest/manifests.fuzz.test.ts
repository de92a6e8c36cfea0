import fc from "fast-check";
import { expect, it } from "vitest";
import { readCorpus } from "../../test/integration/manifests/corpus.ts";
import { fuzz } from "../../test/support/fuzz.ts";
import { damagedText } from "../../test/support/mutations.ts";
import { API_VERSION, SCAN } from "../api/names.ts";
import { type Manifests, parseManifests } from "./manifests.ts";
import { describeProblem } from "./problem.ts";
import { SCAN_SCHEMA } from "./schema.ts";
import { validatorOf } from "./validator.ts";
import { jsonObjects } from "./yaml/json-stream.ts";

const GOOD = (await readCorpus("good")).map(({ yaml }) => yaml);
const HEAD = "apiVersion: awsaccountscan.dev/v1alpha1\nkind: AwsAccountScan\nmetadata:\n  name: a\n";

/** What holds of every answer. */
function expectSound(text: string, { scans, problems }: Manifests): void {
  expect(scans.length + problems.length).toBeGreaterThan(0);
  const lines = text.split("\n");
  for (const problem of problems) {
    expect(lines[problem.line - 1]?.length).toBeGreaterThanOrEqual(problem.column - 1);
    expect(describeProblem(problem)).not.toMatch(/[\p{Cc}\p{Cs}\u2028-\u202e\u2066-\u2069]/u);
  }
}

fuzz(
  "whatever a file holds is scans that would be read as the same scans again, or problems at their places",
  150,
  damagedText([...GOOD, ...GOOD.map((yaml) => yaml.replaceAll("\n", "\r\n"))]),
  (text) => {
    const read = parseManifests(text, "scan.yaml");
    expectSound(text, read);
    if (read.problems.length > 0) return;
    const again = parseManifests(read.scans.map((scan) => JSON.stringify(scan)).join("\n"), "scan.json");
    expect(again.problems).toEqual([]);
    expect(again.scans).toEqual(read.scans);
  },
);

fuzz(
  "objects of JSON that follow one another are parted where they end",
  200,
  fc.tuple(
    fc.array(
      fc.dictionary(
        fc.string({ unit: "binary" }),
        fc.json().map((json) => JSON.parse(json) as unknown),
      ),
      { minLength: 1 },
    ),
    fc.constantFrom("", " ", "\n", "\r\n\t"),
  ),
  ([objects, space]) => {
    const text = objects.map((object) => JSON.stringify(object)).join(space);
    expect(jsonObjects(text)?.map(({ source }) => JSON.parse(source) as unknown)).toEqual(
      objects.map((object) => JSON.parse(JSON.stringify(object)) as unknown),
    );
  },
);

it.each([
  ["lists", "[", "]"],
  ["mappings without end", '{"a":', ""],
  ["lists of YAML", "- ", ""],
])("100,000 levels of %s are refused at a place within them", { timeout: 120_000 }, (_what, open, close) => {
  const text = `${HEAD}spec:\n  accounts: ${open.repeat(100_000)}1${close.repeat(100_000)}`;
  const read = parseManifests(text, "deep.yaml");
  expectSound(text, read);
  const [problem] = read.problems;
  expect(problem?.message).toMatch(/nested|block/);
  expect(problem?.line).toBe(6);
});

it.each([
  ["labels", `${HEAD.replace("name: a", `name: ${"a.".repeat(1_000_000)}`)}spec: {}\n`],
  ["dashes", `${HEAD.replace("name: a", `name: a${"-".repeat(1_000_000)}`)}spec: {}\n`],
])("a name of a million %s is too long, and does not end the reader", { timeout: 120_000 }, (_what, text) => {
  const read = parseManifests(text, "long.yaml");
  expectSound(text, read);
  expect(read.problems.map(({ message }) => message).join()).toContain("no more than 253");
});

it.each([
  [
    "unknown fields",
    Object.fromEntries(Array.from({ length: 130_000 }, (_, n) => [`${"f".repeat(64)}${n}`, n])),
  ],
  ["items of another type", { accounts: Array<number>(130_000).fill(1) }],
])("more %s than a call takes arguments are told one by one", { timeout: 120_000 }, (_what, spec) => {
  const object = { apiVersion: API_VERSION, kind: SCAN.kind, metadata: { name: "a" }, spec };
  expect(validatorOf(SCAN_SCHEMA)(object).errors.length).toBeGreaterThanOrEqual(130_000);
});
