import { KubeConfig } from "@kubernetes/client-node/dist/config.js";
import { pino } from "pino";
import { expect, it } from "vitest";
import type { AwsAccountScan } from "../api/generated/awsaccountscan.ts";
import { KubeClient } from "../kube/client.ts";
import { EventRecorder } from "./events.ts";

it("waits for Events that are not written no longer than it is given", async () => {
  const logged: string[] = [];
  const log = pino({}, { write: (line: string) => void logged.push(line) });
  const never = () => new Promise<never>(() => undefined);
  const client = Object.assign(new KubeClient(new KubeConfig()), { create: never });
  const events = new EventRecorder({ client, instance: "test", log, now: () => new Date(0) });
  await events.flush(new AbortController().signal);
  expect(logged).toEqual([]);
  const metadata = { namespace: "team", name: "nightly", uid: "1" };
  events.record({ metadata, spec: {} } as AwsAccountScan, { type: "Normal", reason: "Test", note: "" });
  await events.flush(AbortSignal.abort());
  expect(logged.join()).toContain("Events were not written in time and are lost");
});
