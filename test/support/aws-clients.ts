/** What tests of AWS share around the SDK's clients. */
import {
  DescribeNotebookInstanceCommand,
  type DescribeNotebookInstanceCommandOutput,
  ListNotebookInstancesCommand,
  type ListNotebookInstancesCommandInput,
  type SageMakerClient,
} from "@aws-sdk/client-sagemaker";
import type { Credentials } from "@aws-sdk/client-sts";

/** Credentials as the clients take them. */
export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** The session that STS answered with; throws where it lacks a part. */
export function fromSts(given: Credentials | undefined) {
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = given ?? {};
  if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration)
    throw new Error("STS answered without credentials");
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
    expiration: Expiration,
  };
}

/** Describes one notebook instance. */
export function describeNotebook(
  client: SageMakerClient,
  NotebookInstanceName: string,
): Promise<DescribeNotebookInstanceCommandOutput> {
  return client.send(new DescribeNotebookInstanceCommand({ NotebookInstanceName }));
}

/** The names of notebook instances, page by page, to the end of the list. */
export async function allPages(
  client: SageMakerClient,
  ask: ListNotebookInstancesCommandInput,
): Promise<(string | undefined)[][]> {
  const pages: (string | undefined)[][] = [];
  let NextToken: string | undefined;
  do {
    const page = await client.send(new ListNotebookInstancesCommand({ ...ask, NextToken }));
    pages.push((page.NotebookInstances ?? []).map(({ NotebookInstanceName }) => NotebookInstanceName));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return pages;
}

/** The socket's or the SDK's name of the error that the promise rejects with, or "success". */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return "success";
  } catch (error) {
    const { name, code } = error as Error & { code?: unknown };
    return typeof code === "string" ? code : name;
  }
}
