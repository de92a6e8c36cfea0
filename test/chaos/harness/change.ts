import type { Fleet, NotebookSpec } from "../../../tools/aws-simulator/fleet.ts";
import { HOME, OPEN } from "./fleet.ts";
import type { World } from "./world.ts";

/** A notebook of {@link World}'s fleet. */
export interface NotebookPlace {
  readonly account: string;
  readonly region: string;
  readonly name: string;
}

/** Makes a notebook instance anew in AWS, with or without direct internet access, and remembers that this is now true. */
export async function remake(
  { truth, aws }: Pick<World, "truth" | "aws">,
  { account, region, name }: NotebookPlace,
  directInternetAccess: "Enabled" | "Disabled",
): Promise<void> {
  const notebook = { name, directInternetAccess };
  truth.change(withNotebook(truth.fleet, { account, region }, notebook), Date.now());
  await aws.putNotebook({ account, region }, notebook);
}

/**
 * Has something to be found in each round: an instance that opens, and closes in the next one. Each has a name of its own, since
 * one that closed and opened again while nobody could say so has another age, and rightly.
 */
export async function stir(world: Pick<World, "truth" | "aws">, round: number): Promise<void> {
  const opens = round % 2 === 0;
  const name = `stirred-${opens ? round : round - 1}`;
  await remake(world, { account: OPEN, region: HOME, name }, opens ? "Enabled" : "Disabled");
}

function withNotebook(
  fleet: Fleet,
  at: { readonly account: string; readonly region: string },
  notebook: NotebookSpec,
): Fleet {
  const accounts = fleet.accounts.map((account) => {
    if (account.id !== at.account) return account;
    const region = account.regions?.[at.region];
    const others = region?.notebooks?.filter(({ name }) => name !== notebook.name) ?? [];
    const changed = { ...region, notebooks: [...others, notebook] };
    return { ...account, regions: { ...account.regions, [at.region]: changed } };
  });
  return { ...fleet, accounts };
}
