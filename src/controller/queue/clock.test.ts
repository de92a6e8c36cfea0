import { expect, it } from "vitest";
import { systemClock } from "./clock.ts";

it("fires a timer, and not one that was cancelled before", async () => {
  const fired: string[] = [];
  await new Promise<void>((resolve) => {
    const cancel = systemClock.setTimer(1, () => fired.push("cancelled"));
    systemClock.setTimer(5, () => {
      fired.push("kept");
      resolve();
    });
    cancel();
  });
  expect(fired).toEqual(["kept"]);
});

it("never goes back", () => {
  const times = Array.from({ length: 100 }, () => systemClock.now());
  expect(times).toEqual([...times].sort((a, b) => a - b));
});
