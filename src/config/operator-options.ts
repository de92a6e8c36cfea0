import { type Command, Option } from "commander";
import { LOG_LEVELS, type LogLevel } from "../log/logger.ts";
import { DEFAULT_CACHE_BYTES, DEFAULT_LIMITS } from "./defaults.ts";
import { addElectionOptions, type ElectionFlags, electionProblem } from "./election-options.ts";
import { boolean, count, duration, file, list, memory, NAMESPACE_NAME, oneLine, port } from "./values.ts";

/** The operator's configuration, parsed and validated. Durations are milliseconds. */
export interface OperatorOptions extends ElectionFlags {
  readonly metricsPort: number;
  readonly metricsAuth: boolean;
  /** Both files or none. */
  readonly metricsTlsCertFile: string | undefined;
  readonly metricsTlsKeyFile: string | undefined;
  readonly healthPort: number;
  /** Undefined: no profiles. */
  readonly profilingPort: number | undefined;
  /** Undefined: all. */
  readonly watchNamespaces: readonly string[] | undefined;
  readonly defaultInterval: number;
  readonly concurrentScans: number;
  /** AWS requests under way at once. */
  readonly concurrentRequests: number;
  readonly concurrentRequestsPerAccount: number;
  readonly concurrentRequestsPerRegion: number;
  /** Requests to the API server a second, and at once after a pause. */
  readonly kubeApiQps: number;
  readonly kubeApiBurst: number;
  /** Bytes. */
  readonly descriptionCacheSize: number;
  /** Besides the operator's own, which is always one. */
  readonly operatorIdentityNamespaces: readonly string[] | undefined;
  readonly allowAmbientCredentials: boolean;
  readonly allowedRoleArns: readonly string[];
  readonly tokenAudience: string;
  readonly shutdownGrace: number;
  readonly logLevel: LogLevel;
}

/** How `/metrics` is served. */
export interface MetricsOptions {
  readonly port: number;
  /** Only to those whom the API server knows and allows; then over TLS in any case. */
  readonly auth: boolean;
  readonly tls: { readonly certFile: string; readonly keyFile: string } | undefined;
}

export function metricsOptions(options: OperatorOptions): MetricsOptions {
  const { metricsPort: port, metricsAuth: auth } = options;
  const { metricsTlsCertFile: certFile, metricsTlsKeyFile: keyFile } = options;
  const tls = certFile === undefined || keyFile === undefined ? undefined : { certFile, keyFile };
  return { port, auth, tls };
}

