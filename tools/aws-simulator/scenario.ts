/** Scenarios: a whole misbehaving world in one JSON file, and how it changes as time goes by or requests come. */
import type { Edit } from "./edits.ts";
import { faultsShape } from "./fault-check.ts";
import type { FaultRule } from "./faults.ts";
import type { Fleet } from "./fleet.ts";
import {
  accessKeyShape,
  domainChangesShape,
  fleetShape,
  notebookChangesShape,
  roleShape,
} from "./fleet-shape.ts";
import type { GenerateOptions } from "./generate.ts";
import { defaultSettings, type Settings } from "./settings.ts";
import {
  assertNone,
  type Check,
  type Fields,
  flag,
  listOf,
  number,
  object,
  oneOf,
  text,
  whole,
} from "./shape.ts";

export interface Scenario {
  /** What it is for, in a sentence. */
  readonly about?: string;
  /** Of faults that strike by chance and of the fleet that is generated; 1 where omitted. */
  readonly seed?: number;
  /** Those that differ from the default. */
  readonly settings?: Partial<Settings>;
  /** What exists; at most one of both. Of neither: what existed before. */
  readonly fleet?: Fleet;
  readonly generate?: ScenarioFleet;
  readonly faults?: readonly FaultRule[];
  readonly steps?: readonly Step[];
}

/** The scenario's seed makes the fleet. */
export type ScenarioFleet = Omit<GenerateOptions, "seed">;

/** A change; exactly one of `atMs` and `afterRequests` says when. */
export interface Step {
  /** After the beginning of the scenario. */
  readonly atMs?: number;
  /** As soon as so many requests have come since the beginning: the next one sees the change. */
  readonly afterRequests?: number;
  /** Instead of those that are in force. */
  readonly faults?: readonly FaultRule[];
  /** Those to change. */
  readonly settings?: Partial<Settings>;
  readonly edits?: readonly Edit[];
  /** Ends every session that STS has given. */
  readonly expireSessions?: boolean;
}

/** The scenario that `value`, read from JSON, is. Throws with all that is wrong with it, where and what. */
export function toScenario(value: unknown): Scenario {
  assertNone("the scenario is", scenarioShape(value, "scenario"));
  return value as Scenario;
}

const setting = Object.fromEntries(Object.keys(defaultSettings()).map((name) => [name, number()]));
const settings = object({}, setting);

const generate = object<Omit<ScenarioFleet, "roles" | "accessKeys">>(
  {
    accounts: whole(1),
    regions: listOf(text()),
    notebooksPerRegion: whole(),
    domainsPerRegion: whole(),
    violatingRatio: number(0, 1),
  },
  { roles: listOf(roleShape), accessKeys: listOf(accessKeyShape) },
);

const editFields: Fields<Omit<Edit, "do" | "account" | "region">> = {
  notebook: text(),
  domain: text(),
  spec: () => [],
};
const edit: Check = alsoCheck(
  object(
    {
      do: oneOf(["put", "patch", "delete"], "edit"),
      account: text(/^\d{12}$/, "twelve digits"),
      region: text(),
    },
    editFields,
  ),
  ({ do: what, notebook, domain, spec }: Edit, where) => {
    if ((notebook === undefined) === (domain === undefined))
      return [`${where} must have "notebook" or "domain", and not both`];
    if (what === "delete") return spec === undefined ? [] : [`${where}.spec is not for what is deleted`];
    const shape = notebook === undefined ? domainChangesShape : notebookChangesShape;
    return shape(spec ?? {}, `${where}.spec`);
  },
);

const stepFields: Fields<Step> = {
  atMs: number(),
  afterRequests: whole(1),
  faults: faultsShape,
  settings,
  edits: listOf(edit),
  expireSessions: flag,
};
const step = alsoCheck(object({}, stepFields), ({ atMs, afterRequests }: Step, where) =>
  (atMs === undefined) === (afterRequests === undefined)
    ? [`${where} must have "atMs" or "afterRequests", and not both`]
    : [],
);

const scenarioFields: Fields<Scenario> = {
  about: text(),
  seed: whole(),
  settings,
  fleet: fleetShape,
  generate,
  faults: faultsShape,
  steps: listOf(step),
};
const scenarioShape = alsoCheck(object({}, scenarioFields), ({ fleet, generate }: Scenario, where) =>
  fleet && generate ? [`${where} has both "fleet" and "generate"`] : [],
);

/** `check`, and `also` of what it finds right. */
function alsoCheck<T>(check: Check, also: (value: T, where: string) => string[]): Check {
  return (value, where) => {
    const faults = check(value, where);
    return faults.length > 0 ? faults : also(value as T, where);
  };
}
