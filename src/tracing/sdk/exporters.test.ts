import { type ExportResult, ExportResultCode } from "@opentelemetry/core";
import type { ReadableSpan, SpanExporter } from "@opentelemetry/sdk-trace";
import { describe, expect, it } from "vitest";
import { tellingLosses } from "./exporters.ts";

/** An exporter whose batches come to what `results` says, in turn. */
function rig(results: readonly ExportResult[]) {
  const waiting = [...results];
  const inner: SpanExporter = {
    export: (_, done) => done(waiting.shift() ?? { code: ExportResultCode.SUCCESS }),
    shutdown: async () => {},
  };
  const lines: string[] = [];
  const exporter = tellingLosses(inner, "http://collector", (line) => lines.push(line));
  const seen: ExportResult[] = [];
  const batch = Array<ReadableSpan>(3);
  for (const _ of results) exporter.export(batch, (result) => seen.push(result));
  return { lines, seen };
}

const success = { code: ExportResultCode.SUCCESS };
const failure = (message: string) => ({ code: ExportResultCode.FAILED, error: new Error(message) });

describe("tellingLosses", () => {
  it("is silent while spans arrive", () => {
    expect(rig([success, success]).lines).toEqual([]);
  });

  it("tells a series of failures once, and once that it is over, with what was lost", () => {
    const down = failure("connect ECONNREFUSED");
    const { lines, seen } = rig([down, failure("other"), down, success, success, down]);
    const lost = "traces do not reach http://collector, and are lost until they do: connect ECONNREFUSED";
    expect(lines).toEqual([lost, "traces reach http://collector again; 9 spans were lost", lost]);
    expect(seen).toHaveLength(6);
  });

  it("keeps a collector's words to one line", () => {
    const { lines } = rig([failure("Bad\nRequest\u001b[31m token=abc")]);
    expect(lines).toEqual([
      "traces do not reach http://collector, and are lost until they do: Bad Request [31m token=[redacted]",
    ]);
  });
});
