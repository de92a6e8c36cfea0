/**
 * gcr.io/distroless/cc-debian12:nonroot, made anew from the same packages by the project's own recipe: `static/static.bzl`,
 * `base/config.bzl`, `cc/config.bzl` and `common/BUILD.bazel` of github.com/GoogleContainerTools/distroless.
 */
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DebianPackage, unpack } from "./debian.ts";

export const DISTROLESS = "gcr.io/distroless/cc-debian12:nonroot";

/** `static`, `base`, `cc`. */
const UNPACKED = [
  ...["base-files", "media-types", "netbase", "tzdata"],
  ...["libc6", "libssl3"],
  ...["gcc-12-base", "libgcc-s1", "libgomp1", "libstdc++6"],
];
/** Of it the certificates alone, in one file. */
const CERTIFICATES = "ca-certificates";
export const DISTROLESS_PACKAGES = [...UNPACKED, CERTIFICATES].sort();

const NONROOT = 65532;
const FILES: Readonly<Record<string, string>> = {
  "etc/passwd": [
    "root:x:0:0:root:/root:/sbin/nologin",
    "nobody:x:65534:65534:nobody:/nonexistent:/sbin/nologin",
    `nonroot:x:${NONROOT}:${NONROOT}:nonroot:/home/nonroot:/sbin/nologin`,
  ].join("\n"),
  "etc/group": ["root:x:0:", "nobody:x:65534:", "tty:x:5:", "staff:x:50:", `nonroot:x:${NONROOT}:`].join(
    "\n",
  ),
  "etc/nsswitch.conf": "hosts: files dns",
};

/** What the base image gives the process that nothing else says. */
export const DISTROLESS_ENV = {
  PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  SSL_CERT_FILE: "/etc/ssl/certs/ca-certificates.crt",
  // Container runtimes take it from /etc/passwd.
  HOME: "/home/nonroot",
} as const;

/** Fills an empty folder with the image's files. As root, owners are the image's too. */
export async function makeDistroless(packages: readonly DebianPackage[], root: string): Promise<void> {
  for (const name of UNPACKED) await unpack(named(packages, name), root);
  await chmod(root, 0o755);
  await mkdir(join(root, "tmp"), { recursive: true });
  await chmod(join(root, "tmp"), 0o1777);
  const home = join(root, "home", "nonroot");
  await mkdir(home, { recursive: true });
  await chmod(home, 0o700);
  await chown(home, NONROOT, NONROOT);
  for (const [path, content] of Object.entries(FILES)) await writeFile(join(root, path), `${content}\n`);
  await mkdir(join(root, "etc/ssl/certs"), { recursive: true });
  await writeFile(join(root, "etc/ssl/certs/ca-certificates.crt"), await certificates(packages));
}

async function certificates(packages: readonly DebianPackage[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "certificates-"));
  try {
    await unpack(named(packages, CERTIFICATES), folder);
    const place = join(folder, "usr/share/ca-certificates/mozilla");
    const files = (await readdir(place)).filter((file) => file.endsWith(".crt")).sort();
    return (await Promise.all(files.map((file) => readFile(join(place, file), "utf8")))).join("");
  } finally {
    await rm(folder, { recursive: true });
  }
}

export function named(packages: readonly DebianPackage[], name: string): DebianPackage {
  const found = packages.find((candidate) => candidate.name === name);
  if (found === undefined)
    throw new Error(`no package ${name} among ${packages.map((one) => one.name).join(", ")}`);
  return found;
}
