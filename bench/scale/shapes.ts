import type { Shape } from "../support/fleet.ts";

/** How many notebooks there can be. */
export const SIZES = [1_000, 10_000, 100_000] as const;

const ALL: readonly Shape[] = SIZES.flatMap((notebooks) =>
  [1, 17].flatMap((regions) =>
    [1, 100].map((accounts) => ({
      notebooks,
      violating: notebooks / 10,
      domainsPerRegion: 1,
      regions,
      accounts,
    })),
  ),
);

/** What is measured when nobody asks for all: one place, many places, and the greatest number in one place. */
function isDefault({ notebooks, regions, accounts }: Shape): boolean {
  if (notebooks === 100_000) return regions === 1 && accounts === 1;
  return regions === 17 || accounts === 1;
}

/** The shapes of a run, in the order of their sizes. */
export function selectShapes(isFull: boolean, notebooks: string | undefined): readonly Shape[] {
  return ALL.filter(
    (shape) =>
      (isFull || isDefault(shape)) && (notebooks === undefined || shape.notebooks === Number(notebooks)),
  );
}
