import { PassThrough, Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { collectAnswer, MAX_ANSWER_BYTES } from "./answer-body.ts";

const KIB = Buffer.alloc(1_024, "x");

describe("the body of an answer", () => {
  it("is all that came", async () => {
    expect(
      Buffer.from(await collectAnswer(Readable.from([Buffer.from("a"), Buffer.from("b")]))).toString(),
    ).toBe("ab");
    expect(await collectAnswer(Readable.from([]))).toHaveLength(0);
  });

  it("is read to its bound and no further", async () => {
    let read = 0;
    function* endless() {
      for (;;) {
        read += KIB.length;
        yield KIB;
      }
    }
    const stream = Readable.from(endless());
    await expect(collectAnswer(stream)).rejects.toThrow("larger than 4 MiB");
    expect(stream.destroyed).toBe(true);
    expect(read).toBeLessThan(MAX_ANSWER_BYTES + 64 * KIB.length);
    const largest = Readable.from([Buffer.alloc(MAX_ANSWER_BYTES)]);
    expect(await collectAnswer(largest)).toHaveLength(MAX_ANSWER_BYTES);
  });

  it("is none where it broke off", async () => {
    const broken = new PassThrough();
    broken.write("half");
    const collected = collectAnswer(broken);
    broken.destroy();
    await expect(collected).rejects.toThrow("closed before the answer's end");
    const failed = new PassThrough();
    const failing = collectAnswer(failed);
    failed.destroy(new Error("ECONNRESET"));
    await expect(failing).rejects.toThrow("ECONNRESET");
  });
});
