import type { RequestLimits } from "../aws/calls/dispatcher.ts";

/** What bounds requests where nobody sets it; benchmarks measure with it. */
export const DEFAULT_LIMITS: RequestLimits = { process: 256, account: 128, region: 64 };
export const DEFAULT_CACHE_BYTES = 64 * 2 ** 20;
