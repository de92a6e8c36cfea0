import {
  contactFailure,
  HEALTH_BOUNDS,
  type HealthBounds,
  informerFailure,
  poolFailure,
  restoreFailure,
} from "../controller/health.ts";
import type { InformerState } from "../controller/informer/informer.ts";
import type { PoolState } from "../controller/queue/worker-pool.ts";
import type { Check, HealthChecks } from "../http/checks.ts";

/** The parts of the operator whose health is asked for. */
export interface HealthSources {
  readonly controller: { state(): PoolState; unrestored(): readonly string[] };
  readonly runner: { state(): PoolState; timeoutMs(key: string): number };
  readonly reportExport: { state(): PoolState };
  readonly informer: { states(): readonly InformerState[]; readonly synced: boolean };
  /** Whether it was told to end: then nothing is worth a restart. */
  isStopping(): boolean;
}

/** What `/livez` and `/readyz` answer by, see docs/health.md. */
export function operatorChecks(
  { controller, runner, reportExport, informer, isStopping }: HealthSources,
  bounds: HealthBounds = HEALTH_BOUNDS,
): HealthChecks {
  const { reconcileMs, scanGraceMs, exportMs, ignoredMs, informerSilenceMs, unheardMs } = bounds;
  // A restart must not be forced while it ends: workers and informers end before it does.
  const live = (name: string, failure: Check["failure"]): Check => ({
    name,
    failure: () => (isStopping() ? undefined : failure()),
  });
  return {
    live: [
      live("reconciles", () => poolFailure("reconcile", controller.state(), () => reconcileMs, ignoredMs)),
      live("scans", () =>
        poolFailure("scan", runner.state(), (key) => runner.timeoutMs(key) + scanGraceMs, ignoredMs),
      ),
      live("exports", () => poolFailure("export", reportExport.state(), () => exportMs, ignoredMs)),
      live("informer", () => informerFailure(informer.states(), informerSilenceMs)),
    ],
    ready: [
      { name: "scans-restored", failure: () => restoreFailure(informer.synced, controller.unrestored()) },
      { name: "api-server", failure: () => contactFailure(informer.states(), unheardMs) },
      {
        name: "shutting-down",
        failure: () => (isStopping() ? "the operator was told to end" : undefined),
      },
    ],
  };
}
