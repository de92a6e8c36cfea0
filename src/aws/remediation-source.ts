/** What a remediation plan is made of: all settings of one resource, by its ARN. */
import {
  DescribeDomainCommand,
  type DescribeDomainCommandOutput,
  DescribeNotebookInstanceCommand,
  type DescribeNotebookInstanceCommandOutput,
  ListNotebookInstancesCommand,
} from "@aws-sdk/client-sagemaker";
import { parseArn } from "../api/arn.ts";
import type { DomainSource, NotebookSource, Place, RemediationSource, Tag } from "../remediation/plan.ts";
import { DOMAIN, NOTEBOOK_INSTANCE, type ResourceType } from "../rules/resource.ts";
import { AwsCallError, invalidAnswer } from "./errors.ts";
import { confirmArn, isRecordNotFound, listTags, type SageMaker } from "./inventory.ts";
import { pages, withToken } from "./pages.ts";

/** What an ARN says: what to describe, and where. */
export interface SourceArn extends Place {
  readonly arn: string;
  readonly type: ResourceType;
  /** Of a notebook instance its name in lower case, of a domain its id. */
  readonly key: string;
}

/** Undefined where `arn` is not the ARN of a notebook instance or a domain. */
export function parseSourceArn(arn: string): SourceArn | undefined {
  const { partition, service, account, region, resource } = parseArn(arn) ?? {};
  if (partition === undefined || account === undefined || region === undefined) return undefined;
  if (service !== "sagemaker" || !/^\d{12}$/.test(account) || !/^[a-z0-9-]+$/.test(region)) return undefined;
  const [, kind, key] =
    /^(notebook-instance|domain)\/([a-zA-Z0-9](?:-*[a-zA-Z0-9])*)$/.exec(resource ?? "") ?? [];
  if (key === undefined) return undefined;
  return { arn, partition, account, region, type: kind === "domain" ? DOMAIN : NOTEBOOK_INSTANCE, key };
}

/**
 * Reads the settings of the resource by Describe and ListTags; undefined where it is gone. `sagemaker` must ask the
 * ARN's account and region: an answer of others is refused. Tags that may not be read are undefined. Throws
 * `AwsCallError`, and `RangeError` where the ARN is of neither a notebook instance nor a domain.
 */
export async function readSource(sagemaker: SageMaker, arn: string): Promise<RemediationSource | undefined> {
  const asked = parseSourceArn(arn);
  if (asked === undefined) throw new RangeError(`${arn} is not the ARN of a notebook instance or a domain`);
  const source =
    asked.type === DOMAIN ? await readDomain(sagemaker, asked) : await readNotebook(sagemaker, asked);
  return source && { ...source, tags: await tagsOf(sagemaker, arn) };
}

type Untagged<Source> = Omit<Source, "tags">;

async function readNotebook(
  sagemaker: SageMaker,
  asked: SourceArn,
): Promise<Untagged<NotebookSource> | undefined> {
  const facts =
    (await describeNotebook(sagemaker, asked.key)) ??
    (await describeNotebook(sagemaker, await nameOf(sagemaker, asked)));
  return facts && toNotebook(facts, asked);
}

async function describeNotebook(
  sagemaker: SageMaker,
  NotebookInstanceName: string | undefined,
): Promise<DescribeNotebookInstanceCommandOutput | undefined> {
  if (NotebookInstanceName === undefined) return undefined;
  const command = new DescribeNotebookInstanceCommand({ NotebookInstanceName });
  try {
    return await sagemaker.call("DescribeNotebookInstance", (client, abortSignal) =>
      client.send(command, { abortSignal }),
    );
  } catch (error) {
    if (isRecordNotFound(error)) return undefined;
    throw error;
  }
}

/** ARNs are in lower case, names need not be: the list tells the name of the instance that has this ARN. */
async function nameOf(sagemaker: SageMaker, { arn, key }: SourceArn): Promise<string | undefined> {
  const operation = "ListNotebookInstances";
  const lists = pages(operation, async (NextToken) => {
    const command = new ListNotebookInstancesCommand(
      withToken({ NameContains: key, MaxResults: 100 }, NextToken),
    );
    const page = await sagemaker.call(operation, (client, abortSignal) =>
      client.send(command, { abortSignal }),
    );
    return { items: page.NotebookInstances, next: page.NextToken };
  });
  for await (const page of lists) {
    const found = page.find(({ NotebookInstanceArn }) => NotebookInstanceArn === arn);
    if (found !== undefined) return found.NotebookInstanceName;
  }
  return undefined;
}

