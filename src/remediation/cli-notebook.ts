import { cliArguments } from "./cli-arguments.ts";
import { parameterWords, wordsOf } from "./cli-parameters.ts";
import type { NotebookPlan } from "./plan.ts";
import { retiredSince } from "./platforms.ts";
import { line, quote } from "./shell.ts";

/** The commands that replace one notebook instance; each does only what is not done yet. */
export function notebookCommands({ source, replacement }: NotebookPlan): string[] {
  const [old, next] = [quote(source.name), quote(replacement.name)];
  const subnet = wordsOf(replacement.subnetId, "SubnetId");
  return [
    `look ${old} ${next} ${subnet}`,
    `if [[ $step == finished ]]; then return; fi`,
    `if [[ $step == create ]]; then`,
    `  say ${quote(`Creating ${line(replacement.name)}.`)}`,
    ...continued(createWords({ replacement, source })).map((text) => `  ${text}`),
    `fi`,
    `await_replacement ${next} ${subnet}`,
    `if [[ $step != leave ]]; then`,
    ...transfer(source, replacement.name).map((text) =>
      text === BUCKET ? `  say "  TRANSFER_BUCKET=\${TRANSFER_BUCKET:-…}"` : `  say ${quote(text)}`,
    ),
    `  confirm ${old} ${next}`,
    `fi`,
    `remove ${old} ${next} ${subnet}`,
    `verify ${old} ${next} ${subnet}`,
  ];
}

function createWords({ replacement, source }: Pick<NotebookPlan, "replacement" | "source">): string[] {
  const { tags, minimumInstanceMetadataServiceVersion: imds, subnetId, securityGroupIds } = replacement;
  const isPlatformOpen =
    replacement.platformIdentifier === undefined && retiredSince(source.platformIdentifier) !== undefined;
  return [
    `aws sagemaker create-notebook-instance --region ${quote(source.region)}`,
    ...cliArguments({
      NotebookInstanceName: replacement.name,
      InstanceType: replacement.instanceType,
      RoleArn: replacement.roleArn,
      DirectInternetAccess: "Disabled",
      SubnetId: subnetId,
      SecurityGroupIds: securityGroupIds,
      PlatformIdentifier: replacement.platformIdentifier,
      VolumeSizeInGB: replacement.volumeSizeInGB,
      KmsKeyId: replacement.kmsKeyId,
      LifecycleConfigName: replacement.lifecycleConfigName,
      RootAccess: replacement.rootAccess,
      InstanceMetadataServiceConfiguration:
        imds === undefined ? undefined : `MinimumInstanceMetadataServiceVersion=${imds}`,
      IpAddressType: replacement.ipAddressType,
      AcceleratorTypes: replacement.acceleratorTypes,
      DefaultCodeRepository: replacement.defaultCodeRepository,
      AdditionalCodeRepositories: replacement.additionalCodeRepositories,
      Tags: tags.map(({ key, value }) => ({ Key: key, Value: value })),
    }),
    ...(subnetId === undefined ? [`--subnet-id ${parameterWords("SubnetId")}`] : []),
    ...(securityGroupIds === undefined ? [`--security-group-ids ${parameterWords("SecurityGroupIds")}`] : []),
    ...(isPlatformOpen ? [`--platform-identifier ${parameterWords("AcceptedPlatformIdentifier")}`] : []),
    ">/dev/null",
  ];
}

/** One command over several lines. */
function continued([command = "", ...options]: readonly string[]): string[] {
  return [command, ...options.map((option) => `  ${option}`)].map((text, at, all) =>
    at < all.length - 1 ? `${text} \\` : text,
  );
}

/** Stands for the line that tells the bucket, where the script's caller has named one. */
const BUCKET = "\0bucket";

/** What to do in the terminals of both instances: nobody but they can read their volumes. */
function transfer({ name, region, status }: NotebookPlan["source"], replacement: string): string[] {
  const folder = `"s3://$TRANSFER_BUCKET/"${quote(name)}/`;
  const there = `/home/ec2-user/SageMaker/`;
  return [
    "",
    `Move the data: only the instances can read their volumes, so this script cannot do it for you.`,
    `You need a bucket that the instances' role may read and write. In the terminal (JupyterLab: File, New, Terminal):`,
    BUCKET,
    ...(status === "Stopped"
      ? [`  (${line(name)} was Stopped when this plan was made: start it first.)`]
      : []),
    `on ${line(name)}:`,
    `  aws s3 sync ${there} ${folder} --region ${quote(region)} --exclude 'lost+found/*'`,
    `on ${line(replacement)}:`,
    `  aws s3 sync ${folder} ${there} --region ${quote(region)}`,
    `S3 keeps no file modes and no symbolic links: where they matter, pack the folder with tar first.`,
    "",
  ];
}
