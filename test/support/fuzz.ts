/** Fuzz tests: what they have in common, and how long they run. */
import fc from "fast-check";
import { it } from "vitest";

/**
 * `FUZZ_RUNS=100000 npm run fuzz` looks further, from a new seed at each call; otherwise the seed is always the same, so
 * that a build fails for what it changes. A failure prints its seed, which `FUZZ_SEED` takes, and the smallest input.
 */
const { FUZZ_RUNS, FUZZ_SEED } = process.env;
const SEED = 20_260_101;
/** A few thousand runs of the slowest take minutes. */
const LONG_MS = 6 * 3_600_000;
const SHORT_MS = 300_000;

/** A test that `holds` for every input: it throws where it does not. `runs`: where the environment says nothing else. */
export function fuzz<T>(
  name: string,
  runs: number,
  inputs: fc.Arbitrary<T>,
  holds: (input: T) => void | Promise<void>,
): void {
  const numRuns = FUZZ_RUNS === undefined ? runs : Number(FUZZ_RUNS);
  const seed = FUZZ_SEED ?? (FUZZ_RUNS === undefined ? SEED : undefined);
  it(name, { timeout: FUZZ_RUNS === undefined ? SHORT_MS : LONG_MS }, async () => {
    const property = fc.asyncProperty(inputs, async (input) => {
      await holds(input);
    });
    await fc.assert(property, {
      numRuns,
      ...(seed !== undefined && { seed: Number(seed) }),
    });
    refusePollution();
  });
}

const CLEAN = ownKeys();

/** Whatever was read, the objects of the program are as they were. */
function refusePollution(): void {
  const now = ownKeys();
  if (now !== CLEAN) throw new Error(`a prototype was changed: ${now}, and was ${CLEAN}`);
}

function ownKeys(): string {
  return [Object.prototype, Array.prototype, Function.prototype]
    .map((prototype) => Reflect.ownKeys(prototype).map(String).join())
    .join(" ");
}
