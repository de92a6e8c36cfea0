/** What a scan could not do better, whoever wrote it. */
import type { RequestLimits } from "../../src/aws/calls/dispatcher.ts";
import { notebooksAt, type Shape } from "../support/fleet.ts";

/** SageMaker's lists give at most so many at a time. */
const PAGE = 100;

/**
 * The least AWS calls that a scan of this shape can do with:
 * - GetCallerIdentity, one an account; AssumeRole as well where it is entered by a role; DescribeRegions as well
 *   where the regions are not named; a warm scan asks none of them again
 * - ListNotebookInstances, `max(1, ceil(n / 100))` in each region of each account, and a describe for each of the n;
 *   a warm scan describes none, since a list's LastModifiedTime tells that nothing has changed
 * - ListDomains, `max(1, ceil(d / 100))`, and a describe for each of the d, warm or cold: a domain's
 *   AppNetworkAccessType can change
 */
export function minimumCalls(shape: Shape, isWarm: boolean): number {
  const places = shape.accounts * shape.regions;
  let lists = 0;
  for (let place = 0; place < places; place++) lists += pagesOf(notebooksAt(shape.notebooks, places, place));
  const domainCalls = places * (pagesOf(shape.domainsPerRegion) + shape.domainsPerRegion);
  return shape.accounts * lookUps(shape, isWarm) + lists + domainCalls + (isWarm ? 0 : shape.notebooks);
}

/**
 * The least time, in milliseconds, for a scan of this shape where every answer takes `latencyMs` and no more requests
 * are under way at once than `limits` allow. The greater of two bounds:
 * - the longest chain of calls that wait for each other: look-ups, the pages of the fullest region, a last describe:
 *   `latency * (lookUps + pages + 1)`
 * - all calls together, as many at once as the limits of process, accounts and regions allow:
 *   `latency * ceil(calls / concurrency)`
 *
 * There is no quota here; under one, no scan of a place ends before `(calls - burst) / rate` either.
 */
export function leastTimeMs(shape: Shape, isWarm: boolean, latencyMs: number, limits: RequestLimits): number {
  const places = shape.accounts * shape.regions;
  const pages = pagesOf(Math.ceil(shape.notebooks / places));
  const describes = places * shape.domainsPerRegion + (isWarm ? 0 : shape.notebooks);
  const chain = lookUps(shape, isWarm) + pages + (describes > 0 ? 1 : 0);
  const concurrency = Math.min(limits.process, shape.accounts * limits.account, places * limits.region);
  const throughput = Math.ceil(minimumCalls(shape, isWarm) / concurrency);
  return latencyMs * Math.max(chain, throughput);
}

/** Calls before the first list of an account, each of which needs the one before it. */
function lookUps({ accounts, regions }: Shape, isWarm: boolean): number {
  if (isWarm) return 0;
  return 1 + (accounts > 1 ? 1 : 0) + (regions > 1 ? 1 : 0);
}

function pagesOf(items: number): number {
  return Math.max(1, Math.ceil(items / PAGE));
}
