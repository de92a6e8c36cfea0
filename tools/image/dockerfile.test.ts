import { describe, expect, it } from "vitest";
import { finalStage } from "./dockerfile.ts";

const file = (...last: readonly string[]) =>
  ["FROM node:26 AS node", "RUN make", 'ENTRYPOINT ["first"]', "FROM base:1", ...last].join("\n");

describe("finalStage", () => {
  it("is what the last FROM begins, and nothing of the stages before it", () => {
    const stage = finalStage(
      file(
        "# comment",
        "COPY --from=node /a /b/*.so \\",
        "  /usr/lib/",
        "WORKDIR /app",
        "USER 1:2",
        "EXPOSE 80 81",
        'ENTRYPOINT ["/n ode", "x\\"y"]',
        'CMD ["operator"]',
        "ARG A=1",
        'LABEL a="$A"',
      ),
    );
    expect(stage).toEqual({
      base: "base:1",
      copies: [{ from: "node", sources: ["/a", "/b/*.so"], destination: "/usr/lib/" }],
      workdir: "/app",
      user: { uid: 1, gid: 2 },
      exposed: [80, 81],
      entrypoint: ["/n ode", 'x"y'],
      command: ["operator"],
    });
  });

  it.each([
    ["RUN apt-get install bash", "RUN in the last stage is not understood"],
    ["ADD https://example.com/a /a", "ADD in the last stage is not understood"],
    ["ENV A=1", "ENV in the last stage is not understood"],
    ["COPY a /b", "COPY a /b: only --from=STAGE is understood"],
    ["COPY --from=node --chmod=755 /a /b", "only --from=STAGE is understood"],
    ["USER nonroot", "USER nonroot is not UID:GID"],
    ["ENTRYPOINT node /app", "ENTRYPOINT needs a list"],
  ])("does not pass over %s", (instruction, message) => {
    expect(() => finalStage(file(instruction))).toThrow(message);
  });

  it("needs a FROM", () => {
    expect(() => finalStage("# nothing")).toThrow("no FROM");
  });
});
