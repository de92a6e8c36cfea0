import { isReserved } from "./owner.ts";
import type { NotebookSource, Tag } from "./plan.ts";

/** Bears the ARN of the instance that a replacement stands in for: name and network alone anybody's can have. */
export const REPLACES_TAG = "awsscan:replaces";

/** What a resource of SageMaker takes. https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_AddTags.html */
const MAX_TAGS = 50;

export interface CarriedTags {
  readonly tags: readonly Tag[];
  /** What `REPLACES_TAG` leaves no room for. */
  readonly dropped: readonly Tag[];
}

/** The tags of the replacement: those of the source that others than AWS can set, and whose replacement it is. */
export function carriedTags({ arn, tags }: NotebookSource): CarriedTags {
  const own = (tags ?? []).filter((tag) => !isReserved(tag) && tag.key !== REPLACES_TAG);
  const kept = own.slice(0, MAX_TAGS - 1);
  return { tags: [...kept, { key: REPLACES_TAG, value: arn }], dropped: own.slice(kept.length) };
}
