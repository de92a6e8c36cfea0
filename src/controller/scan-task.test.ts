import { KubeConfig } from "@kubernetes/client-node/dist/config.js";
import { pino } from "pino";
import { expect, it } from "vitest";
import { Aws } from "../aws/aws.ts";
import { DEFAULT_CACHE_BYTES, DEFAULT_LIMITS } from "../config/defaults.ts";
import { KubeClient } from "../kube/client.ts";
import type { Span } from "../tracing/span.ts";
import { scanTask } from "./scan-task.ts";

it("a defect ends the scan's span as a failure, once, and reaches the runner", async () => {
  const told: string[] = [];
  const span: Span = {
    child: () => span,
    set: () => undefined,
    event: () => undefined,
    fail: (kind) => void told.push(`failed: ${kind}`),
    end: () => void told.push("ended"),
  };
  const aws = new Aws({ userAgent: "test", limits: DEFAULT_LIMITS, maxCacheBytes: DEFAULT_CACHE_BYTES });
  const task = scanTask(
    {
      client: new KubeClient(new KubeConfig()),
      aws,
      region: undefined,
      tokenAudience: "sts.amazonaws.com",
      operatorIdentityNamespaces: [],
      operatorIdentity: () => undefined,
      allowRole: () => true,
      log: pino({ level: "silent" }),
      now() {
        throw new Error("the clock has stopped");
      },
      tracer: { begin: () => ({ ids: { trace_id: "1", span_id: "2", trace_flags: "01" }, span }) },
    },
    {
      metadata: {
        namespace: "team",
        name: "x",
        uid: "u",
        resourceVersion: "1",
        generation: 1,
        creationTimestamp: "2026-03-01T10:00:00Z",
      },
      spec: {},
    },
    undefined,
  );
  const job = {
    id: "1",
    trigger: "Initial",
    generation: 1,
    requestedAt: undefined,
    dueAt: 0,
    quietMs: 0,
    timeoutMs: 60_000,
    startTime: "2026-03-01T10:00:00Z",
  } as const;
  await expect(task(job, new AbortController().signal)).rejects.toThrow("the clock has stopped");
  expect(told).toEqual(["failed: defect", "ended"]);
  aws.close();
});
