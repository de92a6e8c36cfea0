import { pino } from "pino";
import { describe, expect, it } from "vitest";
import type { KubeUser } from "../../kube/reviews.ts";
import { Gate, type Reviewer } from "./gate.ts";

const SECOND = 1_000;
const PROMETHEUS: KubeUser = {
  username: "prometheus",
  uid: "1",
  groups: ["scrapers"],
  extra: { node: ["a"] },
};

/** A gate whose API server knows the users of `tokens`, and lets in those of `allowed`. */
function rig() {
  const tokens = new Map<string, KubeUser>([["good", PROMETHEUS]]);
  const allowed = new Set(["prometheus"]);
  const asked: string[] = [];
  const lines: { level: number; msg: string }[] = [];
  const state = { nowMs: 1, answers: Promise.resolve() as Promise<void> };
  const reviewer: Reviewer = {
    async userOf(token) {
      asked.push(`who is ${token}`);
      await state.answers;
      return tokens.get(token);
    },
    async mayAccess(user, verb, path) {
      asked.push(`may ${JSON.stringify(user)} ${verb} ${path}`);
      await state.answers;
      return { allowed: allowed.has(user.username), reason: "" };
    },
  };
  const log = pino({ level: "debug" }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  const gate = new Gate({ reviewer, path: "/metrics", log, now: () => state.nowMs });
  const judge = (token: string) => gate.judge([`Bearer ${token}`]);
  const status = async (token: string) => (await judge(token))?.status ?? 200;
  return { gate, reviewer, tokens, allowed, asked, lines, state, judge, status };
}

describe("a gate", () => {
  it("lets in whom the API server knows and allows, and asks about all that it was told of him", async () => {
    const { status, asked } = rig();
    expect(await status("good")).toBe(200);
    expect(asked).toEqual(["who is good", `may ${JSON.stringify(PROMETHEUS)} get /metrics`]);
  });

  it.each([[[]], [["Basic good"]], [["Bearer good", "Bearer good"]]])(
    "asks nobody about a request with the headers %j",
    async (headers) => {
      const { gate, asked } = rig();
      expect(await gate.judge(headers)).toMatchObject({ status: 401, challenge: "Bearer" });
      expect(asked).toEqual([]);
    },
  );

  it("keeps out who is not known, and who is not allowed, and says why", async () => {
    const { judge, allowed, lines } = rig();
    expect(await judge("wrong")).toEqual({
      status: 401,
      message: "the API server does not know this token",
      challenge: "Bearer",
    });
    expect(lines).toEqual([]);
    allowed.clear();
    const message =
      '"prometheus" may not get /metrics: no ClusterRole allows it the verb get on the nonResourceURL /metrics';
    expect(await judge("good")).toEqual({ status: 403, message });
    await judge("good");
    expect(lines).toMatchObject([{ level: 30, msg: message }]);
  });

  it.each<[string, Partial<KubeUser>]>([
    ["name", { username: "grafana" }],
    ["uid", { uid: "2" }],
    ["group", { groups: [] }],
    ["extra", { extra: { node: ["b"] } }],
  ])("asks anew about a user of another %s, whoever was allowed before", async (_, other) => {
    const { status, tokens, asked, allowed } = rig();
    expect(await status("good")).toBe(200);
    allowed.clear();
    tokens.set("other", { ...PROMETHEUS, ...other });
    expect(await status("other")).toBe(403);
    expect(await status("good")).toBe(200);
    expect(asked).toHaveLength(4);
  });

  it("keeps a hostile user name in one line", async () => {
    const { judge, tokens } = rig();
    tokens.set("odd", { username: "x\nhttp/1.1 200\u202e" });
    expect((await judge("odd"))?.message).toMatch(
      /^"x\\nhttp\/1\.1 200 ?" may not get \/metrics: [^\n\u202e]+$/,
    );
  });

  it("stays shut while the API server cannot be asked, and tells the log once", async () => {
    const { status, state, lines } = rig();
    state.answers = Promise.reject(new Error("no answer"));
    expect([await status("good"), await status("good"), await status("wrong")]).toEqual([500, 500, 500]);
    expect(lines.filter(({ level }) => level > 20)).toMatchObject([
      { level: 40, msg: "the API server could not be asked about a token" },
    ]);
    state.answers = Promise.resolve();
    expect([await status("good"), await status("wrong")]).toEqual([200, 401]);
    expect(lines.at(-1)).toMatchObject({
      level: 30,
      msg: "the API server answers questions about tokens again",
    });
  });

  it("never keeps a door open that could only be half asked about", async () => {
    const { status, state, asked, allowed } = rig();
    allowed.clear();
    expect(await status("good")).toBe(403);
    state.nowMs += 31 * SECOND;
    state.answers = Promise.reject(new Error("no answer"));
    expect(await status("good")).toBe(500);
    expect(asked).toHaveLength(3);
  });

  it("lets in who was let in a moment ago, although nobody can be asked any more", async () => {
    const { status, state } = rig();
    expect(await status("good")).toBe(200);
    state.answers = Promise.reject(new Error("no answer"));
    state.nowMs += 59 * SECOND;
    expect(await status("good")).toBe(200);
    state.nowMs += 2 * SECOND;
    expect(await status("good")).toBe(500);
  });

  it("believes in a token for a minute, in its absence for a minute", async () => {
    const { status, state, tokens } = rig();
    expect([await status("good"), await status("late")]).toEqual([200, 401]);
    tokens.delete("good");
    tokens.set("late", PROMETHEUS);
    state.nowMs += 59 * SECOND;
    expect([await status("good"), await status("late")]).toEqual([200, 401]);
    state.nowMs += 2 * SECOND;
    expect([await status("good"), await status("late")]).toEqual([401, 200]);
  });

  it("believes in a permission for 5 minutes, in its absence for 30 seconds", async () => {
    const { status, state, allowed } = rig();
    expect(await status("good")).toBe(200);
    allowed.clear();
    state.nowMs += 299 * SECOND;
    expect(await status("good")).toBe(200);
    state.nowMs += 2 * SECOND;
    expect(await status("good")).toBe(403);
    allowed.add("prometheus");
    state.nowMs += 29 * SECOND;
    expect(await status("good")).toBe(403);
    state.nowMs += 2 * SECOND;
    expect(await status("good")).toBe(200);
  });

  it("asks once for requests that come together, by token and by user", async () => {
    const { status, asked, tokens } = rig();
    tokens.set("next", { ...PROMETHEUS });
    const all = await Promise.all(["good", "good", "good", "next", "next"].map(status));
    expect(all).toEqual([200, 200, 200, 200, 200]);
    expect(asked).toHaveLength(3);
  });

  it("forgets nobody who may come in, however many wrong tokens are tried", async () => {
    const { status, asked } = rig();
    expect(await status("good")).toBe(200);
    for (let n = 0; n < 5_000; n += 1) await status(`wrong-${n}`);
    const before = asked.length;
    expect(await status("good")).toBe(200);
    expect(asked).toHaveLength(before);
  });

  it("asks about so many tokens at once and no more", async () => {
    const { status, asked, state } = rig();
    const gate = Promise.withResolvers<void>();
    expect(await status("good")).toBe(200);
    asked.length = 0;
    state.answers = gate.promise;
    const flood = Promise.all(Array.from({ length: 1_000 }, (_, n) => status(`wrong-${n}`)));
    expect(await status("good")).toBe(200);
    gate.resolve();
    const answers = Map.groupBy(await flood, (code) => code);
    expect([answers.get(401)?.length, answers.get(503)?.length]).toEqual([48, 952]);
    expect(asked).toHaveLength(48);
  });

  it("renews its knowledge of who came in before, though strangers take all their room", async () => {
    const { status, state } = rig();
    expect(await status("good")).toBe(200);
    const gate = Promise.withResolvers<void>();
    state.answers = gate.promise;
    const flood = Promise.all(Array.from({ length: 1_000 }, (_, n) => status(`wrong-${n}`)));
    state.nowMs += 10 * 60 * SECOND;
    const renewed = status("good");
    gate.resolve();
    expect(await renewed).toBe(200);
    expect(await flood).not.toContain(200);
  });

  it("tells of an outage of either review once, whatever the other does", async () => {
    const { status, lines, reviewer } = rig();
    reviewer.mayAccess = () => Promise.reject(new Error("forbidden"));
    for (let n = 0; n < 5; n += 1) {
      expect(await status(`wrong-${n}`)).toBe(401);
      expect(await status("good")).toBe(500);
    }
    expect(lines.filter(({ level }) => level > 20).map(({ msg }) => msg)).toEqual([
      "the API server could not be asked about a token",
    ]);
  });

  it("logs no token, whatever becomes of it", async () => {
    const { judge, lines, state, allowed } = rig();
    const secret = "S3cr3t-token-of-somebody";
    await judge(secret);
    allowed.clear();
    await judge("good");
    state.answers = Promise.reject(new Error(`no answer to {"token":"${secret}-2"}`));
    const refusal = await judge(`${secret}-2`);
    expect(JSON.stringify([lines, refusal])).not.toContain("S3cr3t");
  });
});
