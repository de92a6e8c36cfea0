import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { abortable } from "./abortable.ts";

describe("abortable", () => {
  it("does not wait for work that never ends once its signal aborts", async () => {
    const abort = new AbortController();
    const waiting = abortable(new Promise(() => {}), abort.signal);
    abort.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow("enough");
    await expect(abortable(Promise.resolve(1), abort.signal)).rejects.toThrow("enough");
  });

  it("gives what the work gives, with one listener however often", async () => {
    const { signal } = new AbortController();
    for (let at = 0; at < 100; at++) expect(await abortable(Promise.resolve(at), signal)).toBe(at);
    expect(getEventListeners(signal, "abort")).toHaveLength(1);
  });

  it("leaves no rejection unhandled of work that nobody waits for", async () => {
    const unhandled: unknown[] = [];
    const listen = (reason: unknown) => unhandled.push(reason);
    process.on("unhandledRejection", listen);
    const late = Promise.withResolvers<never>();
    await expect(abortable(late.promise, AbortSignal.abort(new Error("enough")))).rejects.toThrow("enough");
    late.reject(new Error("too late"));
    await new Promise(setImmediate);
    process.off("unhandledRejection", listen);
    expect(unhandled).toEqual([]);
  });
});
