import { PassThrough, Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import { wantsColor, write } from "./output.ts";

describe("write", () => {
  it("waits for a slow reader, and loses nothing", async () => {
    const stream = new PassThrough({ highWaterMark: 4 });
    let text = "";
    stream.setEncoding("utf8").on("data", (piece: string) => {
      text += piece;
    });
    const pieces = Array.from({ length: 200 }, (_, at) => `${at},`);
    await write(pieces, stream);
    stream.end();
    await new Promise((resolve) => stream.once("end", resolve));
    expect(text).toBe(pieces.join(""));
  });

  it("ends quietly where the reader has gone, and draws no more pieces", async () => {
    let drawn = 0;
    const pieces = (function* () {
      for (;;) {
        drawn += 1;
        yield "x";
      }
    })();
    await write(pieces, failing("EPIPE"));
    expect(drawn).toBeLessThan(10);
  });

  it("tells any other failure", async () => {
    await expect(write(["x", "y", "z"], failing("ENOSPC"))).rejects.toThrow("ENOSPC");
  });
});

function failing(code: string): Writable {
  return new Writable({
    highWaterMark: 1,
    write: (_piece, _encoding, done) => done(Object.assign(new Error(code), { code })),
  });
}

describe("wantsColor", () => {
  it.each([
    ["auto", true, {}, true],
    ["auto", false, {}, false],
    ["auto", true, { NO_COLOR: "1" }, false],
    ["auto", true, { NO_COLOR: "" }, true],
    ["auto", true, { TERM: "dumb" }, false],
    ["always", false, { NO_COLOR: "1" }, true],
    ["never", true, {}, false],
  ] as const)("with --color=%s, terminal %j and %j: %j", (when, isTTY, env, expected) => {
    expect(wantsColor(when, { isTTY }, env)).toBe(expected);
  });
});
