/** The engine in this process, against a simulator of its own: what tests of whole scans share. */
import { afterAll, beforeAll } from "vitest";
import { Aws } from "../../src/aws/aws.ts";
import type { RetryPolicy } from "../../src/aws/calls/backoff.ts";
import type { RequestLimits } from "../../src/aws/calls/dispatcher.ts";
import { Session } from "../../src/aws/session.ts";
import { claimsOf } from "../../src/controller/claims.ts";
import { assembleRecord } from "../../src/report/assemble.ts";
import { ScanFold } from "../../src/report/fold.ts";
import { findingKey, type ScanRecord } from "../../src/report/record.ts";
import { RULES } from "../../src/rules/registry.ts";
import { runScan } from "../../src/scan/engine.ts";
import type { ScanEvent } from "../../src/scan/events.ts";
import type { ScanRequest } from "../../src/scan/request.ts";
import type { Fleet } from "../../tools/aws-simulator/fleet.ts";
import { type RunningSimulator, type SimulatorAdmin, startSimulator } from "./aws.ts";
import type { Keys } from "./aws-clients.ts";

/** As in production, but for the waits: a test provokes what they are for, and need not sit through them. */
export const QUICK_RETRIES: RetryPolicy = {
  attemptTimeoutMs: 10_000,
  attempts: 4,
  baseMs: 5,
  capMs: 20,
  maxStrikes: 3,
  patienceMs: 0,
};

export interface EngineOptions {
  /** Of the scan's own credentials. */
  readonly keys: Keys;
  readonly limits?: RequestLimits;
  readonly retries?: Partial<RetryPolicy>;
  readonly maxCacheBytes?: number;
}

/** What to scan; everything that is there of the fleet where nothing else is said. */
export interface ScanAsk extends Partial<Omit<ScanRequest, "rules" | "startedAt">> {
  /** The record that the scan goes on from. */
  readonly previous?: ScanRecord | undefined;
  /** The scan's deadline. */
  readonly signal?: AbortSignal;
  /** Called with everything that the engine tells, as it tells it. */
  onEvent?(event: ScanEvent): void;
  /** As `spec.reports.include: All`, which is what most tests want to look at. */
  readonly keepPasses?: boolean;
}

export interface ScanOutcome {
  readonly record: ScanRecord;
  /** The statuses of the conditions. */
  readonly compliant: "True" | "False" | "Unknown";
  readonly complete: "True" | "False" | "Unknown";
  /** What the engine told, in order: a record cannot show that something was told twice. */
  readonly events: readonly ScanEvent[];
}

/** One process's view of AWS, which scans on it share: sessions, paces, descriptions. */
export interface TestEngine {
  scan(ask?: ScanAsk): Promise<ScanOutcome>;
  /** Closes its connections, as at the end of a process. */
  close(): void;
}

export function openEngine({ keys, limits, retries, maxCacheBytes = 2 ** 24 }: EngineOptions): TestEngine {
  const aws = new Aws({
    userAgent: "test",
    limits: limits ?? { process: 64, account: 16, region: 4 },
    retries: { ...QUICK_RETRIES, ...retries },
    maxCacheBytes,
  });
  const base = new Session(`keys ${keys.accessKeyId}`, async () => keys);
  return {
    async scan({ previous, signal, onEvent, keepPasses = true, ...asked } = {}) {
      const startedAt = Date.now();
      const request = {
        accounts: undefined,
        organization: undefined,
        regions: {},
        exemptions: [],
        ...asked,
        rules: RULES,
        startedAt,
      };
      const fold = new ScanFold(new Set(previous?.findings.map(findingKey)), keepPasses);
      const events: ScanEvent[] = [];
      await runScan(
        request,
        { aws, base, sessionName: "test", region: "us-east-1", allowRole: () => true },
        (event) => {
          events.push(event);
          fold.sink(event);
          onEvent?.(event);
        },
        signal ?? new AbortController().signal,
      );
      return { events, ...concluded(fold, previous, request) };
    },
    close: () => aws.close(),
  };
}

/** The record and the conditions, as the controller makes them from what a scan told. */
function concluded(fold: ScanFold, previous: ScanRecord | undefined, request: ScanRequest) {
  const { accounts, complete: isComplete } = fold.targets ?? { accounts: request.accounts ?? [{}] };
  const scope = {
    accounts,
    openEnded: !(isComplete ?? request.organization === undefined),
    regions: request.regions,
    rules: request.rules.map(({ id }) => id),
  };
  const record = assembleRecord(fold, previous, scope, {
    id: String(request.startedAt),
    trigger: "Scheduled",
    generation: 1,
    scopeDigest: "",
    startTime: new Date(request.startedAt).toISOString(),
    completionTime: new Date().toISOString(),
  });
  const claims = claimsOf({
    generation: 1,
    scopeDigest: "",
    suspended: false,
    stalled: undefined,
    record,
    unwritten: undefined,
    stale: false,
    exemptionExpired: false,
    violationsBefore: false,
  });
  const statusOf = (type: string) => claims.find((claim) => claim.type === type)?.status ?? "Unknown";
  return { record, compliant: statusOf("Compliant"), complete: statusOf("Complete") };
}

/** The calling file's own simulator, which the SDK's clients find by AWS_ENDPOINT_URL; good from `beforeAll` on. */
export function useEngineAws(fleet: Fleet): { readonly client: SimulatorAdmin } {
  let running: RunningSimulator | undefined;
  beforeAll(async () => {
    running = await startSimulator({ fleet });
    process.env["AWS_ENDPOINT_URL"] = running.url;
  });
  afterAll(async () => {
    delete process.env["AWS_ENDPOINT_URL"];
    await running?.stop();
  });
  return {
    get client() {
      if (!running) throw new Error("the simulator starts in beforeAll; ask for it in a hook or a test");
      return running.client;
    },
  };
}
