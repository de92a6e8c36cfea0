import { validateHeaderName, validateHeaderValue } from "node:http";
import { type Environment, Variables } from "./variables.ts";

/** How and where to trace. Times are milliseconds. */
export interface TracingSettings {
  /** At least one. */
  readonly exporters: readonly ExporterName[];
  readonly otlp: OtlpSettings;
  readonly sampler: SamplerSettings;
  readonly batch: BatchSettings;
  /** What the traces are of: `service.name` and the like. */
  readonly resource: Readonly<Record<string, string>>;
}

export type ExporterName = "otlp" | "console";

export interface OtlpSettings {
  readonly protocol: (typeof PROTOCOLS)[number];
  /** Whole, with its path. */
  readonly url: string;
  /** They may hold credentials. */
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly compression: (typeof COMPRESSIONS)[number];
  /** Paths of PEM files: whom to trust instead of the public authorities, and who the client is. */
  readonly files: Readonly<Record<"ca" | "cert" | "key", string | undefined>>;
}

export interface SamplerSettings {
  readonly root: "always_on" | "always_off" | "traceidratio";
  /** Whether a parent's decision goes before. */
  readonly parentBased: boolean;
  /** 0 to 1, of `traceidratio`. */
  readonly ratio: number;
}

export interface BatchSettings {
  readonly delayMs: number;
  readonly timeoutMs: number;
  readonly maxQueueSize: number;
  readonly maxBatchSize: number;
}

const PROTOCOLS = ["http/protobuf", "http/json"] as const;
const COMPRESSIONS = ["none", "gzip"] as const;
const SAMPLERS = ["always_on", "always_off", "traceidratio"] as const;
const DEFAULT_URL = "http://localhost:4318/v1/traces";

/**
 * The settings in OpenTelemetry's own variables; undefined where tracing is off, as it is unless an endpoint or
 * OTEL_TRACES_EXPORTER is set. `warnings` says of each value that makes no sense what is used instead.
 */
export function readTracingSettings(
  env: Environment,
  serviceName: string,
): { readonly settings: TracingSettings | undefined; readonly warnings: readonly string[] } {
  const variables = new Variables(env);
  const { warnings } = variables;
  if (variables.choice(["OTEL_SDK_DISABLED"], ["true", "false"], "false") === "true") {
    return { settings: undefined, warnings };
  }
  const url = endpointOf(variables);
  const exporters = exportersOf(variables, url !== undefined);
  if (exporters.length === 0) return { settings: undefined, warnings };
  const name = variables.text("OTEL_SERVICE_NAME");
  const settings = {
    exporters,
    otlp: otlpOf(variables, url ?? DEFAULT_URL),
    sampler: samplerOf(variables),
    batch: batchOf(variables),
    resource: {
      "service.name": serviceName,
      ...variables.pairs("OTEL_RESOURCE_ATTRIBUTES"),
      ...(name !== undefined && { "service.name": name }),
    },
  };
  return { settings, warnings };
}

function exportersOf(variables: Variables, hasEndpoint: boolean): readonly ExporterName[] {
  const fallback: readonly ExporterName[] = hasEndpoint ? ["otlp"] : [];
  return variables.read(
    ["OTEL_TRACES_EXPORTER"],
    "none, or otlp and console by comma",
    fallback,
    (text) => {
      const names = text.split(",").map((name) => name.trim().toLowerCase());
      if (names.length === 1 && names[0] === "none") return [];
      const known = (["otlp", "console"] as const).filter((name) => names.includes(name));
      return known.length === new Set(names).size ? known : undefined;
    },
    hasEndpoint ? "otlp" : "none",
  );
}

/** The traces' own endpoint is taken as it is; the one for all signals is the root of their paths. */
function endpointOf(variables: Variables): string | undefined {
  const [own, general] = named("ENDPOINT");
  return variables.read(
    [own, general],
    "a URL of http or https",
    undefined,
    (text, name) =>
      urlOf(name === own || text.endsWith("/") ? text : `${text}/`, name === own ? "" : "v1/traces"),
    `the default, ${DEFAULT_URL},`,
    // What is no URL may still hold a password or a key, at a place that nobody can tell.
    true,
  );
}

function urlOf(base: string, path: string): string | undefined {
  const url = URL.parse(path, base);
  return url !== null && /^https?:$/.test(url.protocol) ? url.href : undefined;
}

/** A variable of the traces alone, and the one of all signals. */
function named(name: string): readonly [string, string] {
  return [`OTEL_EXPORTER_OTLP_TRACES_${name}`, `OTEL_EXPORTER_OTLP_${name}`];
}

function otlpOf(variables: Variables, url: string): OtlpSettings {
  const [ownHeaders, generalHeaders] = named("HEADERS");
  const file = (name: string) => {
    const [own, general] = named(name);
    return variables.text(own) ?? variables.text(general);
  };
  return {
    protocol: variables.choice(named("PROTOCOL"), PROTOCOLS, "http/protobuf"),
    url,
    headers: { ...headersOf(variables, generalHeaders), ...headersOf(variables, ownHeaders) },
    timeoutMs: variables.count(named("TIMEOUT"), 1, 10_000),
    compression: variables.choice(named("COMPRESSION"), COMPRESSIONS, "none"),
    files: { ca: file("CERTIFICATE"), cert: file("CLIENT_CERTIFICATE"), key: file("CLIENT_KEY") },
  };
}

function headersOf(variables: Variables, name: string): Readonly<Record<string, string>> {
  const pairs = Object.entries(variables.pairs(name));
  return Object.fromEntries(
    pairs.filter(([header, value], at) => {
      try {
        validateHeaderName(header);
        validateHeaderValue(header, value);
        return true;
      } catch {
        variables.warnings.push(`${name}: header ${at + 1} cannot be sent in HTTP; it is left out`);
        return false;
      }
    }),
  );
}

function samplerOf(variables: Variables): SamplerSettings {
  const choices = SAMPLERS.flatMap((name) => [name, `parentbased_${name}`] as const);
  const name = variables.choice(["OTEL_TRACES_SAMPLER"], choices, "parentbased_always_on");
  const root = SAMPLERS.find((sampler) => name.endsWith(sampler)) ?? "always_on";
  const parentBased = name.startsWith("parentbased_");
  if (root !== "traceidratio") return { root, parentBased, ratio: 1 };
  const ratio = variables.read(["OTEL_TRACES_SAMPLER_ARG"], "a number from 0 to 1", 1, (text) => {
    const value = Number(text);
    return value >= 0 && value <= 1 ? value : undefined;
  });
  return { root, parentBased, ratio };
}

function batchOf(variables: Variables): BatchSettings {
  const maxQueueSize = variables.count(["OTEL_BSP_MAX_QUEUE_SIZE"], 1, 2_048);
  const name = "OTEL_BSP_MAX_EXPORT_BATCH_SIZE";
  const asked = variables.count([name], 1, Math.min(512, maxQueueSize));
  if (asked > maxQueueSize)
    variables.warnings.push(
      `${name} is "${asked}", more than OTEL_BSP_MAX_QUEUE_SIZE; ${maxQueueSize} is used instead`,
    );
  return {
    delayMs: variables.count(["OTEL_BSP_SCHEDULE_DELAY"], 0, 5_000),
    timeoutMs: variables.count(["OTEL_BSP_EXPORT_TIMEOUT"], 1, 30_000),
    maxQueueSize,
    maxBatchSize: Math.min(asked, maxQueueSize),
  };
}
