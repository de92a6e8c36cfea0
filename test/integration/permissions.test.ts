import { describe, expect, it } from "vitest";
import { type AuditEvent, auditEvents, type Role, refusals, unusedGrants } from "../support/permissions.ts";

const ROLE: Role = {
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "Role",
  metadata: { name: "tokens", namespace: "team-a" },
  rules: [
    {
      apiGroups: [""],
      resources: ["serviceaccounts/token"],
      resourceNames: ["one", "two"],
      verbs: ["create"],
    },
    { apiGroups: ["awsaccountscan.dev"], resources: ["awsaccountscanreports"], verbs: ["create", "patch"] },
  ],
};

function event(changes: Partial<AuditEvent>, decision = "allow"): AuditEvent {
  return {
    user: { username: "operator" },
    userAgent: "test",
    verb: "create",
    requestURI: "/",
    annotations: { "authorization.k8s.io/decision": decision },
    ...changes,
  };
}

const token = (name: string, namespace = "team-a") =>
  event({ objectRef: { resource: "serviceaccounts", subresource: "token", namespace, name } });
const report = (verb: string, code: number) =>
  event({
    verb,
    objectRef: { apiGroup: "awsaccountscan.dev", resource: "awsaccountscanreports", namespace: "team-a" },
    responseStatus: { code },
  });

describe("what an audit log shows of roles", () => {
  it("is that all was used, where every name of every rule was", () => {
    expect(unusedGrants([ROLE], [token("one"), token("two"), report("patch", 201)])).toEqual([]);
  });

  it("is each verb and name that nobody used", () => {
    expect(unusedGrants([ROLE], [token("one"), token("two", "team-b"), report("patch", 200)])).toEqual([
      "create serviceaccounts/token two in team-a",
      "create awsaccountscanreports.awsaccountscan.dev in team-a",
    ]);
  });

  it("is no use of a permission that was refused", () => {
    const refused = { ...token("one"), annotations: { "authorization.k8s.io/decision": "forbid" } };
    expect(unusedGrants([ROLE], [refused, token("two"), report("patch", 201)])).toEqual([
      "create serviceaccounts/token one in team-a",
    ]);
  });

  it("is no use of a wildcard, whatever was used", () => {
    const rules = [{ apiGroups: [""], resources: ["*"], verbs: ["create"] }];
    expect(unusedGrants([{ ...ROLE, rules }], [token("one")])).toEqual(["create * in team-a"]);
  });

  it("is every refusal, by the authorizer or by the answer", () => {
    const events = [
      event({ verb: "get", requestURI: "/a" }, "forbid"),
      event({ verb: "list", requestURI: "/b", responseStatus: { code: 403 } }),
      event({ verb: "watch", requestURI: "/c", responseStatus: { code: 200 } }),
    ];
    expect(refusals(events)).toEqual(["get /a", "list /b"]);
  });

  it("counts paths that are no resources", () => {
    const rules = [{ nonResourceURLs: ["/metrics"], verbs: ["get"] }];
    const role: Role = { ...ROLE, metadata: { name: "reader" }, rules };
    expect(unusedGrants([role], [event({ verb: "get", requestURI: "/metrics?a=b" })])).toEqual([]);
    expect(unusedGrants([role], [event({ verb: "get", requestURI: "/healthz" })])).toEqual(["get /metrics"]);
  });

  it("is read line by line", () => {
    const log = `${JSON.stringify(token("one"))}\n${JSON.stringify(token("two"))}\n`;
    expect(auditEvents(log).map(({ objectRef }) => objectRef?.name)).toEqual(["one", "two"]);
  });
});
