import { expect, it } from "vitest";
import { TimeLimit, TimeLimitError } from "./time-limit.ts";

it("lets steps pass until the time is over, then says what took too long", () => {
  new TimeLimit("saving", 60_000).check();
  const over = new TimeLimit("saving the record of team/nightly", 0);
  expect(() => over.check()).toThrow(TimeLimitError);
  expect(() => over.check()).toThrow("saving the record of team/nightly: not done within 0 s");
});
