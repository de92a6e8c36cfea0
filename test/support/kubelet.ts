import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startReaper } from "../../tools/machine/reaper.ts";
import { eventually } from "./cluster-eventually.ts";
import type { Sample } from "./exposition.ts";
import { type OperatorChild, type OperatorSetup, scrapeOf, spawnOperator, urlsOf } from "./operator.ts";

/** A kubelet starts what ended after 0 to 300 s; tests want the next life soon. */
const RESTART_PAUSE_MS = 200;

/** How a life of a supervised operator ended. */
export interface LifeEnd {
  readonly pid: number;
  /** Null where a signal ended it. */
  readonly code: number | null;
}

/** An operator that is started anew whenever it has ended, as a kubelet would. */
export interface SupervisedOperator {
  /** What the lives logged so far, oldest first. */
  lines(): readonly string[];
  /** Lines, of all lives, that no operator may ever write: see {@link defectsOf}. */
  defects(): readonly string[];
  /** How often it was started anew. */
  readonly restarts: number;
  /** Every life that has ended, oldest first. */
  readonly ends: readonly LifeEnd[];
  /** Whether {@link stop} was called: nothing is started any more. */
  readonly stopped: boolean;
  /** Of the life that runs; undefined between two. */
  readonly pid: number | undefined;
  /** Of the life that runs; throws while none listens. */
  metricsUrl(): string;
  healthUrl(): string;
  /** As `OperatorProcess.scrape`, of the life that runs; rejects between two. */
  scrape(name?: string, labels?: Readonly<Record<string, string>>): Promise<Sample[]>;
  /** Resolves when the life that runs says that it is ready. */
  ready(): Promise<void>;
  /** Sends `signal` to the life that runs, if any; what ends by it is started anew. */
  kill(signal: NodeJS.Signals): void;
  /** Breaks the pipe that the life that runs writes its log to. */
  deafen(): void;
  /** Sends `signal` (SIGTERM by default), starts nothing any more, and resolves to the last life's exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Runs the bundled operator until {@link SupervisedOperator.stop}; resolves when the first life runs. */
export async function superviseOperator(setup: OperatorSetup): Promise<SupervisedOperator> {
  const lives: OperatorChild[] = [];
  const ends: LifeEnd[] = [];
  const stopping = new AbortController();
  // Ends the life that runs where this process dies, as by the end of a test that took too long.
  const reaper = await startReaper(await mkdtemp(join(tmpdir(), "kubelet-")));
  const begin = async () => {
    const child = await spawnOperator(setup);
    lives.push(child);
    reaper.watch([child.pid]);
    // Told to stop while it came into being.
    if (stopping.signal.aborted) child.kill("SIGKILL");
    return child;
  };

  async function supervise(first: OperatorChild): Promise<number | null> {
    for (let life = first; ; life = await begin()) {
      const code = await life.ended;
      ends.push({ pid: life.pid, code });
      if (stopping.signal.aborted) return code;
      const stopped = await sleep(RESTART_PAUSE_MS, false, { signal: stopping.signal }).catch(() => true);
      if (stopped) return code;
    }
  }
  const last = supervise(await begin()).finally(async () => {
    reaper.watch([]);
    await reaper.finish();
  });

  const current = () => {
    const life = lives.at(-1);
    return life?.running ? life : undefined;
  };
  const urls = () => {
    const life = current();
    if (life === undefined) throw new Error("no operator runs");
    return urlsOf(life.lines);
  };
  const lines = () => lives.flatMap((life) => life.lines);
  return {
    lines,
    defects: () => defectsOf(lines()),
    get restarts() {
      return Math.max(0, lives.length - 1);
    },
    ends,
    get stopped() {
      return stopping.signal.aborted;
    },
    get pid() {
      return current()?.pid;
    },
    metricsUrl: () => urls().metricsUrl,
    healthUrl: () => urls().healthUrl,
    scrape: async (name, labels) => scrapeOf(urls().metricsUrl, name, labels),
    async ready() {
      await eventually(
        async () => {
          const answer = await fetch(`${urls().healthUrl}/readyz`);
          if (!answer.ok) throw new Error(`${await answer.text()}${lines().slice(-5).join("\n")}`);
        },
        { describe: "the operator is ready", timeoutMs: 180_000 },
      );
    },
    kill: (signal) => current()?.kill(signal),
    deafen: () => current()?.deafen(),
    stop(signal = "SIGTERM") {
      stopping.abort();
      current()?.kill(signal);
      // One that is stopped by SIGSTOP hears nothing before.
      current()?.kill("SIGCONT");
      return last;
    },
  };
}

/**
 * Lines that tell of a defect: fatal ones, rejections and exceptions that nobody caught, and whatever Node itself wrote, such
 * as warnings of leaks. That a leader ends when another has taken its place is no defect. A line that was cut off when its writer was killed is none.
 */
export function defectsOf(lines: readonly string[]): string[] {
  return lines.filter((line) => {
    if (!line.startsWith("{")) return line.trim() !== "";
    return /"level":"fatal"|unhandled|uncaught/i.test(line) && !line.includes(TAKEN_OVER);
  });
}

const TAKEN_OVER = '"msg":"another process scans now: exiting"';
