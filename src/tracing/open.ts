import { readTracingSettings } from "./settings.ts";
import type { Tracing } from "./span.ts";
import type { Environment } from "./variables.ts";

export interface OpenTracingOptions {
  readonly env: Environment;
  /** Unless OTEL_SERVICE_NAME or OTEL_RESOURCE_ATTRIBUTES says otherwise. */
  readonly serviceName: string;
  readonly version: string;
  /** Whether TRACEPARENT and TRACESTATE of the environment name the parent of every trace that begins here. */
  readonly inherit: boolean;
  /** One line for people, such as that the collector does not answer. */
  tell(line: string): void;
}

/**
 * Tracing as the `OTEL_*` variables say; undefined where it is off, and then nothing of the SDK is loaded. Never rejects
 * for what they say.
 */
export async function openTracing(options: OpenTracingOptions): Promise<Tracing | undefined> {
  const tell = (line: string) => options.tell(`tracing: ${line}`);
  const { settings, warnings } = readTracingSettings(options.env, options.serviceName);
  for (const warning of warnings) tell(warning);
  if (settings === undefined) return undefined;
  const { startSdk } = await import("./sdk/start.ts");
  return startSdk(settings, { ...options, tell });
}
