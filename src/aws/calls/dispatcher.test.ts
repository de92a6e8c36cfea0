import { setImmediate as tick } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { AwsCallError } from "../errors.ts";
import { Dispatcher, type Route, type Turn } from "./dispatcher.ts";

const { signal } = new AbortController();
const throttling = new AwsCallError({
  kind: "throttled",
  operation: "DescribeNotebookInstance",
  code: "ThrottlingException",
  message: "Rate exceeded",
  remedy: "paced",
});

function route(account: string, region = "us-east-1", operation = "DescribeNotebookInstance"): Route {
  return { account, region, service: "sagemaker", operation };
}

function rig(limits = { process: 100, account: 100, region: 100 }) {
  const dispatcher = new Dispatcher({
    limits,
    patience: { maxStrikes: 3, patienceMs: 0 },
    now: () => performance.now(),
    random: () => 0,
  });
  /** Asks for a turn, and remembers it under `name` when it comes. */
  const turns = new Map<string, Turn>();
  const ask = (name: string, where: Route, by = signal) =>
    dispatcher.turn(where, by, false).then((turn) => turns.set(name, turn));
  return { dispatcher, ask, turns, begun: () => [...turns.keys()] };
}

describe("the bounds on requests under way", () => {
  it.each([
    ["process", { process: 2, account: 9, region: 9 }, [route("a"), route("b"), route("c")]],
    [
      "account",
      { process: 9, account: 2, region: 9 },
      [route("a"), route("a", "eu-west-1"), route("a", "eu-west-2")],
    ],
    ["region", { process: 9, account: 9, region: 2 }, [route("a"), route("a"), route("a")]],
  ])("hold for the %s, and a request that ends lets the next one go", async (_, limits, routes) => {
    const { ask, turns, begun } = rig(limits);
    for (const [at, where] of routes.entries()) void ask(String(at), where);
    await tick();
    expect(begun()).toEqual(["0", "1"]);
    turns.get("1")?.end({ kind: "answered" });
    await tick();
    expect(begun()).toEqual(["0", "1", "2"]);
  });

  it("do not let an account that fills them go first every time", async () => {
    const { ask, turns, begun } = rig({ process: 1, account: 1, region: 1 });
    for (let at = 0; at < 3; at++) void ask(`large ${at}`, route("large"));
    void ask("small", route("small"));
    for (let at = 0; at < 3; at++) {
      await tick();
      turns.get(begun().at(-1) ?? "")?.end({ kind: "answered" });
    }
    await tick();
    expect(begun()).toEqual(["large 0", "small", "large 1", "large 2"]);
  });

  it("leave room for others beside a region that does not answer", async () => {
    const { ask, turns, begun } = rig({ process: 100, account: 100, region: 64 });
    for (let at = 0; at < 200; at++) void ask(`hanging ${at}`, route("a", "hanging"));
    await tick();
    const hanging = begun().length;
    expect(hanging).toBeLessThan(20);
    for (let at = 0; at < 20; at++) void ask(`fine ${at}`, route("a", "fine"));
    await tick();
    expect(begun().length).toBeGreaterThan(hanging);
    for (const name of begun().filter((begunName) => begunName.startsWith("hanging"))) {
      turns.get(name)?.end({ kind: "unreachable" });
      turns.delete(name);
    }
    await tick();
    expect(begun().filter((name) => name.startsWith("hanging"))).toHaveLength(1);
  });
});

describe("a lane that is throttled", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("waits, while other operations, regions and accounts do not", async () => {
    const { ask, turns, begun } = rig();
    void ask("first", route("a"));
    await tick();
    turns.get("first")?.end({ kind: "throttled", error: throttling, retryAfterMs: 0 });
    void ask("same", route("a"));
    void ask("operation", route("a", "us-east-1", "ListDomains"));
    void ask("region", route("a", "eu-west-1"));
    void ask("account", route("b"));
    await tick();
    expect(begun()).toEqual(["first", "operation", "region", "account"]);
    vi.advanceTimersByTime(1_000);
    await tick();
    expect(begun()).toContain("same");
  });

  it("waits as long as the service says", async () => {
    const { ask, turns, begun } = rig();
    void ask("first", route("a"));
    await tick();
    turns.get("first")?.end({ kind: "throttled", error: throttling, retryAfterMs: 30_000 });
    void ask("second", route("a"));
    vi.advanceTimersByTime(29_000);
    await tick();
    expect(begun()).toEqual(["first"]);
    vi.advanceTimersByTime(1_500);
    await tick();
    expect(begun()).toEqual(["first", "second"]);
  });

  it("gives up on all that waits once everything was throttled for long, and tries again later", async () => {
    const { dispatcher, ask, turns, begun } = rig();
    for (let strike = 0; strike < 3; strike++) {
      void ask(`strike ${strike}`, route("a"));
      vi.advanceTimersToNextTimer();
      await tick();
      const waiting = strike === 2 ? dispatcher.turn(route("a"), signal, false) : undefined;
      const refused = waiting && expect(waiting).rejects.toBe(throttling);
      turns.get(`strike ${strike}`)?.end({ kind: "throttled", error: throttling, retryAfterMs: 0 });
      await refused;
    }
    await expect(dispatcher.turn(route("a"), signal, false)).rejects.toBe(throttling);
    vi.advanceTimersByTime(60_000);
    void ask("later", route("a"));
    vi.advanceTimersByTime(60_000);
    await tick();
    expect(begun()).toContain("later");
  });
});

