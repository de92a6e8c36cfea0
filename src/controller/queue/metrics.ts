/** What a queue is doing at this moment. */
export interface QueueState {
  /** Keys that need work and have not been taken, those included that are worked on and have been added again. */
  readonly depth: number;
  /** How long the keys that are worked on have been so, summed. Grows by n seconds a second where n are stuck. */
  readonly unfinishedWorkMs: number;
  /** How long the one that began first has been worked on; 0 where there is none. */
  readonly longestRunningProcessorMs: number;
}

/** What a queue tells of itself. The words in quotes are client-go's names, by which dashboards know the numbers. */
export interface QueueMetrics {
  /**
   * Called once, by the queue that is made with these metrics. `state` may be read at any time: "depth",
   * "unfinished_work_seconds", "longest_running_processor_seconds".
   */
  watch(state: () => QueueState): void;
  /** A key has been added that did not need work before: "adds_total". */
  added(): void;
  /** A key has been taken that had needed work for so long: "queue_duration_seconds". */
  taken(waitedMs: number): void;
  /** A key that was worked on for so long is done: "work_duration_seconds". */
  finished(workedMs: number): void;
  /** A key is to be added later: "retries_total". */
  retried(): void;
}

/** Tells nobody. */
export const noQueueMetrics: QueueMetrics = {
  watch() {},
  added() {},
  taken() {},
  finished() {},
  retried() {},
};
