import { describe, expect, it } from "vitest";
import type { KubeClient } from "./client.ts";
import { KubeReviews, type KubeUser } from "./reviews.ts";

const USER: KubeUser = { username: "x", uid: "1", groups: ["g"], extra: { pod: ["p"] } };

/** Reviews of an API server that gives this status to everything. */
function answering(status: unknown) {
  const asked: unknown[] = [];
  const create: KubeClient["create"] = async <T>(_kind: unknown, _at: unknown, body: unknown) => {
    asked.push(body);
    return { status } as T;
  };
  return { reviews: new KubeReviews({ create }), asked };
}

describe("a token review", () => {
  it.each([
    ["without a status", undefined],
    ["that says no", { authenticated: false, error: "invalid bearer token" }],
    ["that says no and names a user", { authenticated: false, user: USER }],
    ["that says nothing and names a user", { user: USER }],
    ["that says yes to nobody", { authenticated: true }],
    ["that says yes to a user without a name", { authenticated: true, user: { username: "" } }],
    ["whose yes is a word", { authenticated: "true", user: USER }],
  ])("%s knows nobody", async (_, status) => {
    expect(await answering(status).reviews.userOf("t")).toBeUndefined();
  });

  it("tells of the user what an access review asks for", async () => {
    const { reviews } = answering({ authenticated: true, user: { ...USER, more: 1 } });
    expect(await reviews.userOf("t")).toEqual(USER);
  });
});

describe("an access review", () => {
  it.each([
    ["without a status", undefined, false],
    ["that says nothing", {}, false],
    ["that allows", { allowed: true }, true],
    ["that allows and denies", { allowed: true, denied: true }, false],
    ["whose yes is a word", { allowed: "true" }, false],
  ])("%s: %j", async (_, status, allowed) => {
    expect(await answering(status).reviews.mayAccess(USER, "get", "/metrics")).toEqual({
      allowed,
      reason: "",
    });
  });

  it("asks about all that is known of the user, and for one path", async () => {
    const { reviews, asked } = answering({ allowed: false, reason: "why" });
    expect((await reviews.mayAccess(USER, "get", "/metrics")).reason).toBe("why");
    const { username: user, ...rest } = USER;
    const nonResourceAttributes = { verb: "get", path: "/metrics" };
    expect(asked).toMatchObject([{ spec: { user, ...rest, nonResourceAttributes } }]);
  });
});
