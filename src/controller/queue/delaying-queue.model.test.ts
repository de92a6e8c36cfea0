import fc from "fast-check";
import { expect, it } from "vitest";
import { DelayingQueue } from "./delaying-queue.ts";
import { FakeClock } from "./fake-clock.ts";
import type { Slots } from "./queue.ts";
import { MAX_PASSED_OVER, type Priority } from "./ready-keys.ts";

const SLOTS: Slots = { shared: 2, spare: 2 };

interface Waiting {
  readonly key: string;
  readonly priority: Priority;
}

/** The promises in plain lists: slow, and simple enough to be believed. */
class Model {
  waiting: Waiting[] = [];
  again: Waiting[] = [];
  held: string[] = [];
  delayed: (Waiting & { readonly atMs: number })[] = [];
  /** The answers to `get`; null: none yet. */
  answers: (string | undefined | null)[] = [];
  nowMs = 0;
  passedOver = 0;
  /** When a namespace last got in line behind its equals, by priority and namespace; and the last such moment. */
  readonly queuedUp = new Map<string, number>();
  moment = 0;
  shutDown = false;
  drains = 0;

  add(key: string, priority: Priority): void {
    if (this.shutDown) return;
    const list = this.held.includes(key) ? "again" : "waiting";
    const known = this[list].find((entry) => entry.key === key);
    if (known?.priority === "high" || (known !== undefined && priority === "normal")) return;
    if (list === "waiting") this.#wait({ key, priority });
    else this.again = [...this.again.filter((entry) => entry !== known), { key, priority }];
    this.#answer();
  }

  done(key: string): void {
    this.held = this.held.filter((held) => held !== key);
    this.#queueUp(namespaceOf(key));
    const again = this.again.find((entry) => entry.key === key);
    this.again = this.again.filter((entry) => entry !== again);
    if (again !== undefined) this.#wait(again);
    this.#answer();
  }

  addAfter(key: string, delayMs: number, priority: Priority): void {
    if (this.shutDown) return;
    if (delayMs === 0) {
      this.add(key, priority);
      return;
    }
    const known = this.delayed.find((entry) => entry.key === key);
    const atMs = this.nowMs + delayMs;
    const highest = known?.priority === "high" ? "high" : priority;
    if (known !== undefined && known.atMs <= atMs) {
      this.delayed = this.delayed.map((entry) => (entry === known ? { ...known, priority: highest } : entry));
    } else {
      this.delayed = [...this.delayed.filter((entry) => entry !== known), { key, atMs, priority: highest }];
    }
  }

  /** Lets time pass; tells at how many moments something became due. */
  tick(ms: number): number {
    this.nowMs += ms;
    const due = this.delayed.filter(({ atMs }) => atMs <= this.nowMs).sort((a, b) => a.atMs - b.atMs);
    this.delayed = this.delayed.filter((entry) => !due.includes(entry));
    for (const { key, priority } of due) this.add(key, priority);
    return new Set(due.map(({ atMs }) => atMs)).size;
  }

  close(): void {
    this.shutDown = true;
    this.delayed = [];
    this.#answer();
  }

  get(): void {
    this.answers.push(null);
    this.#answer();
  }

  get drained(): boolean {
    return this.waiting.length + this.again.length + this.held.length === 0;
  }

  /** A namespace whose first key waits gets in line; a key that waits already stands where it stood, or moves up. */
  #wait({ key, priority }: Waiting): void {
    this.waiting = this.waiting.filter((entry) => entry.key !== key);
    const namespace = namespaceOf(key);
    const isFirst = !this.waiting.some(
      (entry) => entry.priority === priority && namespaceOf(entry.key) === namespace,
    );
    this.waiting.push({ key, priority });
    if (isFirst) this.queuedUp.set(`${priority} ${namespace}`, this.moment++);
  }

  #queueUp(namespace: string): void {
    for (const priority of ["high", "normal"]) this.queuedUp.set(`${priority} ${namespace}`, this.moment++);
  }

  /** The key of a priority whose turn it is, if it may be taken now. */
  #next(priority: Priority): Waiting | undefined {
    const free = SLOTS.shared - this.held.length;
    if (free + SLOTS.spare <= 0) return undefined;
    const [next] = this.waiting
      .filter((entry) => entry.priority === priority)
      .map((entry) => ({ entry, namespace: namespaceOf(entry.key) }))
      .map(({ entry, namespace }) => ({
        entry,
        running: this.held.filter((key) => namespaceOf(key) === namespace).length,
        since: this.queuedUp.get(`${priority} ${namespace}`) ?? 0,
      }))
      .filter(({ running }) => free > 0 || running === 0)
      .sort((a, b) => a.running - b.running || a.since - b.since);
    return next?.entry;
  }

  #answer(): void {
    const getter = this.answers.indexOf(null);
    if (getter < 0) return;
    const high = this.#next("high");
    const normal = this.#next("normal");
    const next = high === undefined || (normal && this.passedOver >= MAX_PASSED_OVER) ? normal : high;
    if (next === undefined) {
      if (!this.shutDown || this.waiting.length > 0) return;
      this.answers[getter] = undefined;
    } else {
      const normalWaits = this.waiting.some(({ priority }) => priority === "normal");
      if (next === normal || !normalWaits) this.passedOver = 0;
      else if (normal !== undefined) this.passedOver += 1;
      this.waiting = this.waiting.filter((entry) => entry !== next);
      this.held.push(next.key);
      this.#queueUp(namespaceOf(next.key));
      this.answers[getter] = next.key;
    }
    this.#answer();
  }
}

