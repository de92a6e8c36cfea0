/** Prometheus' configuration as text: https://prometheus.io/docs/prometheus/latest/configuration/configuration/ */
import { stringify } from "yaml";

/** A process to scrape, and the labels that its series get unless they have them. */
export interface Target {
  /** `host:port`. */
  readonly address: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** The operator that serves metrics at `url`, labelled as `deploy/prometheus/scrape-config.yaml` does. */
export function operatorTarget(url: string): Target {
  const namespace = "aws-account-scan-system";
  const name = "aws-account-scan-operator";
  return {
    address: new URL(url).host,
    labels: { job: `${namespace}/${name}`, namespace, pod: `${name}-0` },
  };
}

export interface PrometheusConfig {
  /** Between scrapes, in Prometheus' words: `1s`. */
  readonly scrapeInterval: string;
  /** Between evaluations of groups of rules that name no interval of their own. */
  readonly evaluationInterval: string;
  /** Where alerts go, a URL; nowhere if omitted. */
  readonly alertmanager?: string | undefined;
  /** How targets are reached, as a scrape configuration has it: `scheme`, `authorization`, `tls_config`. */
  readonly access?: Readonly<Record<string, unknown>> | undefined;
}

/** The file that holds the rules, and the one that holds the targets, beside the configuration. */
export const RULES_FILE = "rules.yaml";
export const TARGETS_FILE = "targets.json";

/** The job's name, as a chart's Service would give it. */
const JOB = "aws-account-scan-operator";

/**
 * One job, scraped as `deploy/` has it scraped: labels that the operator gives itself stay as they are, so that
 * `namespace` is the scan's. Targets come from a file, which may change while Prometheus runs.
 */
export function prometheusConfig({
  scrapeInterval,
  evaluationInterval,
  alertmanager,
  access = {},
}: PrometheusConfig): string {
  return stringify({
    global: {
      scrape_interval: scrapeInterval,
      scrape_timeout: scrapeInterval,
      evaluation_interval: evaluationInterval,
    },
    rule_files: [RULES_FILE],
    ...(alertmanager !== undefined && {
      alerting: { alertmanagers: [{ static_configs: [{ targets: [new URL(alertmanager).host] }] }] },
    }),
    scrape_configs: [
      { job_name: JOB, honor_labels: true, ...access, file_sd_configs: [{ files: [TARGETS_FILE] }] },
    ],
  });
}

/** The file of targets, see {@link TARGETS_FILE}. */
export function targetsFile(targets: readonly Target[]): string {
  return JSON.stringify(targets.map(({ address, labels = {} }) => ({ targets: [address], labels })));
}