function toNotebook(
  facts: DescribeNotebookInstanceCommandOutput,
  { arn, partition, account, region, key }: SourceArn,
): Untagged<NotebookSource> {
  const operation = "DescribeNotebookInstance";
  confirmArn(operation, arn, facts.NotebookInstanceArn);
  const { NotebookInstanceName: name, InstanceType: instanceType, RoleArn: roleArn } = facts;
  if (name?.toLowerCase() !== key.toLowerCase() || !instanceType || !roleArn)
    throw invalidAnswer(operation, "the answer lacks the instance's name, type or role");
  return {
    type: NOTEBOOK_INSTANCE,
    ...{ arn, name, partition, account, region, instanceType, roleArn },
    status: facts.NotebookInstanceStatus,
    directInternetAccess: facts.DirectInternetAccess,
    platformIdentifier: facts.PlatformIdentifier,
    volumeSizeInGB: facts.VolumeSizeInGB,
    kmsKeyId: facts.KmsKeyId,
    lifecycleConfigName: facts.NotebookInstanceLifecycleConfigName,
    rootAccess: facts.RootAccess,
    minimumInstanceMetadataServiceVersion:
      facts.InstanceMetadataServiceConfiguration?.MinimumInstanceMetadataServiceVersion,
    ipAddressType: facts.IpAddressType,
    acceleratorTypes: facts.AcceleratorTypes ?? [],
    defaultCodeRepository: facts.DefaultCodeRepository,
    additionalCodeRepositories: facts.AdditionalCodeRepositories ?? [],
    subnetId: facts.SubnetId,
    securityGroupIds: facts.SecurityGroups ?? [],
  };
}

async function readDomain(
  sagemaker: SageMaker,
  asked: SourceArn,
): Promise<Untagged<DomainSource> | undefined> {
  const command = new DescribeDomainCommand({ DomainId: asked.key });
  try {
    const facts = await sagemaker.call("DescribeDomain", (client, abortSignal) =>
      client.send(command, { abortSignal }),
    );
    return toDomain(facts, asked);
  } catch (error) {
    if (error instanceof AwsCallError && error.code === "ResourceNotFound") return undefined;
    throw error;
  }
}

function toDomain(
  facts: DescribeDomainCommandOutput,
  { arn, partition, account, region, key }: SourceArn,
): Untagged<DomainSource> {
  const operation = "DescribeDomain";
  confirmArn(operation, arn, facts.DomainArn);
  if (facts.DomainId !== key) throw invalidAnswer(operation, "the answer is of another domain");
  return {
    type: DOMAIN,
    ...{ arn, partition, account, region, id: key },
    name: facts.DomainName ?? key,
    status: facts.Status,
    appNetworkAccessType: facts.AppNetworkAccessType,
    authMode: facts.AuthMode,
    vpcId: facts.VpcId,
    subnetIds: facts.SubnetIds ?? [],
    appSecurityGroupManagement: facts.AppSecurityGroupManagement,
    rStudioExecutionRoleArn: facts.DomainSettings?.RStudioServerProDomainSettings?.DomainExecutionRoleArn,
    executionRoleArn: facts.DefaultUserSettings?.ExecutionRole,
    defaultSecurityGroupIds: facts.DefaultUserSettings?.SecurityGroups ?? [],
  };
}

/** Undefined where the identity may not read them: then nobody knows them. Any other failure is one. */
async function tagsOf(sagemaker: SageMaker, arn: string): Promise<readonly Tag[] | undefined> {
  try {
    return [...(await listTags(sagemaker, arn))].map(([key, value]) => ({ key, value }));
  } catch (error) {
    if (error instanceof AwsCallError && (error.kind === "denied" || error.kind === "denied-by-scp"))
      return undefined;
    throw error;
  }
}
