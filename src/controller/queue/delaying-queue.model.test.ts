import fc from "fast-check";
import { expect, it } from "vitest";
import { DelayingQueue } from "./delaying-queue.ts";
import { FakeClock } from "./fake-clock.ts";
import { MAX_PASSED_OVER, type Priority } from "./ready-keys.ts";

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
  shutDown = false;
  drains = 0;

  add(key: string, priority: Priority): void {
    if (this.shutDown) return;
    const list = this.held.includes(key) ? "again" : "waiting";
    const known = this[list].find((entry) => entry.key === key);
    if (known?.priority === "high" || (known !== undefined && priority === "normal")) return;
    this[list] = [...this[list].filter((entry) => entry !== known), { key, priority }];
    this.#answer();
  }

  done(key: string): void {
    this.held = this.held.filter((held) => held !== key);
    const again = this.again.find((entry) => entry.key === key);
    this.again = this.again.filter((entry) => entry !== again);
    if (again !== undefined) this.waiting.push(again);
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
    this.answers = this.answers.map((answer) => (answer === null ? undefined : answer));
  }

  get(): void {
    this.answers.push(null);
    this.#answer();
    if (this.shutDown && this.answers.at(-1) === null) this.answers[this.answers.length - 1] = undefined;
  }

  get drained(): boolean {
    return this.waiting.length + this.again.length + this.held.length === 0;
  }

  #answer(): void {
    const getter = this.answers.indexOf(null);
    const high = this.waiting.find(({ priority }) => priority === "high");
    const normal = this.waiting.find(({ priority }) => priority === "normal");
    const next = high === undefined || (normal && this.passedOver === MAX_PASSED_OVER) ? normal : high;
    if (getter < 0 || next === undefined) return;
    this.passedOver = next === high && normal !== undefined ? this.passedOver + 1 : 0;
    this.waiting = this.waiting.filter((entry) => entry !== next);
    this.held.push(next.key);
    this.answers[getter] = next.key;
    this.#answer();
  }
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

const key = fc.constantFrom("a", "b", "c", "d", "e", "f", "g", "h");
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
        const real: Real = { clock, queue: new DelayingQueue({ clock }), answers: [], drains: 0 };
        return { model: new Model(), real };
      };
      await fc.asyncModelRun(setup, commands);
    }),
    { numRuns: 300 },
  );
});
