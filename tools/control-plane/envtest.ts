import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { EnvHttpProxyAgent, fetch } from "undici";
import { parse } from "yaml";
import { runOrThrow } from "../machine/command.ts";
import { patchesOf } from "./cache.ts";

/** The list of archives that the Kubernetes project publishes for tests. */
export const ENVTEST_INDEX =
  "https://raw.githubusercontent.com/kubernetes-sigs/controller-tools/main/envtest-releases.yaml";

/** One archive of the index. */
export interface EnvtestArchive {
  /** `v1.36.0` */
  readonly version: string;
  readonly url: string;
  /** SHA-512 of the archive, in hex. */
  readonly sha512: string;
}

interface Index {
  readonly releases: Readonly<Record<string, Readonly<Record<string, { hash: string; selfLink: string }>>>>;
}

/** Without a network the answer shall come at once, not after the 10 s that undici waits by default. */
const CONNECT_TIMEOUT_MS = 3_000;
const INDEX_TIMEOUT_MS = 15_000;

/** The archive of the newest patch of `minor` (such as `v1.36`) for a platform. Throws when there is none or no network. */
export async function findEnvtestArchive(
  indexUrl: string,
  minor: string,
  platform: string,
): Promise<EnvtestArchive> {
  const answer = await fetch(indexUrl, {
    dispatcher: dispatcher(),
    signal: AbortSignal.timeout(INDEX_TIMEOUT_MS),
  });
  if (!answer.ok) throw new Error(`${indexUrl} answered ${answer.status}`);
  const { releases } = parse(await answer.text()) as Index;
  for (const version of patchesOf(minor, Object.keys(releases))) {
    const archive = releases[version]?.[`envtest-${version}-${platform}.tar.gz`];
    if (archive) return { version, url: archive.selfLink, sha512: archive.hash };
  }
  throw new Error(`${indexUrl} lists no archive of ${minor} for ${platform}`);
}

/** Downloads an archive and unpacks its programs into `folder`. Throws before unpacking when the checksum differs. */
export async function downloadEnvtest(archive: EnvtestArchive, folder: string): Promise<void> {
  const answer = await fetch(archive.url, { dispatcher: dispatcher() });
  if (!answer.ok || !answer.body) throw new Error(`${archive.url} answered ${answer.status}`);
  const file = join(folder, "envtest.tar.gz");
  await pipeline(answer.body, createWriteStream(file));
  const hash = createHash("sha512");
  await pipeline(createReadStream(file), hash);
  const sha512 = hash.digest("hex");
  if (sha512 !== archive.sha512) {
    throw new Error(`${archive.url} has the SHA-512 ${sha512}, the index says ${archive.sha512}: not used`);
  }
  // The archive holds controller-tools/envtest/{etcd,kube-apiserver,kubectl}.
  await runOrThrow("tar", ["-xzf", file, "-C", folder, "--strip-components=2"]);
  await rm(file);
}

/** Honours HTTPS_PROXY and NO_PROXY. */
function dispatcher(): EnvHttpProxyAgent {
  return new EnvHttpProxyAgent({ connect: { timeout: CONNECT_TIMEOUT_MS } });
}
