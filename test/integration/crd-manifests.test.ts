import { describe, expect, it } from "vitest";
import { kubectl, tryKubectl, useNamespace } from "../support/cluster.ts";
import { readCorpus, readManifests } from "./manifests/corpus.ts";

const namespace = useNamespace();
const [good, bad, samples] = await Promise.all([
  readCorpus("good"),
  readCorpus("bad"),
  readManifests(new URL("../../deploy/samples/", import.meta.url)),
]);

// As users do it, and with the strict check of fields that kubectl asks for by default.
const APPLY = ["apply", "--dry-run=server", "--filename=-"];

describe("kubectl apply", () => {
  it.concurrent.each(good)("accepts $name", async ({ yaml }) => {
    await kubectl(APPLY, { namespace, input: yaml });
  });

  it.concurrent.each(samples)("accepts the sample $name", async ({ yaml }) => {
    const own = yaml.replaceAll(/^ {2}namespace: .*$/gm, `  namespace: ${namespace}`);
    await kubectl(APPLY, { namespace, input: own });
  });

  it.concurrent.each(bad)("refuses $name and says $expected", async ({ yaml, expected }) => {
    const { code, stderr } = await tryKubectl(APPLY, { namespace, input: yaml });
    expect(code).toBe(1);
    for (const part of expected) expect(stderr).toContain(part);
    // A rule that fails on a value which another rule refuses would bury the message in an error of its own.
    expect(stderr).not.toContain("evaluating rule");
  });

  it("leaves a misspelt field out where the client does not ask for the strict check", async () => {
    const manifest = {
      apiVersion: "awsaccountscan.dev/v1alpha1",
      kind: "AwsAccountScan",
      metadata: { name: "typo" },
    };
    const input = JSON.stringify({ ...manifest, spec: { intervall: "1h" } });
    const { stdout } = await kubectl([...APPLY, "--validate=ignore", "--output=json"], { namespace, input });
    expect(JSON.parse(stdout).spec).toEqual({ suspend: false });
  });
});
