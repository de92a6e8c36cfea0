import { execFile } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { sharedCluster } from "../support/cluster.ts";

const BUNDLE = fileURLToPath(new URL("../../dist/awsscan.js", import.meta.url));

function run(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  nodeArgs: readonly string[] = [],
) {
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const options = { env: { PATH: process.env["PATH"] ?? "", HOME: "/nonexistent", ...env } };
    const child = execFile(
      process.execPath,
      [...nodeArgs, BUNDLE, ...args],
      options,
      (_error, stdout, stderr) => resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

describe("awsscan", () => {
  it.each([
    [["operator", "--metrics-port=x"], {}, /--metrics-port <port>' argument 'x' is invalid. Give a port/],
    [
      ["operator", "--default-interval=10"],
      {},
      /--default-interval.*'10' is invalid. Give a duration such as 90s/,
    ],
    [
      ["operator"],
      { AWSSCAN_DEFAULT_INTERVAL: "5s" },
      /'5s' from env 'AWSSCAN_DEFAULT_INTERVAL'.*at least 1m/,
    ],
    [
      ["operator", "--operator-identity-namespaces=Team_A"],
      {},
      /"Team_A" is not one. Give names of namespaces/,
    ],
    [["operator", "--allowed-role-arns=MyRole"], {}, /"MyRole" is not one. Give role ARNs/],
    [
      ["operator", "--allow-ambient-credentials=yes"],
      {},
      /--allow-ambient-credentials.*'yes' is invalid. Give true or false/,
    ],
    [
      ["operator", "--metrics-tls-cert-file=tls.crt"],
      {},
      /give both --metrics-tls-cert-file and --metrics-tls-key-file, or neither/,
    ],
    [["operator"], { AWSSCAN_METRICS_TLS_KEY_FILE: "tls.key" }, /give both --metrics-tls-cert-file/],
    [
      ["operator"],
      { AWSSCAN_METRICS_AUTH: "on" },
      /'on' from env 'AWSSCAN_METRICS_AUTH'.*Give true or false/,
    ],
    [["operator", "--log-level=loud"], {}, /Allowed choices are trace, debug, info, warn, error, fatal/],
    [
      ["operator", "--metric-port=1"],
      {},
      /unknown option '--metric-port=1'\n\(Did you mean --metrics-port\?\)/,
    ],
    [["operater"], {}, /unknown command 'operater'\n\(Did you mean operator\?\)/],
  ])("refuses %j with %j, naming what is wrong and what is allowed", async (args, env, message) => {
    const { code, stderr, stdout } = await run(args, env);
    expect(stderr).toMatch(message);
    expect(stdout).toBe("");
    expect(code).toBe(1);
  });

  it("tells every flag and its environment variable", async () => {
    const { stdout, code } = await run(["operator", "--help"]);
    for (const line of stdout.split("\n").filter((text) => /^ {2}--/.test(text)))
      expect(line).toMatch(/env: AWSSCAN_[A-Z_]+\)/);
    expect(code).toBe(0);
  });

  it("has in the README exactly the flags that it takes", async () => {
    const readme = await readFile(new URL("../../README.md", import.meta.url), "utf8");
    const table = readme.split("\n").filter((line) => line.startsWith("| `--"));
    const told = table.flatMap((line) =>
      [...(line.split("|")[1] ?? "").matchAll(/--[a-z-]+/g)].map(([flag]) => flag),
    );
    const { stdout } = await run(["operator", "--help"]);
    const taken = [...stdout.matchAll(/^ {2}(--[a-z-]+)/gm)].map(([, flag]) => flag);
    expect(told.sort()).toEqual(taken.sort());
  });

  it("says in one line that Node is too old", async () => {
    const older = `data:text/javascript,Object.defineProperty(process,"versions",{value:{...process.versions,node:"22.1.0"}})`;
    const { code, stderr } = await run(["operator"], {}, ["--import", older]);
    expect(stderr).toMatch(/^awsscan needs Node\.js 24 or later; this is v[\d.]+\.\n$/);
    expect(code).toBe(1);
  });

  it("ends with what is wrong where metrics have no certificate to be served with", async () => {
    const env = { KUBECONFIG: sharedCluster().adminKubeconfigPath };
    const files = [
      "--metrics-tls-cert-file=/nonexistent/tls.crt",
      "--metrics-tls-key-file=/nonexistent/tls.key",
    ];
    const { code, stdout } = await run(["operator", "--health-port=0", ...files], env);
    expect(code).toBe(1);
    expect(stdout).toMatch(/the file \/nonexistent\/tls\.crt cannot be read: ENOENT.*Mount it, readable/);
  });

  it("ends with what is wrong where there is no kubeconfig, or a port is taken", async () => {
    const missing = await run(["operator"], { KUBECONFIG: "/nonexistent/config" });
    expect(missing.code).toBe(1);
    expect(missing.stdout).toContain("/nonexistent/config");
    const taken = createServer().listen(0);
    await once(taken, "listening");
    const address = taken.address();
    const port = typeof address === "object" ? address?.port : 0;
    const busy = await run(["operator", `--metrics-port=${port}`], {
      KUBECONFIG: sharedCluster().adminKubeconfigPath,
    });
    taken.close();
    expect(busy.code).toBe(1);
    expect(busy.stdout).toMatch(/EADDRINUSE/);
  });
});
