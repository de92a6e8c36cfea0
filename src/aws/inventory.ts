import {
  DescribeDomainCommand,
  DescribeNotebookInstanceCommand,
  ListDomainsCommand,
  ListNotebookInstancesCommand,
  ListTagsCommand,
} from "@aws-sdk/client-sagemaker";
import { parseArn } from "../api/arn.ts";
import { safeText } from "../api/safe-text.ts";
import { DOMAIN, NOTEBOOK_INSTANCE, type Resource, type ResourceType } from "../rules/resource.ts";
import type { Endpoint } from "./aws.ts";
import type { Version } from "./description-table.ts";
import { ACCOUNT_MISMATCH, AwsCallError, invalidAnswer } from "./errors.ts";
import { listIn, pages, textIn, withToken } from "./pages.ts";

/** A resource as its list names it: known to exist, not yet described. */
export interface Listed {
  readonly type: ResourceType;
  readonly arn: string;
  readonly name: string;
  /** What Describe asks by: an instance's name, a domain's id. */
  readonly key: string;
  /** Of what can only change with it; absent where the list does not tell, or where the type has no such thing. */
  readonly version?: Version | undefined;
}

/** What Describe told, and of which version where it says so. */
export interface Described {
  readonly resource: Resource;
  readonly version?: Version | undefined;
}

export type SageMaker = Endpoint<"sagemaker">;

/** Where a client asks: stamped on all that it reads. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

/** How resources of one type are listed and described. */
export interface Collector {
  readonly type: ResourceType;
  readonly listOperation: string;
  readonly describeOperation: string;
  /** The pages of the list, in order. Ends only where the service gives no NextToken; throws `AwsCallError`. */
  list(sagemaker: SageMaker): AsyncGenerator<readonly Listed[]>;
  /** The facts of one resource; undefined where it is gone by now. Throws `AwsCallError`. */
  describe(sagemaker: SageMaker, listed: Listed, place: Place): Promise<Described | undefined>;
  /**
   * What of the facts to remember for as long as the list repeats the resource's ARN and version; undefined where they
   * are not what they should be. Both are absent where a resource changes without its list telling.
   */
  toDescription?(resource: Resource): string | undefined;
  /** The facts that `toDescription` was given. */
  fromDescription?(value: string, identity: Omit<Listed, "type" | "key" | "version"> & Place): Resource;
}

/** The most that both lists give at a time; they default to 10. */
const PAGE_SIZE = 100;

const notebookInstances: Collector = {
  type: NOTEBOOK_INSTANCE,
  listOperation: "ListNotebookInstances",
  describeOperation: "DescribeNotebookInstance",

  list(sagemaker) {
    return pages(this.listOperation, async (NextToken) => {
      const input = withToken({ MaxResults: PAGE_SIZE }, NextToken);
      const page = await sagemaker.call(this.listOperation, (client, abortSignal) =>
        client.send(new ListNotebookInstancesCommand(input), { abortSignal }),
      );
      const items = listIn(this.listOperation, page.NotebookInstances).map((summary) => ({
        ...listed(NOTEBOOK_INSTANCE, this.listOperation, {
          arn: summary.NotebookInstanceArn,
          name: summary.NotebookInstanceName,
          key: summary.NotebookInstanceName,
        }),
        version: hasNotebookArn(summary) ? versionOf(summary) : undefined,
      }));
      return { items, next: page.NextToken };
    });
  },

  async describe(sagemaker, { arn, name, key }, place) {
    try {
      // Made when its turn has come: a command weighs some kilobytes, and thousands wait.
      const facts = await sagemaker.call(this.describeOperation, (client, abortSignal) =>
        client.send(new DescribeNotebookInstanceCommand({ NotebookInstanceName: key }), { abortSignal }),
      );
      confirmArn(this.describeOperation, arn, facts.NotebookInstanceArn);
      const directInternetAccess = valueIn(this.describeOperation, facts.DirectInternetAccess);
      return {
        resource: { type: NOTEBOOK_INSTANCE, arn, name, ...place, directInternetAccess },
        version: versionOf(facts),
      };
    } catch (error) {
      if (isRecordNotFound(error) && hasOwnArn({ arn, key })) return undefined;
      throw error;
    }
  },

  toDescription(resource) {
    // The two constants, so that a hundred thousand entries do not hold as many strings.
    return resource.type === NOTEBOOK_INSTANCE
      ? ACCESS.find((known) => known === resource.directInternetAccess)
      : undefined;
  },

  fromDescription(directInternetAccess, identity) {
    return { type: NOTEBOOK_INSTANCE, ...identity, directInternetAccess };
  },
};

const ACCESS = ["Enabled", "Disabled"] as const;

