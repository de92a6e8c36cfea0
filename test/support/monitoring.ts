import { afterAll, beforeAll, expect } from "vitest";
import { parse } from "yaml";
import { goProgram } from "../../tools/machine/go-program.ts";
import { type Alerting, startAlerting } from "../../tools/monitoring/alerting.ts";
import { ALERTMANAGER, PROMETHEUS } from "../../tools/monitoring/programs.ts";
import type { Prometheus } from "../../tools/monitoring/prometheus.ts";
import { operatorTarget } from "../../tools/monitoring/prometheus-config.ts";
import type { NotifiedAlert } from "../../tools/monitoring/webhook.ts";
import { eventually } from "./cluster.ts";

type Labels = Readonly<Record<string, string>>;

/** Prometheus with the rules of `deploy/`, Alertmanager with its routes, and whoever is paged. */
export interface Monitoring {
  readonly prometheus: Prometheus;
  /** Has Prometheus scrape the operator at `url` and no other; resolves when it has. */
  scrape(url: string): Promise<void>;
  /** The labels of the alerts of this name that fire now. */
  firing(alertname: string): Promise<readonly Labels[]>;
  /** What was sent of alerts of this namespace, by the name of the alert. */
  sentIn(namespace: string): readonly string[];
  /** What was sent of alerts of this name that had begun, oldest first; of those that had ended. */
  begun(alertname: string): readonly NotifiedAlert[];
  ended(alertname: string): readonly NotifiedAlert[];
  /** Resolves to the alert of this name, and with these labels, when the last that was sent of it has this status. */
  untilSent(status: NotifiedAlert["status"], alertname: string, labels?: Labels): Promise<NotifiedAlert>;
  /**
   * Resolves after as many evaluations of every rule as it takes at most from a change of what rules look at until it
   * has been sent: what has not been sent then is not going to be.
   */
  anythingSent(): Promise<void>;
}

/** A third of a second for a minute: the longest wait of the shipped rules lasts some seconds, and all keep their order. */
const DIVISOR = 180;
/** Between evaluations, at most. */
const EVALUATION_MS = 1_000;

/** The builds, where this is their first use on the machine. */
const STARTED_WITHIN_MS = 900_000;

/** Gives the calling file a {@link Monitoring} that scrapes nothing yet, good from `beforeAll` on. */
export function useMonitoring(): () => Monitoring {
  let running: Alerting | undefined;

  beforeAll(async () => {
    const programs = { prometheus: await goProgram(PROMETHEUS), alertmanager: await goProgram(ALERTMANAGER) };
    running = await startAlerting({ programs, divisor: DIVISOR });
  }, STARTED_WITHIN_MS);
  afterAll(() => running?.stop());

  return () => {
    if (!running) throw new Error("monitoring starts in beforeAll; ask for it in a hook or a test");
    return monitoring(running);
  };
}

function monitoring({ prometheus, webhook, rules, routes }: Alerting): Monitoring {
  const rounds = Math.ceil((longestWait(rules) + longestWait(routes)) / EVALUATION_MS) + 2;
  const sent = (labels: Labels) =>
    webhook.notifications.flatMap(({ alerts }) => alerts).filter((alert) => matches(alert.labels, labels));
  return {
    prometheus,
    async scrape(url) {
      const target = operatorTarget(url);
      const { address } = target;
      await prometheus.setTargets([target]);
      await eventually(
        async () => {
          const targets = await prometheus.targets();
          expect(targets).toMatchObject([{ labels: { instance: address }, health: "up", lastError: "" }]);
        },
        { describe: `Prometheus scrapes ${address}` },
      );
    },
    async firing(alertname) {
      const alerts = await prometheus.alerts();
      return alerts
        .filter(({ state, labels }) => state === "firing" && labels["alertname"] === alertname)
        .map(({ labels }) => labels);
    },
    sentIn: (namespace) => sent({ namespace }).map(({ labels }) => labels["alertname"] ?? ""),
    begun: (alertname) => sent({ alertname }).filter(({ status }) => status === "firing"),
    ended: (alertname) => sent({ alertname }).filter(({ status }) => status === "resolved"),
    untilSent: (status, alertname, labels) =>
      eventually(
        async () => {
          const last = sent({ ...labels, alertname }).at(-1);
          if (last?.status !== status) throw new Error(JSON.stringify(await prometheus.alerts()));
          return last;
        },
        { describe: `${alertname} is sent as ${status}`, timeoutMs: 60_000 },
      ),
    async anythingSent() {
      const before = await prometheus.evaluations();
      await eventually(
        // The count is of evaluations begun: one more, so that the last of them has ended.
        async () => expect(await prometheus.evaluations()).toBeGreaterThan(before + rounds),
        { describe: `${rounds} evaluations`, timeoutMs: 10 * rounds * EVALUATION_MS },
      );
    },
  };
}

function matches(labels: Labels, wanted: Labels): boolean {
  return Object.entries(wanted).every(([name, value]) => labels[name] === value);
}

/** The longest of the durations that were shortened, in milliseconds: they alone are written in those. */
function longestWait(yaml: string): number {
  const waits: number[] = [];
  parse(yaml, (_key, value: unknown) => {
    if (typeof value === "string" && /^\d+ms$/.test(value)) waits.push(Number.parseInt(value, 10));
    return value;
  });
  return Math.max(0, ...waits);
}
