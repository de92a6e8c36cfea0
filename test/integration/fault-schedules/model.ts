/** A small world that comes and goes, as the test knows it: what the simulator holds, and since when. */
import type { Exemption } from "../../../src/scan/exemptions.ts";
import type { Edit } from "../../../tools/aws-simulator/edits.ts";
import type { DomainSpec, Fleet, NotebookSpec } from "../../../tools/aws-simulator/fleet.ts";
import { domainArn, notebookArn, type Truth } from "../../support/engine-invariants.ts";

export const ACCOUNTS = ["111111111111", "222222222222"];
export const REGIONS = ["eu-west-1", "us-east-1"];
export const HUB = "999999999999";
export const KEYS = { accessKeyId: "AKIAHUB", secretAccessKey: "s" };
export const ROLE = "Scan";

/** Where something can be. Those whose names end in `-t` are exempt where their tag says so. */
export interface Slot {
  readonly account: string;
  readonly region: string;
  readonly type: "notebook" | "domain";
  readonly name: string;
  readonly arn: string;
}

const NAMES = ["nb-0", "nb-1", "nb-2-t", "nb-3-t", "d-0", "d-1-t"];

export const SLOTS: readonly Slot[] = ACCOUNTS.flatMap((account) =>
  REGIONS.flatMap((region) =>
    NAMES.map((name): Slot => {
      const [type, arnOf] = name.startsWith("d-")
        ? (["domain", domainArn] as const)
        : (["notebook", notebookArn] as const);
      return { account, region, type, name, arn: arnOf(account, region, name) };
    }),
  ),
);

export const EXEMPTIONS: readonly Exemption[] = [
  { name: "tagged", reason: "Accepted.", match: { names: ["*-t"], tags: { waiver: "yes" } } },
];

/**
 * What is in a slot; `tagged` is as open as `open`, and says that it is accepted. Of what is `silent` AWS does not tell
 * how it is: a domain is open then, and nobody knows of an instance.
 */
export const STATES = ["absent", "vpc", "open", "tagged", "silent"] as const;
export type State = (typeof STATES)[number];

/** A new state makes what is there anew; `touched` is a change that no verdict depends on. */
export interface Change {
  readonly slot: number;
  readonly to: State | "touched";
}

interface Content {
  readonly state: State;
  readonly createdAt: number;
  readonly modifiedAt: number;
}

const BEGIN_MS = Date.parse("2026-01-01T00:00:00Z");

export class Model {
  readonly #contents: Content[];
  /** Every change has a time of its own, as those of a person would. */
  #nowMs = BEGIN_MS;

  constructor(states: readonly State[]) {
    this.#contents = states.map((state) => ({ state, createdAt: BEGIN_MS, modifiedAt: BEGIN_MS }));
  }

  /** Makes the change; the edit that the simulator needs for it, undefined where there is nothing to do. */
  apply({ slot: at, to }: Change): Edit | undefined {
    const [slot, content] = [SLOTS[at], this.#contents[at]];
    if (slot === undefined || content === undefined) return undefined;
    const { account, region } = slot;
    const where = {
      account,
      region,
      ...(slot.type === "domain" ? { domain: slot.name } : { notebook: slot.name }),
    };
    if (content.state === "absent" && (to === "touched" || to === "absent")) return undefined;
    this.#nowMs += 1_000;
    const createdAt = to === "touched" ? content.createdAt : this.#nowMs;
    const state = to === "touched" ? content.state : to;
    this.#contents[at] = { state, createdAt, modifiedAt: this.#nowMs };
    if (to === "absent") return { do: "delete", ...where };
    const { name: _, id: __, ...spec } = { id: "", ...specOf(slot, this.#contents[at]) };
    return { do: "put", ...where, spec };
  }

  /** All that exists now. */
  fleet(): Fleet {
    const trust = { principals: [HUB] };
    const accounts = ACCOUNTS.map((id) => ({
      ...{ id, name: id, enabledRegions: REGIONS, roles: [{ name: ROLE, trust }] },
      regions: Object.fromEntries(REGIONS.map((region) => [region, this.#regionOf(id, region)])),
    }));
    return {
      accounts: [{ id: HUB, name: "hub", accessKeys: [{ ...KEYS, user: "hub" }] }, ...accounts],
      organization: {
        ...{ id: "o-small", managementAccount: HUB },
        root: { id: "r-small", name: "Root", accounts: [HUB, ...ACCOUNTS] },
      },
    };
  }

  /** Of the regions named, but for the slots that `except` has. */
  truth(regions: readonly string[], except: ReadonlySet<number>): Truth {
    const held = SLOTS.flatMap(({ arn, region }, at) => {
      const { state = "absent" } = this.#contents[at] ?? {};
      if (state === "absent" || except.has(at) || !regions.includes(region)) return [];
      return [[arn, state === "vpc" ? "compliant" : "violating"] as const];
    });
    return new Map(held);
  }

  /** Whether the resource is an accepted violation. */
  isExempt(arn: string): boolean {
    const at = SLOTS.findIndex((slot) => slot.arn === arn);
    return this.#contents[at]?.state === "tagged" && SLOTS[at]?.name.endsWith("-t") === true;
  }

  #regionOf(account: string, region: string) {
    const held = SLOTS.flatMap((slot, at) => {
      const content = this.#contents[at];
      const isHere = slot.account === account && slot.region === region;
      return isHere && content && content.state !== "absent" ? [{ slot, spec: specOf(slot, content) }] : [];
    });
    const of = (type: Slot["type"]) => held.filter(({ slot }) => slot.type === type).map(({ spec }) => spec);
    return { notebooks: of("notebook") as NotebookSpec[], domains: of("domain") as DomainSpec[] };
  }
}

function specOf({ type, name }: Slot, { state, createdAt, modifiedAt }: Content): NotebookSpec | DomainSpec {
  const common = {
    name,
    creationTime: new Date(createdAt).toISOString(),
    lastModifiedTime: new Date(modifiedAt).toISOString(),
    tags: state === "tagged" ? { team: "ml", waiver: "yes" } : { team: "ml" },
  };
  const isOpen = state !== "vpc";
  if (type === "notebook") {
    return {
      ...common,
      ...(state !== "silent" && { directInternetAccess: isOpen ? "Enabled" : "Disabled" }),
    };
  }
  const appNetworkAccessType = isOpen ? "PublicInternetOnly" : "VpcOnly";
  return { ...common, id: name, ...(state !== "silent" && { appNetworkAccessType }) };
}
