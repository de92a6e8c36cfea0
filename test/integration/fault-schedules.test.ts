import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { ScanRecord } from "../../src/report/record.ts";
import type { Step } from "../../tools/aws-simulator/scenario.ts";
import { openEngine, type ScanOutcome, type TestEngine, useEngineAws } from "../support/engine.ts";
import { brokenPromises, type Truth } from "../support/engine-invariants.ts";
import { ACCOUNTS, EXEMPTIONS, HUB, KEYS, Model, ROLE, SLOTS } from "./fault-schedules/model.ts";
import { type PlannedScan, type Schedule, schedule } from "./fault-schedules/schedule.ts";

/**
 * The same lives at every run, unless the environment says others: FAULT_SCHEDULE_SEED=$RANDOM FAULT_SCHEDULE_RUNS=500.
 * fast-check prints the seed and the smallest life that fails.
 */
const { FAULT_SCHEDULE_SEED: seed = "20260101", FAULT_SCHEDULE_RUNS: runs = "100" } = process.env;

const aws = useEngineAws(new Model([]).fleet());

const unhandled: unknown[] = [];
const listen = (reason: unknown) => unhandled.push(reason);
beforeAll(() => {
  process.on("unhandledRejection", listen);
});
afterAll(() => {
  process.off("unhandledRejection", listen);
});

it("no schedule of faults and changes makes a scan break a promise", async () => {
  await fc.assert(
    fc.asyncProperty(schedule, async (planned) => {
      expect(await live(planned)).toEqual([]);
      expect(unhandled).toEqual([]);
    }),
    { seed: Number(seed), numRuns: Number(runs) },
  );
}, 3_600_000);

/** Plays a life and tells what was wrong with its scans. */
async function live({ states, scans, seed: chance, maxCacheBytes }: Schedule): Promise<string[]> {
  const model = new Model(states);
  const engine = openEngine({
    keys: KEYS,
    retries: { attemptTimeoutMs: 150, attempts: 3, maxStrikes: 2, patienceMs: 0 },
    maxCacheBytes,
  });
  const broken: string[] = [];
  let previous: ScanRecord | undefined;
  for (const [at, plan] of scans.entries()) {
    const { outcome, wrong } = await play(engine, model, plan, chance, previous);
    broken.push(...wrong.map((what) => `scan ${at}: ${what}`));
    previous = outcome.record;
  }
  engine.close();
  return broken;
}

async function play(
  engine: TestEngine,
  model: Model,
  plan: PlannedScan,
  chance: number,
  previous: ScanRecord | undefined,
): Promise<{ readonly outcome: ScanOutcome; readonly wrong: string[] }> {
  for (const change of plan.changes) model.apply(change);
  const before = model.fleet();
  const steps = stepsOf(model, plan);
  await aws.client.beginScenario({ fleet: before, faults: plan.faults, steps, seed: chance });
  const ask = { ...askOf(plan), previous };
  const [outcome, ...others] = await Promise.all([
    engine.scan({
      ...ask,
      ...(plan.deadlineMs !== undefined && { signal: AbortSignal.timeout(plan.deadlineMs) }),
    }),
    ...(plan.isAccompanied ? [engine.scan(ask)] : []),
  ]);
  // What changed meanwhile, or would have: nothing can be said of what a scan must make of it.
  const uncertain = new Set(
    plan.meanwhile.flatMap(({ change }) => (change === "sessions end" ? [] : [change.slot])),
  );
  const truth = model.truth(plan.selection.meant, uncertain);
  const wrong: string[] = [];
  for (const each of [outcome, ...others]) {
    wrong.push(
      ...brokenPromises(each, truth),
      ...lostViolations(each, previous, model, truth),
      ...(await falselyGone(each, plan, uncertain)),
    );
  }
  return { outcome, wrong };
}

function askOf({ selection, isOfOrganization, keepPasses }: PlannedScan) {
  const accounts = ACCOUNTS.map((id) => ({ id, roleArn: `arn:aws:iam::${id}:role/${ROLE}` }));
  return {
    accounts: isOfOrganization ? undefined : accounts,
    organization: isOfOrganization ? { roleName: ROLE, excludeAccounts: [HUB] } : undefined,
    regions: selection.regions,
    exemptions: EXEMPTIONS,
    keepPasses,
  };
}

/** The changes in the order of their times. The model has made them all by the next scan, taken or not. */
function stepsOf(model: Model, { meanwhile }: PlannedScan): Step[] {
  return meanwhile
    .toSorted((a, b) => a.afterRequests - b.afterRequests)
    .flatMap(({ afterRequests, change }): Step[] => {
      if (change === "sessions end") return [{ afterRequests, expireSessions: true }];
      const edit = model.apply(change);
      return edit === undefined ? [] : [{ afterRequests, edits: [edit] }];
    });
}

/** Violations that were known and are still there, and that this scan does not tell of. */
function lostViolations(
  { record, events }: ScanOutcome,
  previous: ScanRecord | undefined,
  model: Model,
  truth: Truth,
): string[] {
  const gone = new Set(events.flatMap((event) => (event.kind === "gone" ? [event.arn] : [])));
  const verdicts = new Map(record.findings.map(({ arn, verdict }) => [arn, verdict]));
  return (previous?.findings ?? [])
    .filter(({ verdict, arn }) => verdict === "violation" && truth.get(arn) === "violating" && !gone.has(arn))
    .filter(({ arn }) => {
      const now = verdicts.get(arn);
      return now !== "violation" && !(now === "exempt" && model.isExempt(arn));
    })
    .map(({ arn }) => `the violation ${arn} is ${verdicts.get(arn) ?? "lost"}`);
}

/** Only AWS's word for it makes a resource that was listed gone. */
async function falselyGone(
  { events }: ScanOutcome,
  { faults }: PlannedScan,
  uncertain: ReadonlySet<number>,
): Promise<string[]> {
  const gone = events.flatMap((event) => (event.kind === "gone" ? [event.arn] : []));
  if (gone.length === 0) return [];
  const answers = await Promise.all([
    aws.client.requests({ operation: "DescribeNotebookInstance", outcome: "ValidationException" }),
    aws.client.requests({ operation: "DescribeDomain", outcome: "ResourceNotFound" }),
  ]);
  const said = new Set(
    answers.flat().map(({ account, region, resource }) => `${region}:${account} ${resource}`),
  );
  // Another error has the code of an instance that is gone, and the log keeps no messages: then only what did go, or
  // was made to vanish, may be gone.
  const isAmbiguous = faults.some(({ code }) => code === "ValidationException");
  const mayBeGone = (arn: string) =>
    !isAmbiguous ||
    faults.some(({ kind }) => kind === "vanish") ||
    [...uncertain].some((slot) => SLOTS[slot]?.arn === arn);
  return gone
    .filter((arn) => {
      const [, , , region, account, resource = ""] = arn.split(":");
      return !said.has(`${region}:${account} ${resource.split("/")[1]}`) || !mayBeGone(arn);
    })
    .map((arn) => `${arn} is gone, though AWS did not say so`);
}
