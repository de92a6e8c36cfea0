import type { Notice, Tag } from "./plan.ts";

/** Names beginning with `aws:` are AWS's own: nobody else can set such tags, and nobody can carry them over. */
export function isReserved({ key }: Tag): boolean {
  return /^aws:/i.test(key);
}

/** What else manages a resource, so that a change behind its back would be undone or break it. */
interface Owner {
  readonly tag: RegExp;
  says(value: string): string;
}

/** Only owners that tag with reserved names: any other tag may have been copied, or made up. */
const OWNERS: readonly Owner[] = [
  {
    tag: /^aws:cloudformation:stack-name$/i,
    says: (stack) =>
      `The CloudFormation stack ${stack} owns it: make the change in its template. Deleting it behind the stack's back ` +
      "makes the stack's next update fail.",
  },
  {
    tag: /^aws:servicecatalog:provisionedProductArn$/i,
    says: (product) => `The Service Catalog product ${product} owns it: make the change in the product.`,
  },
];

const UNKNOWN: Notice = {
  kind: "owner",
  text:
    "Nobody knows whether a CloudFormation stack or a product owns it: ListTags was refused. Find out first; the CLI form " +
    "asks for the tags before it changes anything.",
};

/** Whether the tags name an owner. */
export function isOwned({ tags = [] }: { readonly tags: readonly Tag[] | undefined }): boolean {
  return OWNERS.some(({ tag }) => tags.some(({ key }) => tag.test(key)));
}

/** A notice for each owner that the tags name, or that nobody can know. */
export function ownerNotices(tags: readonly Tag[] | undefined): Notice[] {
  if (tags === undefined) return [UNKNOWN];
  return OWNERS.flatMap(({ tag, says }) =>
    tags
      .filter(({ key }) => tag.test(key))
      .slice(0, 1)
      .map(({ value }): Notice => ({ kind: "owner", text: says(value) })),
  );
}
