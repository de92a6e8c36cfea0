import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CommandNotFoundError, runOrThrow } from "../machine/command.ts";
import { type Tell, withProgress } from "../machine/progress.ts";

const APISERVER = "k8s.io/kubernetes/cmd/kube-apiserver";
const ETCD = "go.etcd.io/etcd/server/v3";

/** True when a Go toolchain is in PATH. */
export async function hasGo(): Promise<boolean> {
  try {
    await runOrThrow("go", ["version"]);
    return true;
  } catch (error) {
    if (error instanceof CommandNotFoundError) return false;
    throw error;
  }
}

/**
 * Builds etcd and kube-apiserver of a Kubernetes `version` (such as `v1.36.3`) from Go modules into `folder`.
 * Needs `go` and a Go module proxy, and 3 to 6 minutes on two cores the first time.
 */
export async function buildFromGoModules(version: string, folder: string, tell: Tell): Promise<void> {
  const module = join(folder, "module");
  await mkdir(module);
  // A workspace or flags of the user's own would change what the scratch module means.
  const env = { ...process.env, GOFLAGS: "-mod=mod", GOWORK: "off" };
  const go = (...args: string[]) => runOrThrow("go", args, { cwd: module, env });

  await withProgress(tell, `resolving the Go modules of Kubernetes ${version}`, async () => {
    await go("mod", "init", "controlplane");
    const replacements = await stagingReplacements(go, version);
    await go("mod", "edit", `-require=k8s.io/kubernetes@${version}`, ...replacements);
    await writeFile(join(module, "tools.go"), toolsFile([ETCD, APISERVER]));
    await go("mod", "tidy");
  });
  await withProgress(tell, "building etcd from Go modules (first run only, about 1 minute on 2 cores)", () =>
    go("build", "-trimpath", "-ldflags=-s -w", "-o", join(folder, "etcd"), ETCD),
  );
  await withProgress(
    tell,
    `building kube-apiserver ${version} from Go modules (first run only, about 3 to 6 minutes on 2 cores)`,
    () => go("build", "-trimpath", versionFlags(version), "-o", join(folder, "kube-apiserver"), APISERVER),
  );
  await rm(module, { recursive: true });
}

/**
 * Kubernetes keeps some of its modules in its own repository and requires them as v0.0.0, which only a replace
 * in the main module can resolve: v1.36.3 publishes them as v0.36.3. A v0.0.0 with a date is a real version.
 */
async function stagingReplacements(
  go: (...args: string[]) => Promise<string>,
  version: string,
): Promise<string[]> {
  const download = JSON.parse(await go("mod", "download", "-json", `k8s.io/kubernetes@${version}`)) as {
    GoMod: string;
  };
  const module = JSON.parse(await go("mod", "edit", "-json", download.GoMod)) as {
    Require: { Path: string; Version: string }[];
  };
  return module.Require.filter(({ Path, Version }) => Path.startsWith("k8s.io/") && Version === "v0.0.0").map(
    ({ Path }) => `-replace=${Path}=${Path}@${version.replace(/^v1\./, "v0.")}`,
  );
}

/** A file that is never compiled; it makes `go mod tidy` keep what is to be built. */
function toolsFile(packages: readonly string[]): string {
  const imports = packages.map((path) => `\t_ "${path}"`).join("\n");
  return `//go:build tools\n\npackage tools\n\nimport (\n${imports}\n)\n`;
}

/** Without a version kubectl and helm refuse the server. */
function versionFlags(version: string): string {
  const [major = "", minor = ""] = version.slice(1).split(".");
  const set = (name: string, value: string) => `-X k8s.io/component-base/version.${name}=${value}`;
  const flags = [set("gitVersion", version), set("gitMajor", major), set("gitMinor", minor)];
  return `-ldflags=-s -w ${flags.join(" ")}`;
}