function namespaceOf(key: string): string {
  return key.split("/")[0] ?? "";
}

interface Real {
  readonly clock: FakeClock;
  readonly queue: DelayingQueue;
  readonly answers: (string | undefined | null)[];
  drains: number;
}

type Step = (model: Model, real: Real) => void;

/** A step, and what must hold after it: all that can be seen of the queue is what the model says. */
class Command implements fc.AsyncCommand<Model, Real> {
  readonly #name: string;
  readonly #step: Step;

  constructor(name: string, step: Step) {
    this.#name = name;
    this.#step = step;
  }

  check(): boolean {
    return true;
  }

  async run(model: Model, real: Real): Promise<void> {
    this.#step(model, real);
    if (model.drained) model.drains = 0;
    await Promise.resolve();
    expect(real.answers).toEqual(model.answers);
    expect(new Set(model.held).size).toBe(model.held.length);
    expect(real.queue.size).toBe(model.waiting.length);
    expect(real.queue.shuttingDown).toBe(model.shutDown);
    expect(real.drains).toBe(model.drains);
    expect(real.clock.timers).toBe(model.delayed.length > 0 ? 1 : 0);
  }

  toString(): string {
    return this.#name;
  }
}

const key = fc.constantFrom("a/1", "a/2", "a/3", "a/4", "b/1", "b/2", "c/1", "d/1");
const priority = fc.constantFrom<Priority>("normal", "high");
const ms = fc.integer({ min: 0, max: 20 });

const add = fc.tuple(key, priority).map(
  ([key, priority]) =>
    new Command(`add(${key}, ${priority})`, (model, { queue }) => {
      queue.add(key, { priority });
      model.add(key, priority);
    }),
);
const addAfter = fc.tuple(key, ms, priority).map(
  ([key, ms, priority]) =>
    new Command(`addAfter(${key}, ${ms}, ${priority})`, (model, { queue }) => {
      queue.addAfter(key, ms, { priority });
      model.addAfter(key, ms, priority);
    }),
);
const tick = ms.map(
  (ms) =>
    new Command(`tick(${ms})`, (model, { clock }) => {
      const firedBefore = clock.fired;
      clock.step(ms);
      // A wake-up for each moment at which something is due, and no other.
      expect(clock.fired - firedBefore).toBe(model.tick(ms));
    }),
);
const get = fc.constant(
  new Command("get", (model, { queue, answers }) => {
    const index = answers.push(null) - 1;
    void queue.get().then((answer) => {
      answers[index] = answer;
    });
    model.get();
  }),
);
const done = fc.nat().map(
  (n) =>
    new Command(`done(${n})`, (model, { queue }) => {
      const key = model.held[n % model.held.length];
      if (key === undefined) return;
      queue.done(key);
      model.done(key);
    }),
);
const shutDown = fc.constant(
  new Command("shutDown", (model, { queue }) => {
    queue.shutDown();
    model.close();
    model.drains = 0;
  }),
);
const shutDownWithDrain = fc.constant(
  new Command("shutDownWithDrain", (model, real) => {
    real.drains += 1;
    void real.queue.shutDownWithDrain().then(() => {
      real.drains -= 1;
    });
    model.close();
    model.drains += 1;
  }),
);

/** Nothing that ends the queue comes before the last steps in most runs, or there would be little to see. */
const open = [add, add, addAfter, tick, get, get, done, done];
const commands = fc.oneof(
  fc.commands(open, { size: "large", maxCommands: 120 }),
  fc.commands([...open, ...open, shutDown, shutDownWithDrain], { size: "large", maxCommands: 60 }),
);

it("does what the model does, whatever is asked of it in whatever order", async () => {
  await fc.assert(
    fc.asyncProperty(commands, async (commands) => {
      const setup = () => {
        const clock = new FakeClock();
        const real: Real = {
          clock,
          queue: new DelayingQueue({ clock, slots: SLOTS }),
          answers: [],
          drains: 0,
        };
        return { model: new Model(), real };
      };
      await fc.asyncModelRun(setup, commands);
    }),
    { numRuns: 300 },
  );
});
