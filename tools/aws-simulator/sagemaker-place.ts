import { problem } from "./errors.ts";
import type { Call, Place } from "./service.ts";
import type { Region } from "./world.ts";

/** What the caller's account has in the region that is asked. */
export function regionOf({ world, caller, region }: Call): Region {
  const found = world.region(caller.accountId, region);
  if (!found) throw problem("sagemaker", "unknown-key");
  return found;
}

/** The ARN of a resource of the caller's account in the region that is asked. */
export function arnOf({ world, caller, region }: Place, resource: string): string {
  const partition = world.account(caller.accountId)?.partition ?? "aws";
  return `arn:${partition}:sagemaker:${region}:${caller.accountId}:${resource}`;
}

/** How many items the page shall have: what was asked, 10 where nothing was, at most what a fault allows. */
export function pageSize({ input, pageLimit }: Call): number {
  return Math.min(input.integer("MaxResults", 1, 100) ?? 10, pageLimit ?? 100);
}
