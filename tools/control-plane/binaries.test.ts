import { createHash } from "node:crypto";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { runOrThrow } from "../machine/command.ts";
import { freePort } from "../machine/free-port.ts";
import { resolveBinaries } from "./binaries.ts";
import { platform } from "./cache.ts";

let folder: string;
let cache: string;
let told: string[];
const tell = (line: string) => told.push(line);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "binaries-"));
  cache = join(folder, "cache", "control-plane");
  told = [];
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

/** Writes programs that say `text` into `target`. */
async function writePrograms(target: string, text: string): Promise<void> {
  await mkdir(target, { recursive: true });
  for (const program of ["etcd", "kube-apiserver"]) {
    await writeFile(join(target, program), text);
    await chmod(join(target, program), 0o755);
  }
}

/** Looks where a test says, never on the machine that it runs on. */
async function resolve(options: { assets?: string; envtestIndex?: string } = {}): Promise<string> {
  const { assets, envtestIndex = `http://127.0.0.1:${await freePort()}/nobody-listens` } = options;
  const env = { AWSSCAN_CACHE_DIR: join(folder, "cache"), KUBEBUILDER_ASSETS: assets };
  return resolveBinaries({ env, envtestIndex, tell });
}

describe("resolveBinaries", () => {
  it("takes KUBEBUILDER_ASSETS before everything else", async () => {
    const assets = join(folder, "assets");
    await writePrograms(assets, "assets");
    await writePrograms(join(cache, `v1.36.3-${platform()}`), "cache");
    expect(await resolve({ assets })).toBe(assets);
  });

  it("refuses KUBEBUILDER_ASSETS that holds no programs rather than using others silently", async () => {
    await expect(resolve({ assets: folder })).rejects.toThrow("unset it");
  });

  it("takes the newest whole patch of the cache", async () => {
    await writePrograms(join(cache, `v1.36.2-${platform()}`), "old");
    await writePrograms(join(cache, `v1.36.10-${platform()}`), "new");
    await writePrograms(join(cache, `v1.37.0-${platform()}`), "another minor");
    await writePrograms(join(cache, "v1.36.11-plan9-386"), "another platform");
    await mkdir(join(cache, `v1.36.12-${platform()}`));
    expect(await resolve()).toBe(join(cache, `v1.36.10-${platform()}`));
  });

  it("names the four ways where there is no cache, no network and no Go", async () => {
    vi.stubEnv("PATH", folder);
    await expect(resolve()).rejects.toThrow(
      /1\. set KUBEBUILDER_ASSETS.*2\. put.*3\. allow.*4\. install Go/s,
    );
    expect(told).toEqual([expect.stringMatching(/^no download of the envtest archive: .*ECONNREFUSED/)]);
  });
});

describe("the envtest archive", () => {
  let server: Server;
  let url: string;
  let archive: Buffer;

  beforeEach(async () => {
    const content = join(folder, "content");
    await writePrograms(join(content, "controller-tools", "envtest"), "downloaded");
    await runOrThrow("tar", ["-czf", join(folder, "archive.tar.gz"), "-C", content, "controller-tools"]);
    archive = await readFile(join(folder, "archive.tar.gz"));
  });
  afterEach(async () => {
    server.close();
    await once(server, "close");
  });

  /** Serves an index that lists the archive with this checksum, and the archive. */
  async function serve(hash: string): Promise<string> {
    server = createServer((request, response) => {
      response.setHeader("connection", "close");
      response.end(request.url === "/index.yaml" ? index(hash) : archive);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return `${url}/index.yaml`;
  }

  function index(hash: string): string {
    const releases = Object.fromEntries(
      ["v1.36.0-beta.0", "v1.35.9", "v1.36.0", "v1.36.1", "v1.37.0"].map((version) => [
        version,
        { [`envtest-${version}-${platform()}.tar.gz`]: { hash, selfLink: `${url}/${version}.tar.gz` } },
      ]),
    );
    return JSON.stringify({ releases });
  }

  it("is downloaded in its newest patch, once, and then taken from the cache", async () => {
    const envtestIndex = await serve(createHash("sha512").update(archive).digest("hex"));
    const found = await resolve({ envtestIndex });
    expect(found).toBe(join(cache, `v1.36.1-${platform()}`));
    expect(await readFile(join(found, "etcd"), "utf8")).toBe("downloaded");
    expect(await readdir(cache)).toEqual([`v1.36.1-${platform()}`]);
    expect(await resolve()).toBe(found);
  });

  it("is not unpacked when its checksum differs from the index", async () => {
    const envtestIndex = await serve("0".repeat(128));
    vi.stubEnv("PATH", folder);
    await expect(resolve({ envtestIndex })).rejects.toThrow("four ways");
    expect(told.at(-1)).toContain("the index says 0000");
    expect(await readdir(cache)).toEqual([]);
  });
});
