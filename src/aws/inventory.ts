import {
  DescribeDomainCommand,
  DescribeNotebookInstanceCommand,
  ListDomainsCommand,
  ListNotebookInstancesCommand,
  ListTagsCommand,
  type SageMakerClient,
} from "@aws-sdk/client-sagemaker";
import { safeText } from "../api/safe-text.ts";
import { DOMAIN, NOTEBOOK_INSTANCE, type Resource, type ResourceType } from "../rules/resource.ts";
import { toAwsCallError } from "./errors.ts";
import { invalidAnswer, pages, withToken } from "./pages.ts";

/** A resource as its list names it: known to exist, not yet described. */
export interface Listed {
  readonly type: ResourceType;
  readonly arn: string;
  readonly name: string;
  /** What Describe asks by: an instance's name, a domain's id. */
  readonly key: string;
}

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
  list(client: SageMakerClient, signal: AbortSignal): AsyncGenerator<readonly Listed[]>;
  /** The facts of one resource; undefined where it is gone by now. Throws `AwsCallError`. */
  describe(
    client: SageMakerClient,
    listed: Listed,
    place: Place,
    signal: AbortSignal,
  ): Promise<Resource | undefined>;
}

/** The most that both lists give at a time; they default to 10. */
const PAGE_SIZE = 100;

const notebookInstances: Collector = {
  type: NOTEBOOK_INSTANCE,
  listOperation: "ListNotebookInstances",
  describeOperation: "DescribeNotebookInstance",

  list(client, signal) {
    return pages("ListNotebookInstances", async (NextToken) => {
      const page = await client.send(
        new ListNotebookInstancesCommand({
          MaxResults: PAGE_SIZE,
          ...(NextToken !== undefined && { NextToken }),
        }),
        { abortSignal: signal },
      );
      const items = page.NotebookInstances?.map(({ NotebookInstanceArn, NotebookInstanceName }) =>
        listed(
          NOTEBOOK_INSTANCE,
          this.listOperation,
          NotebookInstanceArn,
          NotebookInstanceName,
          NotebookInstanceName,
        ),
      );
      return { items, next: page.NextToken };
    });
  },

  async describe(client, { arn, name, key }, place, signal) {
    try {
      const facts = await client.send(new DescribeNotebookInstanceCommand({ NotebookInstanceName: key }), {
        abortSignal: signal,
      });
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
      throw toAwsCallError(error, this.describeOperation);
    }
  },
};

const domains: Collector = {
  type: DOMAIN,
  listOperation: "ListDomains",
  describeOperation: "DescribeDomain",

  list(client, signal) {
    return pages("ListDomains", async (NextToken) => {
      const page = await client.send(
        new ListDomainsCommand(withToken({ MaxResults: PAGE_SIZE }, NextToken)),
        { abortSignal: signal },
      );
      const items = page.Domains?.map(({ DomainArn, DomainName, DomainId }) =>
        listed(DOMAIN, this.listOperation, DomainArn, DomainName ?? DomainId, DomainId),
      );
      return { items, next: page.NextToken };
    });
  },

  async describe(client, { arn, name, key }, place, signal) {
    try {
      const facts = await client.send(new DescribeDomainCommand({ DomainId: key }), { abortSignal: signal });
      confirmArn(this.describeOperation, arn, facts.DomainArn);
      return {
        type: DOMAIN,
        arn,
        name,
        ...place,
        appNetworkAccessType: facts.AppNetworkAccessType?.slice(0, MAX_VALUE),
      };
    } catch (error) {
      if (error instanceof Error && error.name === "ResourceNotFound") return undefined;
      throw toAwsCallError(error, this.describeOperation);
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
export async function listTags(
  client: SageMakerClient,
  arn: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const tags = new Map<string, string>();
  const tokens = pages("ListTags", async (NextToken) => {
    const page = await client.send(new ListTagsCommand(withToken({ ResourceArn: arn }, NextToken)), {
      abortSignal: signal,
    });
    return { items: page.Tags ?? [], next: page.NextToken };
  });
  for await (const page of tokens)
    for (const { Key, Value } of page) if (Key !== undefined) tags.set(Key, Value ?? "");
  return tags;
}

function listed(
  type: ResourceType,
  operation: string,
  arn: string | undefined,
  name: string | undefined,
  key: string | undefined,
): Listed {
  if (!arn || !name || !key || arn.length > MAX_ARN) {
    throw invalidAnswer(operation, "the answer lists a resource without a usable ARN or name");
  }
  return { type, arn, name: safeText(name, MAX_NAME), key };
}

/** A describe by name that answers for another ARN judged another resource. */
function confirmArn(operation: string, asked: string, answered: string | undefined): void {
  if (answered !== asked)
    throw invalidAnswer(operation, `asked for ${asked}, the answer is of ${answered ?? "no ARN"}`);
}

/** Any other ValidationException says nothing of the instance's existence. */
function isRecordNotFound(error: unknown): boolean {
  return (
    error instanceof Error && error.name === "ValidationException" && /RecordNotFound/.test(error.message)
  );
}
