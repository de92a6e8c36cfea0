import { pino } from "pino";
import { describe, expect, it, vi } from "vitest";
import type { ScanRecord } from "../report/record.ts";
import type { Job, JobResult } from "./job.ts";
import { type Slots, WorkQueue } from "./queue/queue.ts";
import { ScanRunner, type ScanTask } from "./scan-runner.ts";

const RECORD: ScanRecord = {
  scan: {
    id: "1",
    trigger: "Initial",
    generation: 1,
    scopeDigest: "",
    startTime: "",
    completionTime: "",
    outcome: "Complete",
    consecutiveFailures: 0,
  },
  cells: [],
  coverage: [],
  failures: [],
  findings: [],
};
const RESULT: JobResult = { record: RECORD, changes: { found: [], resolved: [] } };

const newJob = (): Job => ({
  id: "1",
  trigger: "Initial",
  generation: 1,
  requestedAt: undefined,
  dueAt: 0,
  quietMs: 0,
  timeoutMs: 1_000,
});

/** A runner of one scan at a time by default, whose tasks end when they are told to. */
function rig(log = pino({ level: "silent" }), slots: Slots = { shared: 1, spare: 0 }) {
  const begun: string[] = [];
  const changes: string[] = [];
  const ends = new Map<string, () => void>();
  let changed = Promise.withResolvers<void>();
  const runner = new ScanRunner({
    concurrency: slots.shared + slots.spare,
    queue: new WorkQueue({ slots }),
    log,
    now: () => new Date(0),
    onChange(key) {
      changes.push(key);
      changed.resolve();
      changed = Promise.withResolvers();
    },
  });
  const task =
    (name: string): ScanTask =>
    async (_job, signal) => {
      begun.push(name);
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      ends.set(name, resolve);
      signal.addEventListener("abort", () => reject(signal.reason));
      await promise;
      return RESULT;
    };
  const until = async (accept: () => boolean) => {
    while (!accept()) await changed.promise;
  };
  runner.start();
  return { runner, begun, changes, task, until, end: (name: string) => ends.get(name)?.() };
}

describe("ScanRunner", () => {
  it("runs what somebody waits for before what only a clock wants", async () => {
    const { runner, begun, task, until, end } = rig();
    runner.submit("a", newJob(), task("a"), "normal");
    await until(() => begun.includes("a"));
    runner.submit("b", newJob(), task("b"), "normal");
    runner.submit("c", newJob(), task("c"), "high");
    end("a");
    await until(() => begun.includes("c"));
    end("c");
    await until(() => begun.includes("b"));
    expect(begun).toEqual(["a", "c", "b"]);
    expect(runner.job("a")?.result).toBe(RESULT);
  });

  it("stops a cancelled scan and discards its outcome", async () => {
    const { runner, begun, task, until } = rig();
    runner.submit("a", newJob(), task("a"), "normal");
    await until(() => begun.includes("a"));
    runner.cancel("a");
    expect(runner.job("a")).toBeUndefined();
    runner.submit("a", newJob(), task("again"), "normal");
    await until(() => begun.includes("again"));
    expect(runner.job("a")?.result).toBeUndefined();
  });

  it("never starts a scan that was cancelled while it waited", async () => {
    const { runner, begun, task, until, end } = rig();
    runner.submit("a", newJob(), task("a"), "normal");
    runner.submit("b", newJob(), task("b"), "normal");
    await until(() => begun.includes("a"));
    runner.cancel("b");
    end("a");
    await until(() => runner.job("a")?.result !== undefined);
    await runner.stop(AbortSignal.abort());
    expect(begun).toEqual(["a"]);
  });

  it("lets scans end when it is stopped, until patience ends", async () => {
    const { runner, begun, task, until, end, changes } = rig();
    runner.submit("a", newJob(), task("a"), "normal");
    runner.submit("b", newJob(), task("b"), "normal");
    await until(() => begun.includes("a"));
    const stopped = runner.stop(new AbortController().signal);
    end("a");
    await stopped;
    expect(runner.job("a")?.result).toBe(RESULT);
    expect(begun).toEqual(["a"]);
    expect(changes.at(-1)).toBe("a");
  });

  it("abandons what runs when patience ends", async () => {
    const { runner, begun, task, until } = rig();
    runner.submit("a", newJob(), task("a"), "normal");
    await until(() => begun.includes("a"));
    await runner.stop(AbortSignal.abort());
    expect(runner.job("a")).toBeUndefined();
  });

  it("tells whose scan it was that ended with a defect", async () => {
    const lines: Record<string, unknown>[] = [];
    const { runner, until } = rig(pino({}, { write: (line: string) => void lines.push(JSON.parse(line)) }));
    runner.submit("team/x", newJob(), () => Promise.reject(new Error("a defect")), "normal");
    await until(() => runner.job("team/x")?.failedAt !== undefined);
    expect(lines).toMatchObject([{ level: 50, namespace: "team", scan: "x", scanId: "1" }]);
  });

  it("tells how much later than due a scan begins, from the first that has not begun", async () => {
    const { runner, begun, task, until, end } = rig();
    runner.submit("a", { ...newJob(), dueAt: -3_000 }, task("a"), "normal");
    await until(() => begun.includes("a"));
    expect(runner.job("a")).toMatchObject({ dueAt: -3_000, lagMs: 3_000 });
    runner.submit("b", { ...newJob(), dueAt: -5_000 }, task("b"), "normal");
    runner.submit("b", { ...newJob(), dueAt: -1_000 }, task("changed"), "high");
    expect(runner.job("b")?.lagMs).toBeUndefined();
    end("a");
    await until(() => begun.includes("changed"));
    expect(runner.job("b")).toMatchObject({ dueAt: -5_000, lagMs: 5_000 });
    runner.submit("b", { ...newJob(), dueAt: -1_000 }, task("changed again"), "high");
    await until(() => begun.includes("changed again"));
    expect(runner.job("b")?.lagMs).toBe(1_000);
  });

  it("tells that a scan runs once it has run for as long as it is quiet, and not of one that ends before", async () => {
    const { runner, begun, changes, task, until, end } = rig(undefined, { shared: 2, spare: 0 });
    runner.submit("short", { ...newJob(), quietMs: 60_000 }, task("short"), "normal");
    await vi.waitUntil(() => begun.includes("short"));
    end("short");
    await until(() => runner.job("short")?.result !== undefined);
    expect(runner.job("short")?.isNews).toBeUndefined();
    runner.submit("long", { ...newJob(), quietMs: 1 }, task("long"), "normal");
    await until(() => runner.job("long")?.isNews === true);
    end("long");
    await until(() => runner.job("long")?.result !== undefined);
    expect(changes).toEqual(["short", "long", "long"]);
  });

  it("begins the scan of another namespace beside those that hang, and then the next one's", async () => {
    const { runner, begun, task, until, end } = rig(undefined, { shared: 2, spare: 1 });
    for (const name of ["1", "2", "3"]) {
      runner.submit(`hanging/${name}`, newJob(), task(`hanging/${name}`), "high");
    }
    runner.submit("fine/1", newJob(), task("fine/1"), "normal");
    runner.submit("good/1", newJob(), task("good/1"), "normal");
    await until(() => begun.includes("fine/1"));
    end("fine/1");
    await until(() => begun.includes("good/1"));
    expect(begun).toEqual(["hanging/1", "hanging/2", "fine/1", "good/1"]);
  });
});
