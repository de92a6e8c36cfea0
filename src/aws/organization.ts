import {
  type Account,
  ListAccountsCommand,
  ListAccountsForParentCommand,
  ListOrganizationalUnitsForParentCommand,
  type OrganizationsClient,
} from "@aws-sdk/client-organizations";
import { invalidAnswer, pages, withToken } from "./pages.ts";

export interface MemberAccount {
  readonly id: string;
  readonly name: string | undefined;
}

/**
 * The active accounts of an organisation, or those below `units` at any depth, each once, sorted by id.
 * `State` is asked before `Status`, which AWS retires.
 * https://docs.aws.amazon.com/organizations/latest/APIReference/API_Account.html
 */
export async function listMemberAccounts(
  client: OrganizationsClient,
  units: readonly string[] | undefined,
  signal: AbortSignal,
): Promise<MemberAccount[]> {
  const members = new Map<string, MemberAccount>();
  const accounts = units === undefined ? allAccounts(client, signal) : accountsBelow(client, units, signal);
  for await (const page of accounts) {
    for (const { Id, Name, State, Status } of page) {
      if (Id === undefined) throw invalidAnswer("ListAccounts", "the answer lists an account without id");
      if ((State ?? Status) === "ACTIVE") members.set(Id, { id: Id, name: Name });
    }
  }
  return [...members.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

async function* allAccounts(
  client: OrganizationsClient,
  signal: AbortSignal,
): AsyncGenerator<readonly Account[]> {
  yield* pages("ListAccounts", async (NextToken) => {
    const page = await client.send(new ListAccountsCommand(withToken({}, NextToken)), {
      abortSignal: signal,
    });
    return { items: page.Accounts, next: page.NextToken };
  });
}

/** Depth first through nested units; a unit named beside its own parent is visited once. */
async function* accountsBelow(
  client: OrganizationsClient,
  units: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<readonly Account[]> {
  const waiting = [...units];
  const visited = new Set<string>();
  for (let ParentId = waiting.pop(); ParentId !== undefined; ParentId = waiting.pop()) {
    if (visited.has(ParentId)) continue;
    visited.add(ParentId);
    const parent = { ParentId };
    yield* pages("ListAccountsForParent", async (NextToken) => {
      const page = await client.send(new ListAccountsForParentCommand(withToken(parent, NextToken)), {
        abortSignal: signal,
      });
      return { items: page.Accounts, next: page.NextToken };
    });
    const children = pages("ListOrganizationalUnitsForParent", async (NextToken) => {
      const command = new ListOrganizationalUnitsForParentCommand(withToken(parent, NextToken));
      const page = await client.send(command, { abortSignal: signal });
      return { items: page.OrganizationalUnits, next: page.NextToken };
    });
    for await (const page of children) for (const { Id } of page) if (Id !== undefined) waiting.push(Id);
  }
}
