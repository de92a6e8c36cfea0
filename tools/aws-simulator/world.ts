/** The fleet as the services read it: by id, and open to change while they run. */

import type { DomainSpec, NotebookSpec, OrganizationSpec, RoleSpec } from "./fleet.ts";
import { type AccountSpec, checkFleet, DEFAULT_TIME, type Fleet } from "./fleet.ts";
import { regionsOf } from "./regions.ts";

/** Resources of one type in one region of one account, in the order of their keys. */
export class Shelf<T> {
  readonly #byKey = new Map<string, T>();
  #sorted: readonly T[] | undefined;

  get(key: string): T | undefined {
    return this.#byKey.get(key);
  }

  put(key: string, item: T): void {
    this.#byKey.set(key, item);
    this.#sorted = undefined;
  }

  /** False where there was none. */
  remove(key: string): boolean {
    this.#sorted = undefined;
    return this.#byKey.delete(key);
  }

  /** Sorted once for all the pages of a long list, which would otherwise each sort it anew. */
  all(): readonly T[] {
    this.#sorted ??= [...this.#byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
    return this.#sorted;
  }
}

/** Every time is there. */
export type Notebook = NotebookSpec & { readonly creationTime: string; readonly lastModifiedTime: string };
/** Every time is there. */
export type Domain = DomainSpec & { readonly creationTime: string; readonly lastModifiedTime: string };

/** One region of one account. */
export interface Region {
  readonly notebooks: Shelf<Notebook>;
  readonly domains: Shelf<Domain>;
}

export interface Account {
  readonly spec: AccountSpec;
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
}

/** What exists. */
export class World {
  readonly #accounts = new Map<string, Account>();
  organization: OrganizationSpec | undefined;

  /** Throws where the fleet is not valid. */
  constructor(fleet: Fleet) {
    this.replace(fleet);
  }

  /** Everything anew; throws, and changes nothing, where the fleet is not valid. */
  replace(fleet: Fleet): void {
    checkFleet(fleet);
    const accounts = fleet.accounts.map(toAccount);
    this.#accounts.clear();
    for (const account of accounts) this.#accounts.set(account.spec.id, account);
    this.organization = fleet.organization;
  }

  account(id: string): Account | undefined {
    return this.#accounts.get(id);
  }

  accounts(): Iterable<Account> {
    return this.#accounts.values();
  }

  longLivedKey(accessKeyId: string): LongLivedKey | undefined {
    for (const account of this.#accounts.values()) {
      for (const key of account.spec.accessKeys ?? []) {
        if (key.accessKeyId === accessKeyId)
          return { secretAccessKey: key.secretAccessKey, account, user: key.user };
      }
    }
    return undefined;
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

/** `spec` with its times, `now` where it has none. */
export function dated<T extends { readonly creationTime?: string; readonly lastModifiedTime?: string }>(
  spec: T,
  now: string,
): T & { readonly creationTime: string; readonly lastModifiedTime: string } {
  const creationTime = spec.creationTime ?? now;
  return { ...spec, creationTime, lastModifiedTime: spec.lastModifiedTime ?? creationTime };
}

function toAccount(spec: AccountSpec): Account {
  const partition = spec.partition ?? "aws";
  const enabledRegions = new Set([
    ...(spec.enabledRegions ?? regionsOf(partition).always),
    ...(spec.optInRegions ?? []),
  ]);
  const regions = new Map<string, Region>();
  for (const [name, { notebooks = [], domains = [] }] of Object.entries(spec.regions ?? {})) {
    if (!enabledRegions.has(name)) {
      throw new Error(`account ${spec.id} has resources in ${name}: add the region to its optInRegions`);
    }
    const region: Region = { notebooks: new Shelf(), domains: new Shelf() };
    for (const notebook of notebooks) region.notebooks.put(notebook.name, dated(notebook, DEFAULT_TIME));
    for (const domain of domains) region.domains.put(domain.id, dated(domain, DEFAULT_TIME));
    regions.set(name, region);
  }
  const roles = new Map(
    (spec.roles ?? []).map((role) => [`${role.path ?? "/"}${role.name}`.slice(1), role] as const),
  );
  return { spec, partition, enabledRegions, roles, regions };
}
