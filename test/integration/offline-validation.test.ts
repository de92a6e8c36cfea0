import { describe, expect, it } from "vitest";
import { parseManifests } from "../../src/manifest/manifests.ts";
import { tryKubectl, useNamespace } from "../support/cluster.ts";
import { readCorpus, readManifests } from "./manifests/corpus.ts";
import { apiServer, offline } from "./offline-validation/answers.ts";
import { KUBECTL_MANIFESTS, ODD_MANIFESTS } from "./offline-validation/odd.ts";

const namespace = useNamespace();
const [good, bad, samples] = await Promise.all([
  readCorpus("good"),
  readCorpus("bad"),
  readManifests(new URL("../../deploy/samples/", import.meta.url)),
]);

describe("offline and the API server", () => {
  it.each([...good])("accept $name, and make the same of it", async ({ yaml }) => {
    const answer = offline(yaml);
    expect(answer).toEqual(await apiServer(namespace)(yaml, "yaml"));
    expect(answer.spec).toBeDefined();
  });

  it.each(bad)("refuse $name in the same words", async ({ yaml, expected }) => {
    const answer = offline(yaml);
    expect(answer).toEqual(await apiServer(namespace)(yaml, "yaml"));
    expect(answer.spec).toBeUndefined();
    const told = [...answer.errors, ...answer.names.map((name) => `unknown field "${name}"`)].join("\n");
    for (const part of expected) expect(told).toContain(part);
  });

  it.each(samples)("both take the sample $name", ({ yaml }) => {
    const own = yaml.replaceAll(/^ {2}namespace: .*$/gm, `  namespace: ${namespace}`);
    expect(offline(own).errors).toEqual([]);
  });
});

describe("offline and the API server on odd manifests", () => {
  it.each(ODD_MANIFESTS)("agree on $name", async ({ yaml, isGood }) => {
    const answer = offline(yaml);
    expect(answer).toEqual(await apiServer(namespace)(yaml, "yaml"));
    expect(answer.spec !== undefined).toBe(isGood);
  });

  it("agree on a key that stands twice", async () => {
    const yaml = `${(good[0]?.yaml ?? "").trimEnd()}\n  suspend: true\n  suspend: false\n`;
    expect(offline(yaml).names).toEqual(["suspend twice"]);
    expect((await apiServer(namespace)(yaml, "yaml")).names).toEqual(["suspend twice"]);
  });
});

describe("offline and kubectl", () => {
  const create = (input: string) =>
    tryKubectl(["create", "--dry-run=server", "--output=json", "--filename=-"], { namespace, input });

  it.concurrent.each(KUBECTL_MANIFESTS)("agree on $name", async ({ yaml, isGood }) => {
    const { scans, problems } = parseManifests(yaml, "odd.yaml");
    const { code, stdout } = await create(yaml);
    expect({ problems: problems.length > 0, code }).toEqual({ problems: !isGood, code: isGood ? 0 : 1 });
    if (isGood) expect(scans.map(({ spec }) => spec)).toEqual([specOf(JSON.parse(stdout))]);
  });

  it("differ on a key that stands twice, of which kubectl takes the last in silence", async () => {
    const yaml = `${(good[0]?.yaml ?? "").trimEnd()}\n  suspend: true\n  suspend: false\n`;
    expect((await create(yaml)).code).toBe(0);
    expect(parseManifests(yaml, "twice.yaml").problems).toHaveLength(1);
  });
});

/** kubectl answers a list with one. */
function specOf(object: {
  readonly spec?: unknown;
  readonly items?: readonly { readonly spec: unknown }[];
}): unknown {
  return object.items === undefined ? object.spec : object.items[0]?.spec;
}
