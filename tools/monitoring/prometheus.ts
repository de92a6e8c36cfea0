import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { getJson } from "./json-api.ts";
import {
  type PrometheusConfig,
  prometheusConfig,
  RULES_FILE,
  TARGETS_FILE,
  type Target,
  targetsFile,
} from "./prometheus-config.ts";
import { type Server, startServer } from "./server.ts";

export interface PrometheusSetup extends PrometheusConfig {
  /** The path of the program. */
  readonly program: string;
  readonly targets?: readonly Target[];
  /** A file of rules, as YAML. */
  readonly rules?: string;
}

/** A series and its value at one time. */
export interface VectorSample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface ActiveAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly state: "pending" | "firing";
}

export interface ActiveTarget {
  readonly scrapeUrl: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly health: "up" | "down" | "unknown";
  readonly lastError: string;
}

/** What a target says of its metrics, a family at a time. */
export interface Family {
  readonly metric: string;
  readonly type: string;
  readonly help: string;
}

/** A Prometheus server that runs. https://prometheus.io/docs/prometheus/latest/querying/api/ */
export interface Prometheus extends Server {
  /** The instant vector that `expression` is now. Throws where it is none, or Prometheus refuses it. */
  query(expression: string): Promise<readonly VectorSample[]>;
  alerts(): Promise<readonly ActiveAlert[]>;
  targets(): Promise<readonly ActiveTarget[]>;
  /** The families of all targets, named as their exposition names them. */
  families(): Promise<readonly Family[]>;
  /** Replaces what is scraped; Prometheus takes it up within 5 s. */
  setTargets(targets: readonly Target[]): Promise<void>;
  /** How many evaluations every group of rules has begun; 0 before the first. */
  evaluations(): Promise<number>;
  /** What evaluations of rules failed with, one line a rule. */
  ruleErrors(): Promise<readonly string[]>;
}

/** Starts Prometheus; see {@link startServer}. */
export async function startPrometheus(setup: PrometheusSetup): Promise<Prometheus> {
  const { program, targets = [], rules = "groups: []\n" } = setup;
  const server = await startServer({
    program,
    files: {
      "prometheus.yaml": prometheusConfig(setup),
      [RULES_FILE]: rules,
      [TARGETS_FILE]: targetsFile(targets),
    },
    args: (address, folder) => [
      `--config.file=${join(folder, "prometheus.yaml")}`,
      `--storage.tsdb.path=${join(folder, "data")}`,
      `--web.listen-address=${address}`,
      // An alert that fires before Prometheus has found Alertmanager is lost until it is sent again: after a minute, by
      // default. One that is not sent again for four times this long counts as resolved.
      "--rules.alert.resend-delay=5s",
      // Otherwise links in alerts name this machine.
      `--web.external-url=http://${address}`,
    ],
  });
  const ask = async <T>(path: string) =>
    (await getJson<{ readonly data: T }>(`${server.url}/api/v1/${path}`)).data;
  return {
    ...server,
    async query(expression) {
      const { resultType, result } = await ask<QueryData>(
        `query?${new URLSearchParams({ query: expression })}`,
      );
      if (resultType !== "vector") throw new Error(`${expression} is a ${resultType}, not a vector`);
      return result.map(({ metric, value: [, value] }) => ({ metric, value: Number(value) }));
    },
    alerts: async () => (await ask<{ readonly alerts: readonly ActiveAlert[] }>("alerts")).alerts,
    targets: async () =>
      (await ask<{ readonly activeTargets: readonly ActiveTarget[] }>("targets?state=active")).activeTargets,
    families: () => ask<readonly Family[]>("targets/metadata"),
    async setTargets(next) {
      // Renamed into place: a file half written would be read as no targets.
      const draft = join(server.folder, `${TARGETS_FILE}.new`);
      await writeFile(draft, targetsFile(next));
      await rename(draft, join(server.folder, TARGETS_FILE));
    },
    async evaluations() {
      const text = await (await fetch(`${server.url}/metrics`)).text();
      const counts = [...text.matchAll(/^prometheus_rule_group_iterations_total\{.*\} (\S+)$/gm)];
      return counts.length === 0 ? 0 : Math.min(...counts.map(([, count]) => Number(count)));
    },
    async ruleErrors() {
      const { groups } = await ask<RulesData>("rules");
      const rules = groups.flatMap((group) => group.rules);
      return rules.flatMap(({ name, lastError }) => (lastError ? [`${name}: ${lastError}`] : []));
    },
  };
}

interface QueryData {
  readonly resultType: string;
  readonly result: readonly {
    readonly metric: Readonly<Record<string, string>>;
    readonly value: readonly [number, string];
  }[];
}

interface RulesData {
  readonly groups: readonly {
    readonly rules: readonly { readonly name: string; readonly lastError?: string }[];
  }[];
}
