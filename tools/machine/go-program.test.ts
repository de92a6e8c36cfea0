import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type GoProgram, goProgram, programAtHand } from "./go-program.ts";

const program: GoProgram = {
  name: "sometool",
  module: "example.com/some",
  version: "v1.2.3",
  package: "cmd/sometool",
  takes: "a moment",
};
let folder: string;
let env: NodeJS.ProcessEnv;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "go-program-"));
  env = { AWSSCAN_CACHE_DIR: join(folder, "cache"), PATH: join(folder, "bin") };
  await mkdir(join(folder, "bin"));
});
afterEach(() => rm(folder, { recursive: true }));

/** An executable in PATH that runs `script`. */
async function command(name: string, script: string): Promise<string> {
  const path = join(folder, "bin", name);
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  return path;
}

/** A Go toolchain that counts its builds and makes an empty program. */
const GO = `[ "$1" = build ] || exit 0
echo x >> "$AWSSCAN_CACHE_DIR/builds"
while [ "$1" != -o ]; do shift; done
PATH=/usr/bin:/bin; mkdir -p "$(dirname "$2")"; echo > "$2"; chmod 755 "$2"`;

describe("goProgram", () => {
  it("builds once for all that ask at a time, and leaves nothing behind", async () => {
    await command("go", GO);
    const paths = await Promise.all([1, 2, 3].map(() => goProgram(program, env, () => undefined)));
    expect(new Set(paths).size).toBe(1);
    expect(await goProgram(program, env, () => undefined)).toBe(paths[0]);
    expect(await readFile(join(folder, "cache", "builds"), "utf8")).toBe("x\n");
    const left = await readdir(join(folder, "cache", "go-programs"));
    expect(left.filter((name) => name.startsWith("unfinished"))).toEqual([]);
  });

  it("says what to do where there is no Go", async () => {
    await expect(goProgram(program, env, () => undefined)).rejects.toThrow(
      /install Go .*or put an executable at/,
    );
  });

  it("tells why a build failed, and tries again the next time", async () => {
    await command("go", '[ "$1" = build ] && { echo "no such package" >&2; exit 1; }; exit 0');
    await expect(goProgram(program, env, () => undefined)).rejects.toThrow("no such package");
    await command("go", GO);
    await expect(goProgram(program, env, () => undefined)).resolves.toContain("sometool-v1.2.3");
  });
});

describe("programAtHand", () => {
  it("builds nothing: undefined where there is neither a cached program nor one in PATH", async () => {
    await command("go", GO);
    expect(await programAtHand(program, env)).toBeUndefined();
  });

  it("prefers the cached program, which is of the version that tests use", async () => {
    const installed = await command("sometool", "");
    expect(await programAtHand(program, env)).toBe(installed);
    await command("go", GO);
    const cached = await goProgram(program, env, () => undefined);
    expect(await programAtHand(program, env)).toBe(cached);
  });
});
