/** What RBAC grants, and what of it an audit log shows to have been used. */
import type { Manifest } from "./chart.ts";

/** A Role or ClusterRole. */
export interface Role extends Manifest {
  readonly rules: readonly {
    readonly apiGroups?: readonly string[];
    readonly resources?: readonly string[];
    readonly resourceNames?: readonly string[];
    readonly nonResourceURLs?: readonly string[];
    readonly verbs: readonly string[];
  }[];
}

/** The part of an `audit.k8s.io/v1` Event that tells who asked for what. */
export interface AuditEvent {
  readonly user: { readonly username: string };
  readonly userAgent: string;
  readonly verb: string;
  readonly requestURI: string;
  readonly objectRef?: {
    readonly apiGroup?: string;
    readonly resource: string;
    readonly subresource?: string;
    readonly namespace?: string;
    readonly name?: string;
  };
  readonly responseStatus?: { readonly code?: number };
  readonly annotations?: Readonly<Record<string, string>>;
}

/** The smallest piece that a rule can grant. */
interface Grant {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  /** Undefined: in every namespace. */
  readonly namespace: string | undefined;
  /** Undefined: of every name. */
  readonly name: string | undefined;
}

export function auditEvents(log: string): AuditEvent[] {
  return log
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as AuditEvent);
}

/** The grants of `roles` that none of `events` used, in words. What a wildcard grants counts as unused. */
export function unusedGrants(roles: readonly Role[], events: readonly AuditEvent[]): string[] {
  const allowed = events.filter(
    ({ annotations }) => annotations?.["authorization.k8s.io/decision"] === "allow",
  );
  return roles
    .flatMap(grantsOf)
    .filter((grant) => !allowed.some((event) => uses(event, grant)))
    .map(({ verb, group, resource, namespace, name }) =>
      [verb, [resource, group].filter((part) => part !== "").join("."), name, namespace && `in ${namespace}`]
        .filter((part) => part !== undefined)
        .join(" "),
    );
}

/** What was asked and refused, in words. */
export function refusals(events: readonly AuditEvent[]): string[] {
  return events
    .filter(
      ({ annotations, responseStatus }) =>
        annotations?.["authorization.k8s.io/decision"] === "forbid" || responseStatus?.code === 403,
    )
    .map(({ verb, requestURI }) => `${verb} ${requestURI}`);
}

function grantsOf({ metadata: { namespace }, rules }: Role): Grant[] {
  return rules.flatMap(({ apiGroups = [], resources = [], nonResourceURLs = [], resourceNames, verbs }) =>
    verbs.flatMap((verb) => [
      ...nonResourceURLs.map((url) => ({ verb, group: "", resource: url, namespace, name: undefined })),
      ...apiGroups.flatMap((group) =>
        resources.flatMap((resource) =>
          (resourceNames?.length ? resourceNames : [undefined]).map((name) => ({
            verb,
            group,
            resource,
            namespace,
            name,
          })),
        ),
      ),
    ]),
  );
}

function uses({ verb, objectRef, requestURI, responseStatus }: AuditEvent, grant: Grant): boolean {
  // An apply that makes the object is authorized twice, as the patch that it is and as a create.
  const creates = grant.verb === "create" && verb === "patch" && responseStatus?.code === 201;
  if (verb !== grant.verb && !creates) return false;
  if (objectRef === undefined) return requestURI.split("?")[0] === grant.resource;
  const { apiGroup = "", resource, subresource, namespace, name } = objectRef;
  return (
    apiGroup === grant.group &&
    [resource, subresource].filter((part) => part !== undefined).join("/") === grant.resource &&
    (grant.namespace === undefined || grant.namespace === namespace) &&
    (grant.name === undefined || grant.name === name)
  );
}
