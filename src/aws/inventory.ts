import {
  DescribeDomainCommand,
  DescribeNotebookInstanceCommand,
  ListDomainsCommand,
  ListNotebookInstancesCommand,
  ListTagsCommand,
} from "@aws-sdk/client-sagemaker";
import { safeText } from "../api/safe-text.ts";
import { DOMAIN, NOTEBOOK_INSTANCE, type Resource, type ResourceType } from "../rules/resource.ts";
import type { Endpoint } from "./aws.ts";
import type { Version } from "./description-table.ts";
import { AwsCallError } from "./errors.ts";
import { invalidAnswer, pages, withToken } from "./pages.ts";

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

type SageMaker = Endpoint<"sagemaker">;

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
  describe(sagemaker: SageMaker, listed: Listed, place: Place): Promise<Resource | undefined>;
  /**
   * What of the facts to remember for as long as the list repeats the resource's version; undefined where they are
   * not what they should be. Both are absent where a resource changes without its list telling.
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
      const command = new ListNotebookInstancesCommand(withToken({ MaxResults: PAGE_SIZE }, NextToken));
      const page = await sagemaker.call(this.listOperation, (client, abortSignal) =>
        client.send(command, { abortSignal }),
      );
      const items = page.NotebookInstances?.map((summary) => ({
        ...listed(NOTEBOOK_INSTANCE, this.listOperation, {
          arn: summary.NotebookInstanceArn,
          name: summary.NotebookInstanceName,
          key: summary.NotebookInstanceName,
        }),
        version: versionOf(summary.CreationTime, summary.LastModifiedTime),
      }));
      return { items, next: page.NextToken };
    });
  },

  async describe(sagemaker, { arn, name, key }, place) {
    try {
      const command = new DescribeNotebookInstanceCommand({ NotebookInstanceName: key });
      const facts = await sagemaker.call(this.describeOperation, (client, abortSignal) =>
        client.send(command, { abortSignal }),
      );
      confirmArn(this.describeOperation, arn, facts.NotebookInstanceArn);
      return {
        type: NOTEBOOK_INSTANCE,
        arn,
        name,
        ...place,
        directInternetAccess: facts.DirectInternetAccess?.slice(0, MAX_VALUE),
      };
    } catch (error) {
      if (isRecordNotFound(error)) return undefined;
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
      const command = new ListDomainsCommand(withToken({ MaxResults: PAGE_SIZE }, NextToken));
      const page = await sagemaker.call(this.listOperation, (client, abortSignal) =>
        client.send(command, { abortSignal }),
      );
      const items = page.Domains?.map(({ DomainArn, DomainName, DomainId }) =>
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
      return {
        type: DOMAIN,
        arn,
        name,
        ...place,
        appNetworkAccessType: facts.AppNetworkAccessType?.slice(0, MAX_VALUE),
      };
    } catch (error) {
      if (error instanceof AwsCallError && error.code === "ResourceNotFound") return undefined;
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
    for (const { Key, Value } of page) if (Key !== undefined) tags.set(Key, Value ?? "");
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
  if (!arn || !name || !key || arn.length > MAX_ARN) {
    throw invalidAnswer(operation, "the answer lists a resource without a usable ARN or name");
  }
  return { type, arn, name: safeText(name, MAX_NAME), key };
}

function versionOf(created: Date | undefined, modified: Date | undefined): Version | undefined {
  const [createdAt, modifiedAt] = [created?.getTime(), modified?.getTime()];
  if (createdAt === undefined || modifiedAt === undefined) return undefined;
  return Number.isFinite(createdAt + modifiedAt) ? { createdAt, modifiedAt } : undefined;
}

/** A describe by name that answers for another ARN judged another resource. */
function confirmArn(operation: string, asked: string, answered: string | undefined): void {
  if (answered !== asked)
    throw invalidAnswer(operation, `asked for ${asked}, the answer is of ${answered ?? "no ARN"}`);
}

/** Any other ValidationException says nothing of the instance's existence. */
function isRecordNotFound(error: unknown): boolean {
  return (
    error instanceof AwsCallError &&
    error.code === "ValidationException" &&
    /RecordNotFound/.test(error.message)
  );
}
