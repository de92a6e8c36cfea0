/** Changes to single resources while the simulator runs. */
import type { DomainSpec, NotebookSpec } from "./fleet.ts";
import type { Shelf } from "./shelf.ts";
import { type Domain, dated, type Notebook, type World } from "./world.ts";

/** One change; `notebook` or `domain` says which, by name and by id. */
export interface Edit {
  /**
   * `put` creates or re-creates, as old as the edit unless `spec` says otherwise; `patch` changes what `spec` names, and
   * the time of the last change.
   */
  readonly do: "put" | "patch" | "delete";
  readonly account: string;
  readonly region: string;
  readonly notebook?: string;
  readonly domain?: string;
  /** Without its name or id. Of a domain that is put: its `name`, which is the id where omitted. */
  readonly spec?: Partial<NotebookSpec> | Partial<DomainSpec>;
}

/** There is nothing where an edit would change something. */
export class NotThereError extends Error {
  override readonly name = "NotThereError";
}

/** Makes the change as of `time`, RFC 3339. Throws `NotThereError`, or what is wrong with its spec. */
export function applyEdit(world: World, edit: Edit, time: string): void {
  const { account, region: regionName, notebook, domain } = edit;
  const region = world.region(account, regionName);
  if (!region) throw new NotThereError(`account ${account} does not exist or has not enabled ${regionName}`);
  if (notebook !== undefined)
    editShelf<NotebookSpec, Notebook>(region.notebooks, notebook, { name: notebook }, edit, time);
  else if (domain !== undefined)
    editShelf<DomainSpec, Domain>(region.domains, domain, { name: domain, id: domain }, edit, time);
  else throw new Error("an edit names a notebook or a domain");
}

type Timed = { readonly creationTime?: string; readonly lastModifiedTime?: string };

function editShelf<Spec extends Timed, Item extends Spec>(
  shelf: Shelf<Item>,
  key: string,
  identity: Spec,
  { do: what, spec = {} }: Edit,
  time: string,
): void {
  const current = shelf.get(key);
  if (what !== "put" && !current) throw new NotThereError(`there is no ${key} to ${what}`);
  if (what === "delete") shelf.remove(key);
  else if (what === "put") shelf.put(key, dated({ ...identity, ...spec }, time) as Spec as Item);
  else shelf.put(key, dated({ ...current, lastModifiedTime: time, ...spec } as Item, time));
}
