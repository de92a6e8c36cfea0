import fc from "fast-check";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { useNamespace } from "../support/cluster.ts";
import { readCorpus } from "./manifests/corpus.ts";
import { apiServer, offline } from "./offline-validation/answers.ts";
import { mutate, mutation } from "./offline-validation/mutations.ts";

/**
 * The same damage at every run, unless the environment says other: MANIFEST_SEED=$RANDOM MANIFEST_RUNS=5000. fast-check
 * prints the seed and the smallest manifest on which the answers differ.
 */
const { MANIFEST_SEED: seed = "20260101", MANIFEST_RUNS: runs = "400" } = process.env;

const namespace = useNamespace();
const manifests = (await readCorpus("good")).map(({ yaml }) => parse(yaml));

it("no damage to a manifest makes the answers differ", async () => {
  const ask = apiServer(namespace);
  let accepted = 0;
  const damage = fc.tuple(fc.constantFrom(...manifests), fc.array(mutation, { minLength: 1, maxLength: 4 }));
  await fc.assert(
    fc.asyncProperty(
      damage.map(([manifest, mutations]) => JSON.stringify(mutate(manifest, mutations))),
      async (text) => {
        const answer = offline(text);
        if (answer.spec !== undefined) accepted++;
        expect(answer).toEqual(await ask(text, "json"));
      },
    ),
    { seed: Number(seed), numRuns: Number(runs) },
  );
  // Were everything refused, nothing would be known of what is accepted.
  expect(accepted).toBeGreaterThan(Number(runs) / 50);
}, 3_600_000);
