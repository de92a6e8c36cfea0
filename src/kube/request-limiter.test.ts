import { setImmediate as tick } from "node:timers/promises";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { RequestLimiter } from "./request-limiter.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

const { signal } = new AbortController();

function rig(limit = { qps: 10, burst: 2 }) {
  const limiter = new RequestLimiter(limit);
  const gone: string[] = [];
  const ask = (name: string, by = signal) => limiter.turn(by).then(() => gone.push(name));
  const pass = async (ms: number) => {
    vi.advanceTimersByTime(ms);
    await tick();
  };
  return { limiter, gone, ask, pass };
}

it("lets a burst go at once, and the others in their order at its pace", async () => {
  const { gone, ask, pass } = rig();
  for (const name of ["a", "b", "c", "d"]) void ask(name);
  await pass(0);
  expect(gone).toEqual(["a", "b"]);
  await pass(99);
  expect(gone).toEqual(["a", "b"]);
  await pass(1);
  expect(gone).toEqual(["a", "b", "c"]);
  void ask("e");
  await pass(100);
  expect(gone).toEqual(["a", "b", "c", "d"]);
  await pass(100);
  expect(gone).toEqual(["a", "b", "c", "d", "e"]);
});

it("saves up a burst in a pause and no more than that", async () => {
  const { gone, ask, pass } = rig();
  for (const name of ["a", "b"]) void ask(name);
  await pass(60_000);
  for (const name of ["c", "d", "e"]) void ask(name);
  await pass(0);
  expect(gone).toEqual(["a", "b", "c", "d"]);
});

it("gives the turn of a request that is given up to the one behind it", async () => {
  const { gone, ask, pass } = rig({ qps: 10, burst: 1 });
  const leaving = new AbortController();
  void ask("a");
  const left = expect(ask("left", leaving.signal)).rejects.toThrow("deadline");
  void ask("b");
  leaving.abort(new Error("deadline"));
  await left;
  await pass(100);
  expect(gone).toEqual(["a", "b"]);
});

it("takes no token for a request that is given up before it asks", async () => {
  const { gone, ask, pass } = rig({ qps: 10, burst: 1 });
  await expect(ask("aborted", AbortSignal.abort(new Error("stop")))).rejects.toThrow("stop");
  void ask("a");
  await pass(0);
  expect(gone).toEqual(["a"]);
});

it("leaves no timer when nobody waits", async () => {
  const { ask, pass } = rig({ qps: 10, burst: 1 });
  void ask("a");
  void ask("b");
  await pass(100);
  expect(vi.getTimerCount()).toBe(0);
});
