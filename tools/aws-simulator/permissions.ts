/** Whether a caller's own policies let it do what it asks. */
import { refusal } from "./errors.ts";
import { type Ask, type Decision, decide } from "./policy-decision.ts";
import { findRole } from "./roles.ts";
import type { Place, Service } from "./service.ts";
import type { Principal } from "./sessions.ts";
import type { World } from "./world.ts";

/** What the policies of a caller's role say; users, services and roles without `policies` may do all. */
export function decideByIdentity(world: World, caller: Principal, ask: Ask): Decision {
  const policies = caller.roleArn === undefined ? undefined : findRole(world, caller.roleArn)?.role.policies;
  return policies === undefined ? "allowed" : decide(policies, ask);
}

/**
 * Throws what the service answers where the caller's policies do not allow an operation, in IAM's words. STS decides of
 * the roles that it gives by itself, since that takes their trust too, and tells everybody who they are.
 */
export function assertPermitted(service: Service, name: string, place: Place): void {
  const operation = service.operations[name];
  if (operation === undefined || service.name === "sts") return;
  const { world, caller, region } = place;
  const resource = operation.arn?.(place) ?? "*";
  const context = {
    "aws:PrincipalArn": caller.roleArn ?? caller.arn,
    "aws:PrincipalAccount": caller.accountId,
    "aws:RequestedRegion": region,
  };
  const decision = decideByIdentity(world, caller, { action: `${service.name}:${name}`, resource, context });
  if (decision === "allowed") return;
  throw refusal(
    { service: service.name, operation: name, caller: caller.arn, resource },
    decision === "denied" ? "explicit-deny" : "identity-policy",
  );
}
