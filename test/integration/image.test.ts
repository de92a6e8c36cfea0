import { access, constants, lstat, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { run } from "../../tools/machine/command.ts";
import { hadolint } from "../../tools/release/linters.ts";
import { CALLER, useCliAws } from "../support/cli-aws.ts";
import { runInImage, useImage } from "../support/image.ts";

const DOCKERFILE = fileURLToPath(new URL("../../Dockerfile", import.meta.url));
const LABELS = ["created", "licenses", "revision", "source", "title", "version"];

const aws = useCliAws({
  accounts: [
    {
      id: "111111111111",
      name: "only",
      enabledRegions: ["us-east-1"],
      accessKeys: [CALLER],
      regions: { "us-east-1": { notebooks: [{ name: "open", directInternetAccess: "Enabled" }] } },
    },
  ],
});
const image = useImage();

/** Every program of the image. A script is none without a shell to run it, a library neither. */
async function programs(root: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || ((await lstat(path)).mode & 0o111) === 0) continue;
    const isElf = (await readFile(path)).subarray(0, 4).equals(Buffer.from("\x7fELF"));
    if (isElf && !/\.so(\.\d+)*$/.test(path)) found.push(path.slice(root.length));
  }
  return found;
}

/** What a program of our own sees in the image. */
const LOOK = `
const fs = require("node:fs");
const status = Object.fromEntries(fs.readFileSync("/proc/self/status", "utf8").split("\\n").map((l) => l.split(":\\t")));
const attempt = (f) => { try { f(); return "done"; } catch (e) { return e.code; } };
console.log(JSON.stringify({
  uid: process.getuid(), gid: process.getgid(), groups: process.getgroups(), cwd: process.cwd(), pid: process.pid,
  version: process.versions.node, home: require("node:os").homedir(), capabilities: [status.CapEff, status.CapPrm, status.CapInh, status.CapAmb],
  noNewPrivileges: status.NoNewPrivs,
  writes: Object.fromEntries(["/", "/app", "/tmp", "/home/nonroot", "/run", "/dev", "/usr/lib"].map((folder) =>
    [folder, attempt(() => fs.writeFileSync(folder + "/x", "x"))])),
  shell: attempt(() => { const { error } = require("node:child_process").spawnSync("sh", ["-c", "true"]); if (error) throw error; }),
}));`;

describe("the Dockerfile", () => {
  it("has nothing that hadolint would do otherwise, not even a matter of style", async () => {
    const required = LABELS.map((label) => `--require-label=org.opencontainers.image.${label}:text`);
    const trusted = ["docker.io", "gcr.io"].map((registry) => `--trusted-registry=${registry}`);
    const { code, stdout } = await run(await hadolint(), [
      "--failure-threshold=style",
      ...required,
      ...trusted,
      DOCKERFILE,
    ]);
    expect(stdout).toBe("");
    expect(code).toBe(0);
  });

  it("runs and builds with the Node.js that the tests run on, by its whole version", async () => {
    const tags = [...(await readFile(DOCKERFILE, "utf8")).matchAll(/^FROM .*\bnode:(\S+)/gm)].map(
      ([, tag]) => tag,
    );
    const tag = expect.stringMatching(
      `^${packageJson.devDependencies.node}-bookworm-slim(@sha256:[0-9a-f]{64})?$`,
    );
    expect(tags).toEqual([tag, tag]);
    expect(process.versions.node).toBe(packageJson.devDependencies.node);
  });
});

describe("the image", () => {
  it("has one program, Node.js: no shell, no package manager", async () => {
    const { root } = image();
    expect(await programs(root)).toEqual(["/usr/local/bin/node"]);
    for (const path of ["/bin/sh", "/usr/bin/env", "/usr/bin/apt", "/usr/local/bin/npm"])
      await expect(access(join(root, path), constants.F_OK), path).rejects.toThrow("ENOENT");
    expect(await readdir(join(root, "app"))).toEqual(
      expect.arrayContaining(["awsscan.js", "LICENSE", "THIRD-PARTY-LICENSES.txt"]),
    );
  });

  it("runs as 65532 in /app without a capability, and can write nowhere", async () => {
    const { code, stdout, stderr } = await runInImage(image(), {
      entrypoint: ["/usr/local/bin/node"],
      args: ["--eval", LOOK],
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const none = "0000000000000000";
    expect(JSON.parse(stdout)).toEqual({
      uid: 65532,
      gid: 65532,
      groups: expect.toSatisfy((groups: number[]) => groups.every((group) => group === 65532)),
      cwd: "/app",
      pid: 1,
      version: packageJson.devDependencies.node,
      home: "/home/nonroot",
      capabilities: [none, none, none, none],
      noNewPrivileges: "1",
      writes: {
        "/": "EROFS",
        "/app": "EROFS",
        "/tmp": "EROFS",
        "/home/nonroot": "EROFS",
        "/run": "EROFS",
        "/dev": "EROFS",
        "/usr/lib": "EROFS",
      },
      shell: "ENOENT",
    });
  });

  it("scans without a cluster, and says its version", async () => {
    const scan = await runInImage(image(), {
      args: ["scan", "--regions=us-east-1", "-o", "csv"],
      env: aws.env,
    });
    expect(scan.code).toBe(2);
    expect(scan.stdout).toContain("notebook-instance/open");
    const version = await runInImage(image(), { args: ["--version"] });
    expect(version.stdout).toContain(packageJson.version);
  });
});