const domains: Collector = {
  type: DOMAIN,
  listOperation: "ListDomains",
  describeOperation: "DescribeDomain",

  list(sagemaker) {
    return pages(this.listOperation, async (NextToken) => {
      const input = withToken({ MaxResults: PAGE_SIZE }, NextToken);
      const page = await sagemaker.call(this.listOperation, (client, abortSignal) =>
        client.send(new ListDomainsCommand(input), { abortSignal }),
      );
      const items = listIn(this.listOperation, page.Domains).map(({ DomainArn, DomainName, DomainId }) =>
        listed(DOMAIN, this.listOperation, {
          arn: DomainArn,
          name: DomainName ?? DomainId,
          key: DomainId,
        }),
      );
      return { items, next: page.NextToken };
    });
  },

  async describe(sagemaker, { arn, name, key }, place) {
    try {
      const facts = await sagemaker.call(this.describeOperation, (client, abortSignal) =>
        client.send(new DescribeDomainCommand({ DomainId: key }), { abortSignal }),
      );
      confirmArn(this.describeOperation, arn, facts.DomainArn);
      const appNetworkAccessType = valueIn(this.describeOperation, facts.AppNetworkAccessType);
      return { resource: { type: DOMAIN, arn, name, ...place, appNetworkAccessType } };
    } catch (error) {
      const isMissing = error instanceof AwsCallError && error.code === "ResourceNotFound";
      if (isMissing && hasOwnArn({ arn, key })) return undefined;
      throw error;
    }
  },
};

/** As long as AWS's own may be; a longer one would not fit the report. */
const MAX_ARN = 2_048;
const MAX_NAME = 256;
const MAX_VALUE = 128;

/** All that a scan reads in a region. */
export const COLLECTORS: readonly Collector[] = [notebookInstances, domains];

/** The tags of one resource. Throws `AwsCallError`. */
export async function listTags(sagemaker: SageMaker, arn: string): Promise<ReadonlyMap<string, string>> {
  const tags = new Map<string, string>();
  const tokens = pages("ListTags", async (NextToken) => {
    const command = new ListTagsCommand(withToken({ ResourceArn: arn }, NextToken));
    const page = await sagemaker.call("ListTags", (client, abortSignal) =>
      client.send(command, { abortSignal }),
    );
    return { items: page.Tags ?? [], next: page.NextToken };
  });
  for await (const page of tokens)
    for (const { Key, Value } of page) {
      // A value that is missing is not the empty one, which an exemption may go by.
      if (typeof Key !== "string" || typeof Value !== "string")
        throw invalidAnswer("ListTags", "the answer has a tag without key or value");
      tags.set(Key, Value);
    }
  return tags;
}

function listed(
  type: ResourceType,
  operation: string,
  {
    arn,
    name,
    key,
  }: Readonly<{ arn: string | undefined; name: string | undefined; key: string | undefined }>,
): Listed {
  for (const field of [arn, name, key]) textIn(operation, field);
  if (!arn || !name || !key || arn.length > MAX_ARN) {
    throw invalidAnswer(operation, "the answer lists a resource without a usable ARN or name");
  }
  return { type, arn, name: safeText(name, MAX_NAME), key };
}

/**
 * Whether the ARN ends in what Describe asks by, as ARNs of both types do. Where it does not, nobody can say that what
 * goes by this key is the resource: another may have the key too, and that there is none says nothing.
 */
export function hasOwnArn({ arn, key }: Pick<Listed, "arn" | "key">): boolean {
  return arn.toLowerCase().endsWith(`/${key.toLowerCase()}`);
}

/** The field that a verdict rests on, as far as a record takes it; what is no text is no answer. */
function valueIn(operation: string, field: string | undefined): string | undefined {
  return textIn(operation, field)?.slice(0, MAX_VALUE);
}

/** What lists and descriptions of instances say of their version. */
interface Dated {
  readonly CreationTime?: Date | undefined;
  readonly LastModifiedTime?: Date | undefined;
}

function versionOf({ CreationTime, LastModifiedTime }: Dated): Version | undefined {
  const [createdAt, modifiedAt] = [CreationTime?.getTime(), LastModifiedTime?.getTime()];
  if (createdAt === undefined || modifiedAt === undefined) return undefined;
  return Number.isFinite(createdAt + modifiedAt) ? { createdAt, modifiedAt } : undefined;
}

/**
 * Whether an instance's ARN follows from its name, as it should: then what is remembered by name is remembered by ARN,
 * since account and region are the shelf's.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html
 */
function hasNotebookArn({
  NotebookInstanceArn: arn,
  NotebookInstanceName: name,
}: {
  readonly NotebookInstanceArn?: string | undefined;
  readonly NotebookInstanceName?: string | undefined;
}): boolean {
  return name !== undefined && arn?.endsWith(`:notebook-instance/${name.toLowerCase()}`) === true;
}

/**
 * A describe by name that answers for another ARN judged another resource; one of another account or region says that
 * nothing these credentials read is to be believed.
 */
export function confirmArn(operation: string, asked: string, answered: string | undefined): void {
  if (textIn(operation, answered) === asked) return;
  const message = `asked for ${asked}, the answer is of ${answered ?? "no ARN"}`;
  const [wanted, got] = [parseArn(asked), parseArn(answered ?? "")];
  const isElsewhere = got !== undefined && (got.account !== wanted?.account || got.region !== wanted?.region);
  if (isElsewhere) throw new AwsCallError({ kind: "failed", operation, code: ACCOUNT_MISMATCH, message });
  throw invalidAnswer(operation, message);
}

/** Any other ValidationException says nothing of the instance's existence. */
export function isRecordNotFound(error: unknown): boolean {
  return (
    error instanceof AwsCallError &&
    error.code === "ValidationException" &&
    /RecordNotFound/.test(error.message)
  );
}
