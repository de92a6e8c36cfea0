export interface AheadOptions {
  /** Tasks at once; asked before each. */
  concurrency(): number;
  /** Items that may wait for their task before no further page is read; asked before each page. */
  ahead(): number;
}

/**
 * Runs `task` for every item of `pages`, a bounded number at once, and reads pages meanwhile, a bounded number of items
 * ahead: memory does not follow the length of the list. A task that returns nothing is done: a promise for each of many
 * that need not wait would cost more than they do. Where reading a page fails, what came before is worked off first; then it
 * rejects with the failure, or with that of the first task that failed.
 */
export function forEachAhead<T>(
  pages: AsyncIterator<readonly T[]>,
  { concurrency, ahead }: AheadOptions,
  task: (item: T) => Promise<void> | undefined,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let waiting: T[] = [];
    /** What of `waiting` has begun: cheaper than shifting each. */
    let begun = 0;
    let running = 0;
    let isReading = false;
    let isAtEnd = false;
    const failures: unknown[] = [];

    const read = () => {
      isReading = true;
      const over = () => {
        isReading = false;
        step();
      };
      pages.next().then(
        ({ done, value }) => {
          if (done) isAtEnd = true;
          else {
            waiting = [...waiting.slice(begun), ...value];
            begun = 0;
          }
          over();
        },
        (thrown: unknown) => {
          isAtEnd = true;
          failures.push(thrown);
          over();
        },
      );
    };
    const run = (item: T) => {
      let going: Promise<void> | undefined;
      try {
        going = task(item);
      } catch (thrown) {
        failures.push(thrown);
      }
      if (going === undefined) return;
      running += 1;
      const over = () => {
        running -= 1;
        step();
      };
      going.then(over, (thrown: unknown) => {
        failures.push(thrown);
        over();
      });
    };
    const step = () => {
      for (; running < concurrency() && begun < waiting.length; begun += 1) run(waiting[begun] as T);
      const left = waiting.length - begun;
      if (!isAtEnd && !isReading && left < ahead()) read();
      if (!isAtEnd || left > 0 || running > 0) return;
      if (failures.length === 0) resolve();
      else reject(failures[0]);
    };
    step();
  });
}
