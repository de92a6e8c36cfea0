import { describe, expect, it } from "vitest";
import { onAbort } from "./on-abort.ts";

describe("onAbort", () => {
  it("calls all that wait, once, and not those that have gone", () => {
    const called: string[] = [];
    const controller = new AbortController();
    onAbort(controller.signal, () => called.push("first"));
    const leave = onAbort(controller.signal, () => called.push("gone"));
    onAbort(controller.signal, () => called.push("last"));
    leave();
    controller.abort();
    expect(called).toEqual(["first", "last"]);
  });

  it("takes a function that waits twice for two", () => {
    let calls = 0;
    const fn = () => {
      calls += 1;
    };
    const controller = new AbortController();
    const leave = onAbort(controller.signal, fn);
    onAbort(controller.signal, fn);
    leave();
    controller.abort();
    expect(calls).toBe(1);
  });
});
