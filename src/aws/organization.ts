import {
  type Account,
  type AccountState,
  type AccountStatus,
  ListAccountsCommand,
  ListAccountsForParentCommand,
  ListOrganizationalUnitsForParentCommand,
} from "@aws-sdk/client-organizations";
import { isAccountId, parseArn } from "../api/arn.ts";
import { safeText } from "../api/safe-text.ts";
import type { Endpoint } from "./aws.ts";
import { invalidAnswer } from "./errors.ts";
import { pages, textIn, withToken } from "./pages.ts";

export interface MemberAccount {
  readonly id: string;
  readonly name: string | undefined;
  /** Whether it is the organisation's management account, as its ARN tells. */
  readonly isManagement: boolean;
}

/** As the report's schema has it; AWS's own bound is 50. */
const MAX_NAME = 128;

type Organizations = Endpoint<"organizations">;

/** Nobody can work in an account of these states. One whose state is missing or unknown here is scanned: that tells. */
const INACTIVE: ReadonlySet<unknown> = new Set<AccountState | AccountStatus>([
  "CLOSED",
  "PENDING_ACTIVATION",
  "PENDING_CLOSURE",
  "SUSPENDED",
]);

/**
 * The active accounts of an organisation, or those below `units` at any depth, each once, sorted by id.
 * `State` is asked before `Status`, which AWS retires.
 * https://docs.aws.amazon.com/organizations/latest/APIReference/API_Account.html
 */
export async function listMemberAccounts(
  organizations: Organizations,
  units: readonly string[] | undefined,
): Promise<MemberAccount[]> {
  const members = new Map<string, MemberAccount>();
  const accounts = units === undefined ? allAccounts(organizations) : accountsBelow(organizations, units);
  for await (const page of accounts) {
    for (const { Id, Arn, Name, State, Status } of page) {
      if (typeof Id !== "string" || !isAccountId(Id))
        throw invalidAnswer("ListAccounts", "the answer lists an account without id");
      if (INACTIVE.has(State ?? Status)) continue;
      const name = textIn("ListAccounts", Name);
      members.set(Id, {
        id: Id,
        name: name && safeText(name, MAX_NAME),
        isManagement: managementAccountOf(Arn) === Id,
      });
    }
  }
  return [...members.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** `arn:<partition>:organizations::<management account>:account/o-<organisation>/<account>` */
function managementAccountOf(arn: string | undefined): string | undefined {
  return parseArn(textIn("ListAccounts", arn) ?? "")?.account;
}

async function* allAccounts(organizations: Organizations): AsyncGenerator<readonly Account[]> {
  yield* pages("ListAccounts", async (NextToken) => {
    const page = await organizations.call("ListAccounts", (client, abortSignal) =>
      client.send(new ListAccountsCommand(withToken({}, NextToken)), { abortSignal }),
    );
    return { items: page.Accounts, next: page.NextToken };
  });
}

/** Depth first through nested units; a unit named beside its own parent is visited once. */
async function* accountsBelow(
  organizations: Organizations,
  units: readonly string[],
): AsyncGenerator<readonly Account[]> {
  const waiting = [...units];
  const visited = new Set<string>();
  for (let ParentId = waiting.pop(); ParentId !== undefined; ParentId = waiting.pop()) {
    if (visited.has(ParentId)) continue;
    visited.add(ParentId);
    const parent = { ParentId };
    yield* pages("ListAccountsForParent", async (NextToken) => {
      const page = await organizations.call("ListAccountsForParent", (client, abortSignal) =>
        client.send(new ListAccountsForParentCommand(withToken(parent, NextToken)), { abortSignal }),
      );
      return { items: page.Accounts, next: page.NextToken };
    });
    const children = pages("ListOrganizationalUnitsForParent", async (NextToken) => {
      const command = new ListOrganizationalUnitsForParentCommand(withToken(parent, NextToken));
      const page = await organizations.call("ListOrganizationalUnitsForParent", (client, abortSignal) =>
        client.send(command, { abortSignal }),
      );
      return { items: page.OrganizationalUnits, next: page.NextToken };
    });
    for await (const page of children) {
      for (const { Id } of page) {
        // Without it, the accounts below would be left out without a word.
        if (typeof Id !== "string" || Id === "")
          throw invalidAnswer("ListOrganizationalUnitsForParent", "the answer lists a unit without id");
        waiting.push(Id);
      }
    }
  }
}
