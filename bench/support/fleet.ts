/** Fleets of an exact size, whose every violation is known. */
import type { Fleet, NotebookSpec, RegionSpec } from "../../tools/aws-simulator/fleet.ts";
import { generateFleet } from "../../tools/aws-simulator/generate.ts";
import { regionsOf } from "../../tools/aws-simulator/regions.ts";
import type { EngineJob } from "../engine/job.ts";

/** How much there is, and where. Notebooks are spread evenly over the regions of all accounts. */
export interface Shape {
  readonly notebooks: number;
  /** Of the notebooks, spread evenly. */
  readonly violating: number;
  /** In each region of each account; all are VpcOnly. */
  readonly domainsPerRegion: number;
  readonly accounts: number;
  /** 1 to 17: us-east-1, or the first of those that are enabled in every account. */
  readonly regions: number;
}

/** The keys of the user from which every benchmark starts. */
export const KEYS = { accessKeyId: "AKIABENCH00000000001", secretAccessKey: "bench-secret" } as const;
const ROLE = "Scan";
export const HOME = "us-east-1";

/** The regions of a shape. */
export function regionsOfShape({ regions }: Shape): string[] {
  return [HOME, ...regionsOf("aws").always.filter((name) => name !== HOME)].slice(0, regions);
}

/** The fleet of a shape: the same shape makes the same fleet. */
export function fleetOf(shape: Shape): Fleet {
  const { notebooks, violating, domainsPerRegion, accounts } = shape;
  const regions = regionsOfShape(shape);
  const places = accounts * regions.length;
  const generated = generateFleet({
    seed: 1,
    accounts,
    regions,
    notebooksPerRegion: Math.ceil(notebooks / places),
    domainsPerRegion,
    violatingRatio: 0,
    roles: [{ name: ROLE, trust: { principals: ["*"] } }],
  });
  let place = 0;
  let index = 0;
  const trimmed = ({ notebooks: all = [], ...rest }: RegionSpec): RegionSpec => {
    const kept = all.slice(0, notebooksAt(notebooks, places, place++));
    return { ...rest, notebooks: kept.map((notebook) => judged(notebook, index++, shape)) };
  };
  return {
    accounts: generated.accounts.map((account, at) => ({
      ...account,
      ...(at === 0 && { accessKeys: [{ ...KEYS, user: "bench" }] }),
      regions: Object.fromEntries(
        Object.entries(account.regions ?? {}).map(([name, region]) => [name, trimmed(region)]),
      ),
    })),
  };
  function judged(notebook: NotebookSpec, at: number, { notebooks: total }: Shape): NotebookSpec {
    // The share of violations up to here steps up by one at every violation: they are spread over all pages.
    const isViolating = Math.floor(((at + 1) * violating) / total) > Math.floor((at * violating) / total);
    return { ...notebook, directInternetAccess: isViolating ? "Enabled" : "Disabled" };
  }
}

/** How many notebooks stand in a place, an account's region, of all `places`. */
export function notebooksAt(notebooks: number, places: number, place: number): number {
  return Math.floor(((place + 1) * notebooks) / places) - Math.floor((place * notebooks) / places);
}

/** How to enter a shape's accounts: by the keys alone where there is one, else by the role in each. */
export function entryOf(
  shape: Shape,
  fleet: Fleet,
): Pick<EngineJob, "accounts" | "regions" | keyof typeof KEYS> {
  return {
    ...KEYS,
    accounts:
      shape.accounts === 1
        ? undefined
        : fleet.accounts.map(({ id }) => ({ id, roleArn: `arn:aws:iam::${id}:role/${ROLE}` })),
    regions: shape.regions === 1 ? [HOME] : undefined,
  };
}