describe("places that hang", () => {
  const silence = new AwsCallError({
    kind: "timed-out",
    operation: "ListDomains",
    code: "TimeoutError",
    message: "sagemaker gave no whole answer within 20 s",
    remedy: "transient",
  });

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("leave a way past them to an account that has little under way, where slow ones have taken all there is", async () => {
    const { ask, turns, begun } = rig({ process: 8, account: 9, region: 9 });
    for (let at = 0; at < 40; at++)
      void ask(`hanging ${at}`, route(`account ${at % 4}`, `hanging ${at % 3}`));
    await tick();
    vi.advanceTimersByTime(2_000);
    await tick();
    expect(begun()).toHaveLength(16);
    vi.advanceTimersByTime(2_000);
    for (let at = 0; at < 9; at++) void ask(`fine ${at}`, route("another", "fine"));
    await tick();
    expect(begun().slice(16)).toEqual(["fine 0", "fine 1"]);
    turns.get("fine 0")?.end({ kind: "answered" });
    await tick();
    expect(begun().slice(16)).toEqual(["fine 0", "fine 1", "fine 2"]);
    // A place that hangs no more is for whoever has the least.
    turns.get(begun()[0] ?? "")?.end({ kind: "timed-out", error: silence });
    await tick();
    expect(begun().slice(16)).toEqual(["fine 0", "fine 1", "fine 2", "fine 3"]);
  });

  it("are closed to the account alone that has asked in vain, until another has too", async () => {
    const { dispatcher, ask, turns, begun } = rig();
    for (let at = 0; at < 32; at++) {
      void ask(`${at}`, route("hung", "one"));
      await tick();
      turns.get(`${at}`)?.end({ kind: "timed-out", error: silence });
    }
    await expect(dispatcher.turn(route("hung", "one"), signal, false)).rejects.toMatchObject({
      kind: "timed-out",
    });
    void ask("another's", route("another", "one"));
    await tick();
    expect(begun()).toContain("another's");
    turns.get("another's")?.end({ kind: "timed-out", error: silence });
    await expect(dispatcher.turn(route("third", "one"), signal, false)).rejects.toMatchObject({
      kind: "timed-out",
    });
  });

  it("give their place in the process to others after two seconds, as many as it has", async () => {
    const { ask, begun } = rig({ process: 3, account: 9, region: 9 });
    for (let at = 0; at < 8; at++) void ask(`hanging ${at}`, route(`account ${at}`, "hanging"));
    void ask("fine", route("a", "fine"));
    await tick();
    expect(begun()).toHaveLength(3);
    vi.advanceTimersByTime(2_000);
    await tick();
    // Three are slow, three under way, and one has the spare place: more would be without bound.
    expect(begun()).toHaveLength(7);
    vi.advanceTimersByTime(60_000);
    await tick();
    expect(begun()).toHaveLength(7);
  });

  it("are asked nothing for a while once nobody has had an answer, and others all the same", async () => {
    const { dispatcher, ask, turns, begun } = rig();
    for (let at = 0; at < 32; at++) void ask(`${at}`, route(`account ${at}`, "hanging"));
    await tick();
    for (const turn of turns.values()) turn.end({ kind: "timed-out", error: silence });
    // What is told of it is its own operation, though others have found out.
    const refused = { kind: "timed-out", operation: "DescribeNotebookInstance", message: silence.message };
    await expect(dispatcher.turn(route("another", "hanging"), signal, false)).rejects.toMatchObject(refused);
    void ask("elsewhere", route("another", "fine"));
    vi.advanceTimersByTime(60_000);
    void ask("later", route("another", "hanging"));
    await tick();
    expect(begun().slice(32)).toEqual(["elsewhere", "later"]);
  });

  it("are not taken for dead because scans end that have asked", async () => {
    const { ask, turns, begun } = rig();
    for (let at = 0; at < 40; at++) void ask(`${at}`, route(`account ${at}`, "fine"));
    await tick();
    for (const turn of turns.values()) turn.end({ kind: "abandoned" });
    void ask("next", route("another", "fine"));
    await tick();
    expect(begun()).toContain("next");
  });

  it("are taken for alive while anybody has an answer", async () => {
    const { ask, turns, begun } = rig();
    for (let at = 0; at < 40; at++) void ask(`${at}`, route(`account ${at}`, "slow"));
    await tick();
    for (const [name, turn] of turns)
      turn.end(name === "20" ? { kind: "answered" } : { kind: "timed-out", error: silence });
    void ask("next", route("another", "slow"));
    await tick();
    expect(begun()).toContain("next");
  });
});

describe("a request that nobody waits for any more", () => {
  it("is told so, and takes nobody's turn", async () => {
    const { ask, turns, begun } = rig({ process: 1, account: 1, region: 1 });
    const leaving = new AbortController();
    void ask("first", route("a"));
    const left = expect(ask("left", route("a"), leaving.signal)).rejects.toThrow("deadline");
    void ask("last", route("a"));
    leaving.abort(new Error("deadline"));
    await left;
    turns.get("first")?.end({ kind: "answered" });
    await tick();
    expect(begun()).toEqual(["first", "last"]);
  });

  it("is not begun where its signal has aborted already", async () => {
    const { dispatcher } = rig();
    const aborted = AbortSignal.abort(new Error("deadline"));
    await expect(dispatcher.turn(route("a"), aborted, false)).rejects.toThrow("deadline");
  });
});
