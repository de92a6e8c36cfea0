import type { RoleSpec } from "./fleet.ts";
import { roleArn } from "./sessions.ts";
import type { Account, World } from "./world.ts";

/** A role and the account that it is in. */
export interface Role {
  readonly account: Account;
  readonly role: RoleSpec;
}

/** The role of an ARN, or undefined where there is none. */
export function findRole(world: World, arn: string): Role | undefined {
  const account = world.account(arn.split(":")[4] ?? "");
  const role = account?.roles.get(arn.split(":role/")[1] ?? "");
  return account && role && roleArn(account, role) === arn ? { account, role } : undefined;
}
