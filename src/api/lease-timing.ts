/** How leadership is timed, by client-go's names. Milliseconds. */
export interface LeaseTiming {
  /** Others take the Lease over when they have seen no renewal for this long. */
  readonly leaseDurationMs: number;
  /** The holder gives up when none of its renewals has succeeded for this long. */
  readonly renewDeadlineMs: number;
  /** Between two attempts to acquire or to renew. */
  readonly retryPeriodMs: number;
}

/** By how much of itself a retry period may be longer for those who wait, as in client-go. */
export const JITTER_FACTOR = 1.2;

const NAMES = {
  leaseDuration: "the lease duration",
  renewDeadline: "the renew deadline",
  retryPeriod: "the retry period",
};

/**
 * What is wrong with how the three relate, and how to mend it; undefined: nothing. The lease duration over the renew
 * deadline is how much faster one machine's clock may run than another's.
 */
export function leaseTimingProblem(timing: LeaseTiming, names = NAMES): string | undefined {
  const { leaseDurationMs, renewDeadlineMs, retryPeriodMs } = timing;
  const positive = leaseDurationMs > 0 && renewDeadlineMs > 0 && retryPeriodMs > 0;
  if (positive && leaseDurationMs > renewDeadlineMs && renewDeadlineMs > retryPeriodMs * JITTER_FACTOR)
    return undefined;
  const seconds = (ms: number) => `${ms / 1_000}s`;
  return (
    `${names.leaseDuration} (${seconds(leaseDurationMs)}) must be longer than ${names.renewDeadline} ` +
    `(${seconds(renewDeadlineMs)}), and that longer than ${JITTER_FACTOR} times ${names.retryPeriod} ` +
    `(${seconds(retryPeriodMs)}): such as 15s, 10s and 2s`
  );
}
