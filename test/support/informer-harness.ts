import { randomUUID } from "node:crypto";
import { pino } from "pino";
import { onTestFinished } from "vitest";
import { Informer, type InformerOptions } from "../../src/controller/informer/informer.ts";
import { KubeClient, type KubeClientOptions, type KubeObject } from "../../src/kube/client.ts";
import type { ClusterAccess } from "../../tools/control-plane/control-plane.ts";
import { sharedCluster } from "./cluster.ts";
import type { FaultProxy } from "./fault-proxy.ts";
import { adminKubeConfig, proxiedKubeConfig, startFaultProxy } from "./kube-client-harness.ts";

/** The resource that these tests watch: one that every API server has. */
export const CONFIG_MAPS = { group: "", version: "v1", plural: "configmaps" };
const NAMESPACES = { group: "", version: "v1", plural: "namespaces" };

/** A ConfigMap as the API server returns it. */
export interface ConfigMap extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}

/** What a test may set; the rest is as it would be in the operator, but for a quick backoff. */
export interface HarnessOptions extends Partial<InformerOptions<ConfigMap>> {
  readonly cluster?: ClusterAccess;
  readonly clientOptions?: KubeClientOptions;
}

/** An informer of ConfigMaps in a namespace of its own, with a proxy for faults between it and the API server. */
export interface Harness {
  readonly informer: Informer<ConfigMap>;
  readonly proxy: FaultProxy;
  readonly namespace: string;
  /** Past the proxy. */
  readonly direct: KubeClient;
  /** What the handler was told, in order: `+a=1`, `a=1>2`, `-a=2`. */
  readonly told: string[];
  /** What the informer logged, one object a line. */
  readonly logged: { readonly level: number; readonly msg: string }[];
  /** Creates or changes a ConfigMap with one value. */
  put(name: string, value: string): Promise<ConfigMap>;
  remove(name: string): Promise<void>;
}

/** Makes one, not yet started; all of it ends with the test that calls. */
export async function informerHarness(options: HarnessOptions = {}): Promise<Harness> {
  const { cluster = sharedCluster(), clientOptions = {}, ...informerOptions } = options;
  const admin = adminKubeConfig(cluster);
  const proxy = await startFaultProxy(cluster);
  const direct = new KubeClient(admin);
  const client = new KubeClient(proxiedKubeConfig(admin, proxy), clientOptions);
  const namespace = `informer-${randomUUID().slice(0, 8)}`;
  await direct.create(NAMESPACES, {}, { metadata: { name: namespace } });

  const told: string[] = [];
  const logged: Harness["logged"] = [];
  const log = pino({ level: "debug" }, { write: (line: string) => void logged.push(JSON.parse(line)) });
  const informer = new Informer<ConfigMap>({
    client,
    kind: CONFIG_MAPS,
    namespace,
    log,
    backoff: { initialMs: 5, maxMs: 50 },
    onChange: (_, now, before) => void told.push(words(now, before)),
    ...informerOptions,
  });
  onTestFinished(async () => {
    await informer.stop();
    await Promise.all([client.close(), direct.close()]);
  });

  return {
    informer,
    proxy,
    namespace,
    direct,
    told,
    logged,
    put: (name, value) =>
      direct.apply<ConfigMap>(
        CONFIG_MAPS,
        { namespace, name },
        { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace }, data: { value } },
        { fieldManager: "test", force: true },
      ),
    remove: async (name) => void (await direct.delete(CONFIG_MAPS, { namespace, name })),
  };
}

function words(now: ConfigMap | undefined, before: ConfigMap | undefined): string {
  const value = (object: ConfigMap | undefined) => object?.data?.["value"];
  const name = (now ?? before)?.metadata.name;
  if (before === undefined) return `+${name}=${value(now)}`;
  return now === undefined ? `-${name}=${value(before)}` : `${name}=${value(before)}>${value(now)}`;
}
