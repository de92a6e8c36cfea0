/** Fleets of any size for tests, the demo and benchmarks. */
import type { AccessKeySpec, AccountSpec, DomainSpec, Fleet, NotebookSpec, RoleSpec } from "./fleet.ts";
import { seededRandom } from "./random.ts";

export interface GenerateOptions {
  readonly seed: number;
  /** How many; their ids count up from 100000000001. */
  readonly accounts: number;
  /** Exactly these are enabled in each account. */
  readonly regions: readonly string[];
  /** In each region of each account. */
  readonly notebooksPerRegion: number;
  /** In each region of each account. */
  readonly domainsPerRegion: number;
  /** The share of notebooks with direct internet access and of domains that are not VpcOnly, 0 to 1. */
  readonly violatingRatio: number;
  /** The roles of each account; none where omitted. */
  readonly roles?: readonly RoleSpec[];
  /** Of the first account; none where omitted. */
  readonly accessKeys?: readonly AccessKeySpec[];
}

const TEAMS = ["ads", "churn", "fraud", "nlp", "pricing", "recsys", "risk", "search", "vision"] as const;
const YEAR_MS = 365 * 24 * 3_600_000;
const OLDEST_MS = Date.parse("2025-01-01T00:00:00Z");

/** The fleet of these options: the same options make the same fleet. */
export function generateFleet(options: GenerateOptions): Fleet {
  const random = seededRandom(options.seed);
  const accounts = Array.from({ length: options.accounts }, (_, index) =>
    generateAccount(String(100_000_000_001 + index), index, options, random),
  );
  return { accounts };
}

function generateAccount(
  id: string,
  index: number,
  options: GenerateOptions,
  random: () => number,
): AccountSpec {
  const {
    regions,
    notebooksPerRegion,
    domainsPerRegion,
    violatingRatio,
    roles = [],
    accessKeys = [],
  } = options;
  const region = (name: string) => ({
    notebooks: Array.from({ length: notebooksPerRegion }, (_, at) =>
      generateNotebook(at, violatingRatio, random),
    ),
    domains: Array.from({ length: domainsPerRegion }, (_, at) =>
      // Domain ids are unique in AWS, not just in their region.
      generateDomain(`d-${id.slice(-4)}${name.replaceAll("-", "")}${at}`, violatingRatio, random),
    ),
  });
  return {
    id,
    name: `${pick(TEAMS, random)}-${index + 1}`,
    enabledRegions: regions,
    roles,
    accessKeys: index === 0 ? accessKeys : [],
    regions: Object.fromEntries(regions.map((name) => [name, region(name)])),
  };
}

function generateNotebook(at: number, violatingRatio: number, random: () => number): NotebookSpec {
  const team = pick(TEAMS, random);
  return {
    name: `${team}-notebook-${String(at + 1).padStart(4, "0")}`,
    directInternetAccess: random() < violatingRatio ? "Enabled" : "Disabled",
    status: random() < 0.7 ? "InService" : "Stopped",
    creationTime: new Date(OLDEST_MS + Math.floor(random() * YEAR_MS)).toISOString(),
    tags: { team },
  };
}

function generateDomain(id: string, violatingRatio: number, random: () => number): DomainSpec {
  const team = pick(TEAMS, random);
  return {
    id,
    name: `${team}-studio`,
    appNetworkAccessType: random() < violatingRatio ? "PublicInternetOnly" : "VpcOnly",
    creationTime: new Date(OLDEST_MS + Math.floor(random() * YEAR_MS)).toISOString(),
    tags: { team },
  };
}

function pick<T>(from: readonly [T, ...T[]] | readonly T[], random: () => number): T {
  const found = from[Math.floor(random() * from.length)];
  if (found === undefined) throw new Error("nothing to pick from");
  return found;
}
