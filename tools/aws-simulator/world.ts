/** The fleet as the services read it: by id, and open to change while they run. */

import type { DomainSpec, NotebookSpec, OrganizationSpec, RoleSpec } from "./fleet.ts";
import { type AccountSpec, checkFleet, DEFAULT_TIME, type Fleet } from "./fleet.ts";
import { regionsOf } from "./regions.ts";
import { Shelf } from "./shelf.ts";

/** When a resource was made and changed, as specs and as answers have it. */
export interface Times {
  readonly creationTime: string;
  readonly lastModifiedTime: string;
  /** Epoch seconds, as JSON 1.1 has times. */
  readonly creationSeconds: number;
  readonly lastModifiedSeconds: number;
}

export type Notebook = NotebookSpec & Times;
export type Domain = DomainSpec & Times;

/** One region of one account. */
export interface Region {
  readonly notebooks: Shelf<Notebook>;
  readonly domains: Shelf<Domain>;
}

export interface Account {
  /** But for its resources, which `regions` has. */
  readonly spec: Omit<AccountSpec, "regions">;
  readonly partition: string;
  readonly enabledRegions: ReadonlySet<string>;
  /** By what follows `role/` in the ARN. */
  readonly roles: ReadonlyMap<string, RoleSpec>;
  readonly regions: Map<string, Region>;
}

/** A key of an IAM user and whose it is. */
export interface LongLivedKey {
  readonly secretAccessKey: string;
  readonly account: Account;
  readonly user: string;
  /** Where it is no user's key. */
  readonly service: string | undefined;
}

/** What exists. */
export class World {
  #accounts = new Map<string, Account>();
  #longLivedKeys = new Map<string, LongLivedKey>();
  organization: OrganizationSpec | undefined;

  /** Throws where the fleet is not valid. */
  constructor(fleet: Fleet) {
    this.replace(fleet);
  }

  /** Everything as in `other`, which is not to be used any more. */
  become(other: World): void {
    this.#accounts = other.#accounts;
    this.#longLivedKeys = other.#longLivedKeys;
    this.organization = other.organization;
  }

  /** Everything anew; throws, and changes nothing, where the fleet is not valid. */
  replace(fleet: Fleet): void {
    checkFleet(fleet);
    const accounts = new Map<string, Account>();
    const keys = new Map<string, LongLivedKey>();
    for (const spec of fleet.accounts) {
      const account = toAccount(spec);
      accounts.set(spec.id, account);
      for (const { accessKeyId, secretAccessKey, user, service } of spec.accessKeys ?? [])
        keys.set(accessKeyId, { secretAccessKey, account, user, service });
    }
    this.#accounts = accounts;
    this.#longLivedKeys = keys;
    this.organization = fleet.organization;
  }

  account(id: string): Account | undefined {
    return this.#accounts.get(id);
  }

  longLivedKey(accessKeyId: string): LongLivedKey | undefined {
    return this.#longLivedKeys.get(accessKeyId);
  }

  /** Whether STS and EC2 answer the account there: in all regions of its partition but those to opt in to first. */
  isReachable(accountId: string, region: string): boolean {
    const account = this.#accounts.get(accountId);
    if (!account) return false;
    return account.enabledRegions.has(region) || regionsOf(account.partition).always.includes(region);
  }

  /** The region's shelves, made empty where nothing has been in it yet; undefined where it is not enabled. */
  region(accountId: string, name: string): Region | undefined {
    const account = this.#accounts.get(accountId);
    if (!account?.enabledRegions.has(name)) return undefined;
    let region = account.regions.get(name);
    if (!region) {
      region = { notebooks: new Shelf(), domains: new Shelf() };
      account.regions.set(name, region);
    }
    return region;
  }
}

/** `spec` with its times, `now` where it has none. Throws where one is no time. */
export function dated<T extends { readonly creationTime?: string; readonly lastModifiedTime?: string }>(
  spec: T,
  now: string,
): T & Times {
  const { creationTime = now, lastModifiedTime = creationTime } = spec;
  const creationSeconds = epochSeconds(creationTime);
  const lastModifiedSeconds =
    lastModifiedTime === creationTime ? creationSeconds : epochSeconds(lastModifiedTime);
  return { ...spec, creationTime, lastModifiedTime, creationSeconds, lastModifiedSeconds };
}

function epochSeconds(time: string): number {
  const ms = Date.parse(time);
  if (Number.isNaN(ms)) throw new Error(`"${time}" is not a time as in ${DEFAULT_TIME}`);
  return ms / 1000;
}

function toAccount({ regions: resources = {}, ...spec }: AccountSpec): Account {
  const partition = spec.partition ?? "aws";
  const enabledRegions = new Set([
    ...(spec.enabledRegions ?? regionsOf(partition).always),
    ...(spec.optInRegions ?? []),
  ]);
  const regions = new Map<string, Region>();
  for (const [name, { notebooks = [], domains = [] }] of Object.entries(resources)) {
    if (!enabledRegions.has(name)) {
      throw new Error(`account ${spec.id} has resources in ${name}: add the region to its optInRegions`);
    }
    regions.set(name, {
      notebooks: new Shelf(notebooks.map((notebook) => [notebook.name, dated(notebook, DEFAULT_TIME)])),
      domains: new Shelf(domains.map((domain) => [domain.id, dated(domain, DEFAULT_TIME)])),
    });
  }
  const roles = new Map(
    (spec.roles ?? []).map((role) => [`${role.path ?? "/"}${role.name}`.slice(1), role] as const),
  );
  return { spec, partition, enabledRegions, roles, regions };
}
