import { Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import { AwsCallError } from "../aws/errors.ts";
import { createLogger } from "./logger.ts";

/** What a logger writes, line by line. */
function recorder() {
  const lines: string[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
  return { lines, log: createLogger("trace", stream) };
}

describe("createLogger", () => {
  it("writes JSON with levels and times that people and machines read", () => {
    const { lines, log } = recorder();
    log.info({ scanId: "1" }, "hello");
    const written = {
      level: "info",
      msg: "hello",
      scanId: "1",
      time: expect.stringMatching(/Z$/) as unknown,
    };
    expect(JSON.parse(lines[0] ?? "")).toMatchObject(written);
  });

  it("writes no credential, wherever in a line it is", () => {
    const { lines, log } = recorder();
    const jwt = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJrOHMifQ.c2ln";
    log.info({
      token: "t0ps3cret",
      credentials: { secretAccessKey: "t0ps3cret" },
      o: { sessionToken: "t0ps3cret" },
    });
    log.error({ err: new Error(`refused ${jwt}`, { cause: new Error(`at ${jwt}`) }) }, "x");
    log.error({ err: new Error(`one line\nand ${jwt}`) }, "y");
    expect(lines.join("")).not.toMatch(/t0ps3cret|eyJpc3Mi/);
  });

  it("shows a stack for defects of ours, and none for what others answered", () => {
    const { lines, log } = recorder();
    const denied = new AwsCallError({
      kind: "denied",
      operation: "ListDomains",
      code: "AccessDenied",
      message: "no",
    });
    log.error({ err: new TypeError("x is undefined") }, "a");
    log.warn({ err: denied }, "b");
    expect(JSON.parse(lines[0] ?? "")).toHaveProperty("err.stack");
    expect(JSON.parse(lines[1] ?? "")).not.toHaveProperty("err.stack");
    expect(JSON.parse(lines[1] ?? "")).toMatchObject({ err: { message: "no", code: "AccessDenied" } });
  });
});
