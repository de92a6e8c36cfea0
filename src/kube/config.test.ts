import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadKubeConfig, ownNamespace } from "./config.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "kubeconfig-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

/** A kubeconfig whose cluster, user and contexts are named after it. */
function kubeconfig(name: string, current = name): string {
  const path = join(dir, name);
  const content = {
    clusters: [{ name, cluster: { server: `https://${name}.example` } }],
    users: [{ name, user: { token: "secret" } }],
    contexts: [
      { name, context: { cluster: name, user: name, namespace: `${name}-namespace` } },
      { name: `${name}-other`, context: { cluster: name, user: name } },
    ],
    "current-context": current,
  };
  writeFileSync(path, JSON.stringify(content));
  return path;
}

describe("loadKubeConfig", () => {
  it("prefers the file it is given to KUBECONFIG, and that to the home directory", () => {
    const [given, listed] = [kubeconfig("given"), kubeconfig("listed")];
    mkdirSync(join(dir, ".kube"));
    kubeconfig(".kube/config");
    const server = (choice: { kubeconfig?: string }, env: Record<string, string>) =>
      loadKubeConfig({ ...choice, env: { HOME: dir, ...env } }).getCurrentCluster()?.server;
    expect(server({ kubeconfig: given }, { KUBECONFIG: listed })).toBe("https://given.example");
    expect(server({}, { KUBECONFIG: listed })).toBe("https://listed.example");
    expect(server({}, {})).toBe("https://.kube/config.example");
  });

  it("merges the files of KUBECONFIG, of which some may be missing; the first current context counts", () => {
    const list = [join(dir, "missing"), kubeconfig("a", ""), kubeconfig("b"), kubeconfig("c")].join(":");
    const load = (context?: string) => loadKubeConfig({ context, env: { KUBECONFIG: list } });
    expect(load().getCurrentCluster()?.name).toBe("b");
    expect(load("c-other").getCurrentCluster()?.name).toBe("c");
  });

  it("says what it tried where there is nothing", () => {
    expect(() => loadKubeConfig({ env: { HOME: dir } })).toThrow(
      /--kubeconfig \(not given\), KUBECONFIG \(not set\), the pod's ServiceAccount .*\.kube\/config \(does not exist\)/,
    );
  });

  it("says which file is missing or broken, and which contexts there are", () => {
    const missing = join(dir, "missing");
    expect(() => loadKubeConfig({ kubeconfig: missing })).toThrow(missing);
    const broken = join(dir, "broken");
    writeFileSync(broken, "{");
    expect(() => loadKubeConfig({ kubeconfig: broken })).toThrow(`The kubeconfig ${broken} cannot be used`);
    expect(() => loadKubeConfig({ kubeconfig: kubeconfig("a"), context: "b" })).toThrow(
      /context "b" .* Its contexts: a, a-other\./,
    );
  });
});

describe("ownNamespace", () => {
  it("is POD_NAMESPACE, else the pod's, else the context's, else default", () => {
    const path = kubeconfig("a");
    const file = join(dir, "namespace");
    writeFileSync(file, "mounted\n");
    const none = join(dir, "none");
    const config = loadKubeConfig({ kubeconfig: path });
    expect(ownNamespace(config, { podNamespace: "own", file })).toBe("own");
    expect(ownNamespace(config, { podNamespace: "", file })).toBe("mounted");
    expect(ownNamespace(config, { file: none })).toBe("a-namespace");
    expect(ownNamespace(loadKubeConfig({ kubeconfig: path, context: "a-other" }), { file: none })).toBe(
      "default",
    );
  });
});