const NAMESPACE = /^(\*|[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)$/;
const ROLE_PATTERN = /^(\*|arn:[a-z*-]+:iam::[\d*]+:role\/[\w+=,.@/*-]+)$/;

/** Adds the operator's flags to `command`. Each can be given as an environment variable too: AWSSCAN_ and its name. */
export function addOperatorOptions(command: Command): Command {
  const option = <T>(
    flags: string,
    description: string,
    parse: (text: string) => T,
    fallback?: T,
    shown?: string,
  ) => {
    const declared = new Option(flags, description).argParser(parse);
    if (fallback !== undefined) declared.default(fallback, shown);
    command.addOption(declared.env(environmentName(declared)));
  };
  option("--metrics-port <port>", "port of /metrics; 0 picks a free one and logs it", port, 8080);
  // With a value, so that the environment variable can say false.
  const flag = (flags: string, description: string, fallback = false) => {
    const declared = new Option(flags, description).preset("true").argParser(boolean).default(fallback);
    command.addOption(declared.env(environmentName(declared)));
  };
  flag(
    "--metrics-auth [boolean]",
    "serve metrics over TLS, to those alone whose token the API server knows and allows to get /metrics",
  );
  option(
    "--metrics-tls-cert-file <file>",
    "PEM certificate with which metrics are served over TLS, read again when it changes (default: a self-signed one with --metrics-auth, else no TLS)",
    file,
  );
  option("--metrics-tls-key-file <file>", "its private key", file);
  option(
    "--health-port <port>",
    "port of /livez, /readyz and /healthz; 0 picks a free one and logs it",
    port,
    8081,
  );
  option(
    "--profiling-port <port>",
    "port of V8 profiles under /debug/pprof/, on 127.0.0.1 alone; 0 picks a free one and logs it (default: no profiles)",
    port,
  );
  option(
    "--watch-namespaces <namespaces>",
    "namespaces whose scans are run, by comma (default: all)",
    list(NAMESPACE_NAME, "names of namespaces"),
  );
  option(
    "--default-interval <duration>",
    "for scans with neither interval nor schedule",
    // As a spec's interval.
    duration("1m", "8760h"),
    3_600_000,
    "1h",
  );
  option(
    "--concurrent-scans <count>",
    "scans that run at once, and half as many more of namespaces of which none runs; the others wait, and namespaces take turns",
    count(1, 1_000),
    10,
  );
  option(
    "--concurrent-requests <count>",
    "requests to AWS under way at once, of all scans",
    count(1, 1_000),
    DEFAULT_LIMITS.process,
  );
  option(
    "--concurrent-requests-per-account <count>",
    "those for one account",
    count(1, 1_000),
    DEFAULT_LIMITS.account,
  );
  option(
    "--concurrent-requests-per-region <count>",
    "those in one region of one account",
    count(1, 1_000),
    DEFAULT_LIMITS.region,
  );
  option(
    "--kube-api-qps <count>",
    "requests to the Kubernetes API server a second; more wait for their turn",
    count(1, 10_000),
    50,
  );
  option("--kube-api-burst <count>", "those that may go at once after a pause", count(1, 10_000), 100);
  option(
    "--description-cache-size <memory>",
    "for descriptions of notebook instances that have not changed, some 130 bytes each",
    memory,
    DEFAULT_CACHE_BYTES,
    "64Mi",
  );
  option(
    "--operator-identity-namespaces <namespaces>",
    "namespaces whose scans may use the operator's own AWS identity, by comma; * for all. The operator's own namespace always may",
    list(NAMESPACE, "names of namespaces, or *"),
  );
  flag(
    "--allow-ambient-credentials [boolean]",
    "let the operator's identity come from keys in the environment, a profile or the node's role",
  );
  option(
    "--allowed-role-arns <patterns>",
    "the IAM roles that scans may assume, by comma; * stands for any text",
    list(ROLE_PATTERN, "role ARNs such as arn:aws:iam::*:role/ComplianceScan"),
    ["*"] as readonly string[],
    "all",
  );
  option(
    "--token-audience <audience>",
    "audience of the ServiceAccount tokens that are exchanged for AWS credentials",
    oneLine(/^[\x21-\x7e]{1,255}$/, "1 to 255 characters without spaces"),
    "sts.amazonaws.com",
  );
  addElectionOptions({ option, flag });
  option(
    "--shutdown-grace <duration>",
    "how long scans under way may take to end on SIGTERM",
    duration("0s"),
    20_000,
    "20s",
  );
  const level = new Option("--log-level <level>", "what to log").choices(LOG_LEVELS).default("info");
  command.addOption(level.env(environmentName(level)));
  return command.hook("preAction", () => {
    const options = command.opts<OperatorOptions>();
    const problem = electionProblem(options);
    if (problem !== undefined) command.error(`error: ${problem}`);
    const { metricsTlsCertFile, metricsTlsKeyFile } = options;
    if ((metricsTlsCertFile === undefined) === (metricsTlsKeyFile === undefined)) return;
    command.error("error: give both --metrics-tls-cert-file and --metrics-tls-key-file, or neither");
  });
}

function environmentName(option: Option): string {
  return `AWSSCAN_${option.name().replaceAll("-", "_").toUpperCase()}`;
}
