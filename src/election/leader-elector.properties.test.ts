import fc from "fast-check";
import { pino } from "pino";
import { expect, it } from "vitest";
import { type Fate, LeaseStore, Machine, World } from "../../test/support/election-world.ts";
import { LeaderElector } from "./leader-elector.ts";
import { LeaseLock } from "./lease-lock.ts";

const TIMING = { leaseDurationMs: 15_000, renewDeadlineMs: 10_000, retryPeriodMs: 2_000 };
/** Clocks may differ by the ratio of lease duration to renew deadline; a little less. */
const FASTEST = 1.49;
const CHAOS_MS = 120_000;
const LONGEST_HARM_MS = 40_000;
const RESTART_MS = 1_000;
/** To see a dead leader's Lease, to let it run out, and to be the one who takes it, at the slowest clock. */
const RECOVERY_MS = 15_000 + 3 * 2_000 * 2.2 + RESTART_MS + 1_000;

/** A number of [0, 1) that depends on nothing but the seed and how often it was asked for. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const harm = fc.record({
  atMs: fc.nat(CHAOS_MS),
  forMs: fc.nat(LONGEST_HARM_MS),
  kind: fc.constantFrom("stop", "kill", "release", "silence", "refuse", "slow"),
  machine: fc.nat(3),
});

const scenario = fc.record({
  rates: fc.array(fc.double({ min: 1, max: FASTEST, noNaN: true }), { minLength: 2, maxLength: 4 }),
  harms: fc.array(harm, { maxLength: 12 }),
  loss: fc.constantFrom(0, 0.05, 0.4),
  seed: fc.integer(),
});

type Scenario = typeof scenario extends fc.Arbitrary<infer T> ? T : never;

interface Outcome {
  readonly mostLeaders: number;
  /** Whether one came to lead again that had lost the Lease to another. */
  readonly revived: boolean;
  readonly leadersAtTheEnd: number;
}

async function play({ rates, harms, loss, seed }: Scenario): Promise<Outcome> {
  const random = randomOf(seed);
  const log = pino({ level: "silent" });
  const alive = new Map<number, { elector: LeaderElector; stop: AbortController }>();
  const everStarted = new Set<LeaderElector>();
  const over = new Set<LeaderElector>();
  let mostLeaders = 0;
  let revived = false;
  const world = new World(() => {
    const leaders = [...everStarted].filter((elector) => elector.isLeader());
    mostLeaders = Math.max(mostLeaders, leaders.length);
    revived ||= leaders.some((elector) => over.has(elector));
  });
  const store = new LeaseStore(world);
  const machines = rates.map((rate) => new Machine(world, { rate, wall: () => random() * 1e13 }));
  const inForce = (kind: string) =>
    harms.some(
      (each) => each.kind === kind && world.nowMs >= each.atMs && world.nowMs < each.atMs + each.forMs,
    );

  const fate = (): Fate => {
    const delay = () => (inForce("slow") ? random() * 8_000 : 1 + random() * 100);
    const among = (...kinds: Fate["kind"][]) => kinds[Math.floor(random() * kinds.length)] ?? "lost";
    const faulty = world.nowMs < CHAOS_MS && random() < loss;
    let kind: Fate["kind"] = faulty ? among("lost", "unanswered", "refused") : "answered";
    if (inForce("refuse")) kind = "refused";
    if (inForce("silence")) kind = among("lost", "unanswered");
    return { kind, thereMs: delay(), backMs: delay() };
  };

  let lives = 0;
  const start = (at: number) => {
    const machine = machines[at] as Machine;
    lives += 1;
    const lease = new LeaseLock({
      client: store.client(machine, fate),
      namespace: "operators",
      name: "lock",
      identity: `process-${lives}`,
    });
    const stop = new AbortController();
    const elector = new LeaderElector({
      lease,
      timing: TIMING,
      log,
      random,
      clock: machine.clock,
    });
    everStarted.add(elector);
    alive.set(at, { elector, stop });
    elector.run(stop.signal).then(() => {
      over.add(elector);
      // What the kubelet does; a killed one was started anew already.
      if (alive.get(at)?.elector === elector) world.after(RESTART_MS, () => start(at));
    }, expect.unreachable);
  };
  for (const at of machines.keys()) start(at);

  for (const { atMs, forMs, kind, machine } of harms) {
    world.after(atMs, () => {
      const at = machine % machines.length;
      const process = alive.get(at);
      if (kind === "stop") machines[at]?.stop(forMs);
      if (kind === "release") process?.stop.abort();
      if (kind === "kill" && process !== undefined) {
        // The dead do not ask whether they lead.
        everStarted.delete(process.elector);
        machines[at]?.stop(Number.POSITIVE_INFINITY);
        machines[at] = new Machine(world, { rate: rates[at] ?? 1, wall: () => random() * 1e13 });
        alive.delete(at);
        world.after(RESTART_MS, () => start(at));
      }
    });
  }
  await world.pass(CHAOS_MS + LONGEST_HARM_MS + RECOVERY_MS);
  const leadersAtTheEnd = [...everStarted].filter((elector) => elector.isLeader()).length;
  return { mostLeaders, revived, leadersAtTheEnd };
}

it("never lets two lead at once, whatever happens, and lets one lead soon after", async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async (each) => {
      const { mostLeaders, ...rest } = await play(each);
      expect(mostLeaders).toBeLessThanOrEqual(1);
      expect(rest).toEqual({ revived: false, leadersAtTheEnd: 1 });
    }),
    { numRuns: 100 },
  );
});
