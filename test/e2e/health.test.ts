import { randomUUID } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pLimit from "p-limit";
import { afterAll, describe, expect, it, onTestFinished } from "vitest";
import { API_VERSION, SCAN } from "../../src/api/names.ts";
import type { Fleet } from "../../tools/aws-simulator/fleet.ts";
import { eventually, useNamespace } from "../support/cluster.ts";
import {
  adminKubeConfig,
  clientOf,
  proxiedKubeConfig,
  startFaultProxy,
} from "../support/kube-client-harness.ts";
import { startOperator } from "../support/operator.ts";
import { deployedProbes, probe } from "../support/probes.ts";
import { condition, scansIn, settled } from "../support/scans.ts";
import { useStack } from "../support/stack.ts";

const ACCOUNT = "111111111111";
const BACKLOG = 2_000;

function fleet(namespace: string): Fleet {
  const subjects = [`system:serviceaccount:${namespace}:scanner`];
  return {
    accounts: [
      {
        id: ACCOUNT,
        name: "one",
        enabledRegions: ["us-east-1"],
        roles: [{ name: "Hub", trust: { webIdentity: { subjects } } }],
        regions: { "us-east-1": { notebooks: [{ name: "open", directInternetAccess: "Enabled" }] } },
      },
    ],
  };
}

const unblockFile = join(tmpdir(), `unblock-${randomUUID()}`);
const stack = useStack({
  fleet,
  args: ["--concurrent-scans=2", "--shutdown-grace=5s"],
  env: {
    NODE_OPTIONS: `--import ${new URL("../support/operator-defects.ts", import.meta.url).href}`,
    UNBLOCK_FILE: unblockFile,
  },
});
/** Where no scan is but what a test makes there. */
const quiet = useNamespace({ prefix: "quiet" });
afterAll(() => rm(unblockFile, { force: true }));

const spec = { credentials: { serviceAccountName: "scanner" }, regions: { include: ["us-east-1"] } };
const withScanner = () => stack().serviceAccount("scanner", `arn:aws:iam::${ACCOUNT}:role/Hub`);
const get = async (path: string) => {
  const answer = await fetch(`${stack().operator.healthUrl}${path}`);
  return { status: answer.status, body: await answer.text() };
};

it("tells of every check where it is asked to", async () => {
  expect(await get("/livez?verbose")).toEqual({
    status: 200,
    body: "[+]reconciles ok\n[+]scans ok\n[+]exports ok\n[+]informer ok\nlivez check passed\n",
  });
  expect((await get("/readyz?verbose")).body).toContain(
    "[+]scans-restored ok\n[+]api-server ok\n[+]shutting-down ok\nreadyz check passed\n",
  );
});

describe("an event loop that is blocked", () => {
  it("fails the probes that deploy/operator.yaml has, and passes them afterwards", async () => {
    const { operator } = stack();
    const { livenessProbe, readinessProbe } = await deployedProbes();
    expect(await probe(operator.healthUrl, livenessProbe)).toBe(true);
    operator.kill("SIGUSR2");
    await eventually(async () => expect(await probe(operator.healthUrl, readinessProbe)).toBe(false));
    expect(await probe(operator.healthUrl, livenessProbe)).toBe(false);
    await writeFile(unblockFile, "");
    await eventually(async () => expect(await probe(operator.healthUrl, livenessProbe)).toBe(true));
    expect(await probe(operator.healthUrl, readinessProbe)).toBe(true);
  });
});

it("probes forgive a pause of some seconds, and a start of a minute and more", async () => {
  const { startupProbe, livenessProbe, readinessProbe } = await deployedProbes();
  // A garbage collection of 2 s, or a slice of a throttled CPU, fails no single probe.
  expect(Math.min(livenessProbe.timeoutSeconds, readinessProbe.timeoutSeconds)).toBeGreaterThan(2);
  expect(livenessProbe.periodSeconds * (livenessProbe.failureThreshold - 1)).toBeGreaterThanOrEqual(30);
  expect(startupProbe.periodSeconds * startupProbe.failureThreshold).toBeGreaterThanOrEqual(60);
});

