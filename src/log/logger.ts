import { type DestinationStream, type Logger, type LoggerOptions, pino, stdSerializers } from "pino";
import { safeText } from "../api/safe-text.ts";
import { LogOutput } from "./output.ts";

export const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/**
 * JSON lines on standard output, levels by name and times in RFC 3339. Fields whose names say that they are secret
 * are removed, and errors' texts pass {@link safeText}: an SDK error carries its request.
 */
export function createLogger(level: LogLevel, destination: DestinationStream = new LogOutput(1)): Logger {
  const options: LoggerOptions = {
    level,
    base: null,
    messageKey: "msg",
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label) => ({ level: label }) },
    redact: {
      paths: [
        "token",
        "*.token",
        "credentials",
        "*.credentials",
        "secretAccessKey",
        "*.secretAccessKey",
        "sessionToken",
        "*.sessionToken",
        "headers.authorization",
        "*.headers.authorization",
      ],
      censor: "[redacted]",
    },
    serializers: { err: serializeError },
  };
  return pino(options, destination);
}

/** Errors that others cause: their message says it all, and a stack would only look like a defect of ours. */
const WITHOUT_STACK: readonly string[] = ["AwsCallError", "KubeError", "StallError", "UnwrittenError"];

function serializeError(error: unknown): unknown {
  if (!(error instanceof Error)) return safeText(String(error));
  const { type, stack } = stdSerializers.err(error);
  const { code, reason, status } = error as Error & { code?: unknown; reason?: unknown; status?: unknown };
  return {
    type,
    message: safeText(error.message),
    ...(error.cause instanceof Error && { cause: safeText(error.cause.message) }),
    ...(typeof code === "string" && { code }),
    ...(typeof reason === "string" && { reason }),
    ...(typeof status === "number" && { status }),
    ...(!WITHOUT_STACK.includes(error.name) && {
      stack: stack
        .split("\n")
        .slice(1, 12)
        .map((line) => safeText(line)),
    }),
  };
}
