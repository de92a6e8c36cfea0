import { pino } from "pino";
import { Agent, request } from "undici";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { Gate } from "../../src/http/auth/gate.ts";
import { metricsServer } from "../../src/http/metrics.ts";
import { listen } from "../../src/http/server.ts";
import { selfSignedSource } from "../../src/http/tls/self-signed.ts";
import { serverTls } from "../../src/http/tls/serving.ts";
import { KubeClient } from "../../src/kube/client.ts";
import { loadKubeConfig } from "../../src/kube/config.ts";
import { KubeReviews } from "../../src/kube/reviews.ts";
import { mintServiceAccountToken } from "../../tools/control-plane/service-account-token.ts";
import {
  eventually,
  kubeconfigForServiceAccount,
  kubectl,
  sharedCluster,
  useNamespace,
} from "../support/cluster.ts";
import { clientOf, proxiedKubeConfig, startFaultProxy } from "../support/kube-client-harness.ts";
import { permitMetrics, permitReviews } from "../support/metrics-access.ts";

const SECOND = 1_000;
const EXPOSED = { contentType: "text/plain", body: ["up 1\n"] };

const namespace = useNamespace({ prefix: "metrics-auth" });
let operatorKubeconfig = "";
let scraper = "";
let stranger = "";

const token = (name: string, audiences?: string[]) =>
  mintServiceAccountToken(sharedCluster(), namespace, name, { expirationSeconds: 600, audiences });

beforeAll(async () => {
  for (const name of ["operator", "scraper", "stranger", "fickle"])
    await kubectl(["create", "serviceaccount", name], { namespace });
  await permitReviews(namespace, "operator");
  await permitMetrics(namespace, "scraper");
  operatorKubeconfig = await kubeconfigForServiceAccount(namespace, "operator");
  [scraper, stranger] = await Promise.all([token("scraper"), token("stranger")]);
  // The authorizer learns of bindings by a watch, a moment after they were written.
  const client = new KubeClient(loadKubeConfig({ kubeconfig: operatorKubeconfig }));
  const reviews = new KubeReviews(client);
  await eventually(async () => {
    const user = await reviews.userOf(scraper);
    expect(user && (await reviews.mayAccess(user, "get", "/metrics")).allowed).toBe(true);
  });
  await client.close();
});

/** `/metrics` over TLS behind a gate that asks the API server as an operator that may do nothing else. */
async function rig(proxied = false) {
  const lines: string[] = [];
  const log = pino({ level: "trace" }, { write: (line: string) => void lines.push(line) });
  const direct = loadKubeConfig({ kubeconfig: operatorKubeconfig });
  const proxy = proxied ? await startFaultProxy() : undefined;
  const client = clientOf(proxy === undefined ? direct : proxiedKubeConfig(direct, proxy), {
    requestTimeoutMs: 5_000,
  });
  let nowMs = 1;
  const gate = new Gate({ reviewer: new KubeReviews(client), path: "/metrics", log, now: () => nowMs });
  const pair = await selfSignedSource("pod", Date.now)();
  const body = async function* () {
    yield* EXPOSED.body;
  };
  const server = metricsServer({ expose: () => ({ ...EXPOSED, body: body() }), gate, tls: serverTls(pair) });
  const port = await listen(server, "metrics", 0, log, "127.0.0.1");
  const dispatcher = new Agent({ connect: { ca: pair.cert } });
  onTestFinished(async () => {
    await dispatcher.close();
    await server.close();
  });
  const ask = async (headers: Record<string, string | string[]>, method: "GET" | "HEAD" = "GET") => {
    const answer = await request(`https://localhost:${port}/metrics`, { dispatcher, headers, method });
    return { status: answer.statusCode, headers: answer.headers, body: await answer.body.text() };
  };
  return {
    lines,
    proxy,
    ask,
    get: (bearer: string) => ask({ authorization: `Bearer ${bearer}` }),
    later: (ms: number) => {
      nowMs += ms;
    },
    forget: () => {
      nowMs += 301 * SECOND;
    },
  };
}