describe("an operator that ends", () => {
  it("is not ready from the moment that it is told to, and alive until its scans have ended", async () => {
    const { aws, operator, scans } = stack();
    await withScanner();
    await aws.setFaults({ kind: "hang", operation: "ListNotebookInstances" });
    await scans.apply({ name: "running", spec });
    await scans.until("running", "running", ({ status }) => expect(status?.currentScan).toBeDefined());
    operator.kill("SIGTERM");
    const body = await eventually(async () => {
      const answer = await get("/readyz");
      expect(answer.status).toBe(503);
      return answer.body;
    });
    expect(body).toContain("[-]shutting-down failed: the operator was told to end\nreadyz check failed\n");
    expect(await get("/livez")).toEqual({ status: 200, body: "ok\n" });
    // Somebody is impatient: there is one end all the same.
    operator.kill("SIGINT");
    await eventually(() => expect(operator.lines.join()).toContain('"signal":"SIGINT"'));
    await aws.setFaults();
    expect(await operator.exited()).toBe(0);
    const ending = operator.lines.filter((line) => /"msg":"(stopping|stopped)"/.test(line));
    expect(ending).toHaveLength(2);
  });
});

it("an operator ends although the API server does not answer, and says so", async () => {
  const proxy = await startFaultProxy();
  const kubeconfig = join(tmpdir(), `proxied-${randomUUID()}.kubeconfig`);
  await writeFile(kubeconfig, proxiedKubeConfig(adminKubeConfig(), proxy).exportConfig(), { mode: 0o600 });
  const operator = await startOperator({
    kubeconfig,
    args: [`--watch-namespaces=${quiet}`, "--shutdown-grace=0s"],
    env: { POD_NAMESPACE: quiet },
  });
  onTestFinished(async () => {
    await operator.stop("SIGKILL");
    await rm(kubeconfig);
  });
  await eventually(() => expect(proxy.openWatches).toBe(1));
  proxy.hang("other");
  await scansIn(quiet).apply({ name: "unwritten", spec: { suspend: true } });
  await eventually(() => expect(proxy.held).toBeGreaterThan(0));
  operator.kill("SIGTERM");
  expect(await operator.exited()).toBe(1);
  expect(operator.lines.at(-1)).toMatch(/"level":"fatal".*"stopping failed"/);
});

describe("a defect that nobody catches", () => {
  it("ends the process with a fatal line, so that it is restarted", async () => {
    await stack().restart("SIGKILL");
    const { operator } = stack();
    operator.kill("SIGHUP");
    expect(await operator.exited()).toBe(1);
    const fatal = operator.lines.filter((line) => line.includes('"level":"fatal"'));
    expect(fatal).toHaveLength(1);
    expect(fatal[0]).toContain("a promise that nobody listens to");
  });
});

describe("stays green", () => {
  it("while credentials are refused", async () => {
    await stack().restart("SIGKILL");
    const { scans, aws } = stack();
    await withScanner();
    await aws.setFaults({ kind: "deny", service: "sts" });
    await scans.apply({ name: "refused", spec });
    const scan = await scans.until("refused", "failed", settled);
    expect(condition(scan, "Ready").status).toBe("False");
    expect(await get("/livez")).toEqual({ status: 200, body: "ok\n" });
    expect(await get("/readyz")).toEqual({ status: 200, body: "ok\n" });
    await aws.setFaults();
  });

  it(`while ${BACKLOG} scans wait and AWS is slow`, { timeout: 300_000 }, async () => {
    const { aws, namespace, operator } = stack();
    await withScanner();
    await aws.setSettings({ latencyMs: 2_000 });
    const client = clientOf(adminKubeConfig());
    const { livenessProbe } = await deployedProbes();
    const failed: string[] = [];
    let isOver = false;
    const watching = (async () => {
      while (!isOver) {
        if (!(await probe(operator.healthUrl, livenessProbe))) failed.push((await get("/livez")).body);
        await sleep(100);
      }
    })();
    const limit = pLimit(16);
    const create = (n: number) => {
      const metadata = { namespace, name: `waiting-${n}` };
      return client.create(SCAN, { namespace }, { apiVersion: API_VERSION, kind: SCAN.kind, metadata, spec });
    };
    await Promise.all(Array.from({ length: BACKLOG }, (_, n) => limit(() => create(n))));
    await eventually(
      async () => {
        const [waiting] = await operator.scrape("workqueue_depth", { name: "scans" });
        expect(waiting?.value).toBeGreaterThan(0.9 * BACKLOG);
      },
      { timeoutMs: 240_000 },
    );
    expect(await get("/livez?verbose")).toMatchObject({ status: 200 });
    isOver = true;
    await watching;
    expect(failed).toEqual([]);
    await aws.setSettings({ latencyMs: 0 });
  });
});
