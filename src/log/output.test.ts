import { describe, expect, it } from "vitest";
import { LogOutput } from "./output.ts";

/** An output to a disk that does as `fates` say: takes so many bytes, or refuses with that code; then takes all. */
function disk(...fates: (number | string)[]) {
  let text = "";
  const write = (_: number, bytes: Uint8Array) => {
    const fate = fates.shift() ?? bytes.length;
    if (typeof fate === "string") throw Object.assign(new Error(fate), { code: fate });
    text += Buffer.from(bytes.subarray(0, fate)).toString();
    return Math.min(fate, bytes.length);
  };
  const output = new LogOutput(1, write, () => new Date(0));
  return { output, text: () => text };
}

const notice = (lines: number, reason: string) =>
  `{"level":"warn","time":"1970-01-01T00:00:00.000Z","lines":${lines},"reason":"${reason}",` +
  '"msg":"lines of the log could not be written"}\n';

describe("a log's output", () => {
  it("writes each line at once, and whole where it is taken by halves", () => {
    const { output, text } = disk(3);
    output.write("a line\n");
    expect(text()).toBe("a line\n");
  });

  it("loses what a full disk refuses, and says how much as soon as it can", () => {
    const { output, text } = disk("ENOSPC", "ENOSPC");
    for (const line of ["one\n", "two\n", "three\n", "four\n"]) output.write(line);
    expect(text()).toBe(`${notice(2, "ENOSPC")}three\nfour\n`);
  });

  it("begins a new line after one that was torn", () => {
    const { output, text } = disk(2, "ENOSPC");
    output.write("torn\n");
    output.write("next\n");
    expect(text()).toBe(`to\n${notice(1, "ENOSPC")}next\n`);
  });

  it("waits for a reader that is slow", () => {
    const { output, text } = disk("EAGAIN", "EAGAIN");
    output.write("a line\n");
    expect(text()).toBe("a line\n");
  });

  it("waits once for a reader that reads no more", () => {
    const attempts = Array<string>(150).fill("EAGAIN");
    const { output, text } = disk(...attempts, "EPIPE");
    for (let line = 0; line < 100; line += 1) output.write("a line\n");
    expect(text()).toMatch(/^\{"level":"warn",.*"lines":\d\d,"reason":"EPIPE"/);
  });
});
