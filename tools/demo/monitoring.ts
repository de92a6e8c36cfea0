import { setTimeout as sleep } from "node:timers/promises";
import { programAtHand } from "../machine/go-program.ts";
import { type Alerting, startAlerting } from "../monitoring/alerting.ts";
import { ALERTMANAGER, PROMETHEUS } from "../monitoring/programs.ts";
import { operatorTarget } from "../monitoring/prometheus-config.ts";
import type { Notification } from "../monitoring/webhook.ts";

/** A tenth of a second for a minute. */
const DIVISOR = 600;
const PAGED_WITHIN_MS = 15_000;
const POLL_MS = 100;

/** Has the operator at `metrics` watched; undefined where the programs are not at hand, for the demo builds nothing. */
export async function watchOperator(metrics: string): Promise<Alerting | undefined> {
  const prometheus = await programAtHand(PROMETHEUS);
  const alertmanager = await programAtHand(ALERTMANAGER);
  if (prometheus === undefined || alertmanager === undefined) return undefined;
  const programs = { prometheus, alertmanager };
  return startAlerting({ programs, divisor: DIVISOR, targets: [operatorTarget(metrics)] });
}

/** The first page of `alertname` about `scan`; undefined where none comes in 15 s. */
export async function firstPage(
  { webhook: { notifications } }: Alerting,
  { alertname, scan }: { readonly alertname: string; readonly scan: string },
): Promise<Notification | undefined> {
  const deadlineMs = performance.now() + PAGED_WITHIN_MS;
  for (;;) {
    const found = notifications.find(
      ({ groupLabels }) => groupLabels["alertname"] === alertname && groupLabels["scan"] === scan,
    );
    if (found !== undefined || performance.now() > deadlineMs) return found;
    await sleep(POLL_MS);
  }
}
