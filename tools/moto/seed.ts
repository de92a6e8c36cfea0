/** Puts a fleet into moto, through the real SDK. */
import {
  CreateDomainCommand,
  CreateNotebookInstanceCommand,
  SageMakerClient,
  StopNotebookInstanceCommand,
} from "@aws-sdk/client-sagemaker";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import type { DomainSpec, Fleet, NotebookSpec, Tags } from "../aws-simulator/fleet.ts";

/** moto takes any keys. */
const DUMMY = { accessKeyId: "moto", secretAccessKey: "moto" };

/**
 * Creates the fleet's notebook instances and domains in the moto at `url`, in their accounts and regions. Times
 * are moto's own, and so are the ids of domains. A notebook's status is `Stopped` where the fleet says so, else
 * `InService`. Roles and trust need nothing: moto lets everybody assume everything.
 */
export async function seedMoto(url: string, fleet: Fleet): Promise<void> {
  for (const { id, regions = {} } of fleet.accounts) {
    const credentials = await credentialsIn(url, id);
    for (const [region, { notebooks = [], domains = [] }] of Object.entries(regions)) {
      const client = new SageMakerClient({ endpoint: url, region, credentials });
      for (const notebook of notebooks) await createNotebook(client, id, notebook);
      for (const domain of domains) await createDomain(client, id, domain);
      client.destroy();
    }
  }
}

/** moto knows an account by the role that was assumed in it. */
async function credentialsIn(url: string, account: string) {
  const sts = new STSClient({ endpoint: url, region: "us-east-1", credentials: DUMMY });
  const RoleArn = `arn:aws:iam::${account}:role/Seeder`;
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: "seed" }));
  sts.destroy();
  const { AccessKeyId, SecretAccessKey, SessionToken } = Credentials ?? {};
  if (!AccessKeyId || !SecretAccessKey || !SessionToken)
    throw new Error(`moto gave no session of ${RoleArn}`);
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}

async function createNotebook(
  client: SageMakerClient,
  account: string,
  notebook: NotebookSpec,
): Promise<void> {
  const { name, directInternetAccess, status, instanceType = "ml.t3.medium", tags } = notebook;
  await client.send(
    new CreateNotebookInstanceCommand({
      NotebookInstanceName: name,
      // moto knows fewer types than the SDK; the fleet's are its own business.
      InstanceType: instanceType as "ml.t3.medium",
      RoleArn: notebook.roleArn ?? `arn:aws:iam::${account}:role/NotebookExecution`,
      SubnetId: notebook.subnetId ?? "subnet-0a1b2c3d",
      SecurityGroupIds: [...(notebook.securityGroups ?? ["sg-0a1b2c3d"])],
      KmsKeyId: notebook.kmsKeyId,
      VolumeSizeInGB: notebook.volumeSizeInGB,
      Tags: tagList(tags),
      ...(directInternetAccess !== undefined && { DirectInternetAccess: directInternetAccess }),
    }),
  );
  if (status === "Stopped")
    await client.send(new StopNotebookInstanceCommand({ NotebookInstanceName: name }));
}

async function createDomain(client: SageMakerClient, account: string, domain: DomainSpec): Promise<void> {
  const { name, appNetworkAccessType, tags } = domain;
  await client.send(
    new CreateDomainCommand({
      DomainName: name,
      AuthMode: "IAM",
      DefaultUserSettings: { ExecutionRole: `arn:aws:iam::${account}:role/StudioExecution` },
      SubnetIds: ["subnet-0a1b2c3d"],
      VpcId: "vpc-0a1b2c3d",
      Tags: tagList(tags),
      ...(appNetworkAccessType !== undefined && { AppNetworkAccessType: appNetworkAccessType }),
    }),
  );
}

function tagList(tags: Tags = {}): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
