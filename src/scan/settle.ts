/**
 * Waits for every task, then throws the first failure, if any. `Promise.all` would leave the other tasks running
 * behind a failure, and their events would reach a record that is already written.
 */
export async function settleAll(tasks: readonly Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(tasks)) if (result.status === "rejected") throw result.reason;
}
