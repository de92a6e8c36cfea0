import { Registry } from "prom-client";
import { expect, it } from "vitest";
import { DelayingQueue } from "../controller/queue/delaying-queue.ts";
import { FakeClock } from "../controller/queue/fake-clock.ts";
import { registerQueueMetrics } from "./queue-metrics.ts";

it("exposes the metrics of each queue under client-go's names, in every registry", async () => {
  const clock = new FakeClock();
  const registers = [new Registry(), new Registry()];
  const metricsOf = registerQueueMetrics(registers);
  const queue = new DelayingQueue({ clock, metrics: metricsOf("scans") });
  new DelayingQueue({ clock, metrics: metricsOf("idle") });

  queue.add("a");
  queue.add("b");
  queue.addAfter("c", 2_000);
  clock.step(2_000);
  const key = await queue.get();
  clock.step(3_000);
  if (key !== undefined) queue.done(key);
  await queue.get();
  clock.step(1_500);

  for (const registry of registers) {
    const text = await registry.metrics();
    for (const line of [
      'workqueue_depth{name="scans"} 1',
      'workqueue_adds_total{name="scans"} 3',
      'workqueue_retries_total{name="scans"} 1',
      'workqueue_queue_duration_seconds_sum{name="scans"} 7',
      'workqueue_queue_duration_seconds_count{name="scans"} 2',
      'workqueue_work_duration_seconds_sum{name="scans"} 3',
      'workqueue_work_duration_seconds_count{name="scans"} 1',
      'workqueue_unfinished_work_seconds{name="scans"} 1.5',
      'workqueue_longest_running_processor_seconds{name="scans"} 1.5',
      'workqueue_depth{name="idle"} 0',
      'workqueue_adds_total{name="idle"} 0',
      'workqueue_retries_total{name="idle"} 0',
      'workqueue_queue_duration_seconds_count{name="idle"} 0',
      'workqueue_work_duration_seconds_count{name="idle"} 0',
    ]) {
      expect(text.split("\n")).toContain(line);
    }
  }
});

it("refuses a name twice", () => {
  const metricsOf = registerQueueMetrics([new Registry()]);
  metricsOf("scans");
  expect(() => metricsOf("scans")).toThrow(
    'metrics of work queue "scans": the name is taken; choose another',
  );
});