describe("/metrics behind the API server's word", () => {
  it("is for a token that the cluster knows and allows", async () => {
    const { get, ask } = await rig();
    expect(await get(scraper)).toMatchObject({ status: 200, body: "up 1\n" });
    expect(await ask({ authorization: `bearer ${scraper}` }, "HEAD")).toMatchObject({ status: 200 });
  });

  it("is for nobody without a token, or with two", async () => {
    const { ask } = await rig();
    expect(await ask({})).toMatchObject({
      status: 401,
      headers: { "www-authenticate": "Bearer", "cache-control": "no-store" },
      body: "send one Authorization header: Bearer and a token\n",
    });
    expect(await ask({}, "HEAD")).toMatchObject({ status: 401 });
    expect(await ask({ authorization: `Basic ${scraper}` })).toMatchObject({ status: 401 });
    const twice = [`Bearer ${scraper}`, `Bearer ${scraper}`];
    expect(await ask({ authorization: twice })).toMatchObject({ status: 401 });
  });

  it("is for no token that the cluster does not know", async () => {
    const { get } = await rig();
    const forged = `${scraper.slice(0, scraper.lastIndexOf("."))}.${"A".repeat(342)}`;
    for (const wrong of ["garbage", "a.b.c", forged]) {
      expect(await get(wrong)).toMatchObject({
        status: 401,
        body: "the API server does not know this token\n",
      });
    }
  });

  it("is for no token that was made for somebody else, such as AWS", async () => {
    const { get } = await rig();
    expect(await get(await token("scraper", ["sts.amazonaws.com"]))).toMatchObject({ status: 401 });
  });

  it("is for nobody whom no role lets, and says who that is", async () => {
    const { get } = await rig();
    expect(await get(stranger)).toMatchObject({
      status: 403,
      body: `"system:serviceaccount:${namespace}:stranger" may not get /metrics: no ClusterRole allows it the verb get on the nonResourceURL /metrics\n`,
    });
  });

  it("is closed to one whose permission is taken back, after 5 minutes, and to one who is deleted, after one", async () => {
    const { get, later, forget } = await rig();
    const takeBack = await permitMetrics(namespace, "fickle");
    const fickle = await token("fickle");
    await eventually(async () => {
      forget();
      expect(await get(fickle)).toMatchObject({ status: 200 });
    });
    await takeBack();
    later(299 * SECOND);
    expect(await get(fickle)).toMatchObject({ status: 200 });
    await eventually(async () => {
      forget();
      expect(await get(fickle)).toMatchObject({ status: 403 });
    });
    await kubectl(["delete", "serviceaccount", "fickle"], { namespace });
    await eventually(async () => {
      later(61 * SECOND);
      expect(await get(fickle)).toMatchObject({ status: 401 });
    });
  });
});

describe("an API server that cannot be asked", () => {
  it("leaves the door as it was for a minute, and shut then", async () => {
    const { get, proxy, later, lines } = await rig(true);
    expect(await get(scraper)).toMatchObject({ status: 200 });
    await proxy?.stop();
    expect(await get(scraper)).toMatchObject({ status: 200 });
    later(61 * SECOND);
    for (const bearer of [scraper, stranger, "garbage"]) {
      expect(await get(bearer)).toMatchObject({
        status: 500,
        body: "the API server could not be asked: see the operator's log\n",
      });
    }
    expect(lines.filter((line) => line.includes('"level":40'))).toHaveLength(1);
  });

  it("is one that does not let the operator ask, and the log says what it lacks", async () => {
    const { get, proxy, lines } = await rig(true);
    const body = JSON.stringify({ code: 403, reason: "Forbidden", message: "you may not" });
    proxy?.fail({ on: "list", status: 403, body });
    proxy?.fail({ on: "other", status: 403, body });
    expect(await get(scraper)).toMatchObject({ status: 500 });
    expect(lines.join()).toContain("403 Forbidden: you may not");
    expect(lines.join()).toContain(
      "The operator needs the verb create on tokenreviews.authentication.k8s.io",
    );
    expect(lines.join()).not.toContain(scraper);
  });
});
