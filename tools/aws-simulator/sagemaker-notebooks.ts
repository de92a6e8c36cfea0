import { AwsError } from "./errors.ts";
import type { Input } from "./input.ts";
import { cutPage } from "./pages.ts";
import { arnOf, pageSize, regionOf } from "./sagemaker-place.ts";
import type { Call, Operation } from "./service.ts";
import type { Shelf } from "./shelf.ts";
import type { Notebook } from "./world.ts";

const STATUSES = ["Pending", "InService", "Stopping", "Stopped", "Failed", "Deleting", "Updating"] as const;

/** https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ListNotebookInstances.html */
export const listNotebookInstances: Operation = {
  answer(call) {
    const { input } = call;
    const isAsked = filterOf(input);
    const sorted = inOrder(input, regionOf(call).notebooks);
    const { items, nextToken } = cutPage(isAsked ? sorted.filter(isAsked) : sorted, {
      token: input.text("NextToken"),
      size: pageSize(call),
      overlap: call.pageOverlap,
      list: `notebooks ${call.caller.accountId} ${call.region} ${fingerprint(input)}`,
      key: ({ name }) => name,
    });
    return { NotebookInstances: items.map((item) => summary(call, item)), NextToken: nextToken };
  },
};

/** https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeNotebookInstance.html */
export const describeNotebookInstance: Operation = {
  resource: (input) => input.text("NotebookInstanceName"),
  arn: (place) => arnOf(place, notebookPath(place.input.text("NotebookInstanceName") ?? "")),
  vanished: () => recordNotFound(),
  answer(call) {
    const notebook = regionOf(call).notebooks.get(call.input.requiredText("NotebookInstanceName"));
    if (!notebook) throw recordNotFound();
    const { partition = "aws" } = call.world.account(call.caller.accountId) ?? {};
    return {
      ...summary(call, notebook),
      DirectInternetAccess: notebook.directInternetAccess,
      FailureReason: notebook.failureReason,
      IpAddressType: notebook.ipAddressType ?? "ipv4",
      PlatformIdentifier: notebook.platformIdentifier ?? "notebook-al2-v3",
      RoleArn: notebook.roleArn ?? `arn:${partition}:iam::${call.caller.accountId}:role/NotebookExecution`,
      RootAccess: notebook.rootAccess ?? "Enabled",
      SecurityGroups: notebook.securityGroups ?? [],
      SubnetId: notebook.subnetId,
      VolumeSizeInGB: notebook.volumeSizeInGB ?? 5,
      KmsKeyId: notebook.kmsKeyId,
      NotebookInstanceLifecycleConfigName: notebook.lifecycleConfigName,
      AcceleratorTypes: notebook.acceleratorTypes,
      DefaultCodeRepository: notebook.defaultCodeRepository,
      AdditionalCodeRepositories: notebook.additionalCodeRepositories,
      InstanceMetadataServiceConfiguration: {
        MinimumInstanceMetadataServiceVersion: notebook.minimumInstanceMetadataServiceVersion ?? "2",
      },
    };
  },
};

/** ARNs have names in lower case. */
function notebookPath(name: string): string {
  return `notebook-instance/${name.toLowerCase()}`;
}

/** What the list tells of each: not whether it has direct internet access. */
function summary(call: Call, notebook: Notebook) {
  const { name, status = "InService", instanceType = "ml.t3.medium" } = notebook;
  return {
    NotebookInstanceName: name,
    NotebookInstanceArn: arnOf(call, notebookPath(name)),
    NotebookInstanceStatus: status,
    Url: `${name.toLowerCase()}.notebook.${call.region}.sagemaker.aws`,
    InstanceType: instanceType,
    CreationTime: notebook.creationSeconds,
    LastModifiedTime: notebook.lastModifiedSeconds,
  };
}

function recordNotFound(): AwsError {
  return new AwsError("ValidationException", "RecordNotFound");
}

/** Undefined where everything is asked. */
function filterOf(input: Input): ((notebook: Notebook) => boolean) | undefined {
  const status = input.oneOf("StatusEquals", STATUSES);
  const part = input.text("NameContains")?.toLowerCase();
  const tests: ((notebook: Notebook) => boolean)[] = [];
  if (status !== undefined) tests.push((notebook) => statusOf(notebook) === status);
  if (part !== undefined) tests.push(({ name }) => name.toLowerCase().includes(part));
  const times = [
    ["CreationTime", ({ creationSeconds }: Notebook) => creationSeconds * 1000],
    ["LastModifiedTime", ({ lastModifiedSeconds }: Notebook) => lastModifiedSeconds * 1000],
  ] as const;
  for (const [member, timeOf] of times) {
    const after = input.timeMs(`${member}After`);
    const before = input.timeMs(`${member}Before`);
    if (after !== undefined) tests.push((notebook) => timeOf(notebook) > after);
    if (before !== undefined) tests.push((notebook) => timeOf(notebook) < before);
  }
  return tests.length === 0 ? undefined : (notebook) => tests.every((test) => test(notebook));
}

/** By name and ascending unless asked otherwise. */
function inOrder(input: Input, shelf: Shelf<Notebook>): readonly Notebook[] {
  const by = input.oneOf("SortBy", ["Name", "CreationTime", "Status"]) ?? "Name";
  const order = input.oneOf("SortOrder", ["Ascending", "Descending"]) ?? "Ascending";
  if (by === "Name" && order === "Ascending") return shelf.all();
  return shelf.view(`${by} ${order}`, (byName) => {
    const ascending = [...byName];
    // Sorting is stable: within one time or status it stays by name.
    if (by === "CreationTime") ascending.sort((a, b) => a.creationSeconds - b.creationSeconds);
    if (by === "Status") ascending.sort((a, b) => statusOf(a).localeCompare(statusOf(b), "en"));
    return order === "Ascending" ? ascending : ascending.reverse();
  });
}

function statusOf({ status = "InService" }: Notebook): string {
  return status;
}

function fingerprint(input: Input): string {
  const members = [
    "SortBy",
    "SortOrder",
    "NameContains",
    "StatusEquals",
    "CreationTimeAfter",
    "CreationTimeBefore",
    "LastModifiedTimeAfter",
    "LastModifiedTimeBefore",
  ];
  return members.map((member) => input.text(member) ?? "").join(" ");
}
