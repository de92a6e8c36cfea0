import { readFile } from "node:fs/promises";
import { type Alertmanager, startAlertmanager } from "./alertmanager.ts";
import { type Prometheus, startPrometheus } from "./prometheus.ts";
import type { Target } from "./prometheus-config.ts";
import { rerouted } from "./reroute.ts";
import { shortenedRoutes, shortenedRules } from "./shorten.ts";
import { startWebhook, type Webhook } from "./webhook.ts";

/** How to start {@link Alerting}. */
export interface AlertingSetup {
  /** Paths of the programs. */
  readonly programs: { readonly prometheus: string; readonly alertmanager: string };
  /** What the waits of the shipped rules and routes are divided by. */
  readonly divisor: number;
  readonly targets?: readonly Target[];
}

/** Prometheus with the rules of `deploy/`, Alertmanager with its routes, and whoever is paged. */
export interface Alerting {
  readonly prometheus: Prometheus;
  readonly alertmanager: Alertmanager;
  readonly webhook: Webhook;
  /** The rules and the routes as they are in force, YAML. */
  readonly rules: string;
  readonly routes: string;
  stop(): Promise<void>;
}

/** Starts all three; scrapes, and evaluates what names no interval of its own, every second. */
export async function startAlerting({ programs, divisor, targets = [] }: AlertingSetup): Promise<Alerting> {
  const parts: { stop(): Promise<void> }[] = [];
  const stop = async () => {
    await Promise.all(parts.map((part) => part.stop()));
  };
  try {
    const rules = shortenedRules(await shipped("prometheus/rules.yaml"), divisor);
    const webhook = await startWebhook();
    parts.push(webhook);
    const shippedRoutes = await shipped("alertmanager/alertmanager.yaml");
    const routes = rerouted(shortenedRoutes(shippedRoutes, divisor), webhook.url);
    const alertmanager = await startAlertmanager({ program: programs.alertmanager, config: routes });
    parts.push(alertmanager);
    const prometheus = await startPrometheus({
      program: programs.prometheus,
      scrapeInterval: "1s",
      evaluationInterval: "1s",
      alertmanager: alertmanager.url,
      rules,
      targets,
    });
    parts.push(prometheus);
    return { prometheus, alertmanager, webhook, rules, routes, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function shipped(path: string): Promise<string> {
  return readFile(new URL(`../../deploy/${path}`, import.meta.url), "utf8");
}
