import { NOTEBOOK_INSTANCE } from "../rules/resource.ts";
import { cliArguments, optionOf } from "./cli-arguments.ts";
import { parameterWords, wordsOf } from "./cli-parameters.ts";
import type { NotebookPlan, NotebookSource, RemediationPlan } from "./plan.ts";
import { retiredSince, upgradesInPlace } from "./platforms.ts";
import { line, quote, quoted } from "./shell.ts";

/** The commands that replace one notebook instance; each does only what is not done yet. */
export function notebookCommands(plan: NotebookPlan): string[] {
  const { source, replacement } = plan;
  return [
    `old=${quoted(source.name)}`,
    `replacement=${quoted(replacement.name)}`,
    `source_arn=${quoted(source.arn)}`,
    `subnet=${replacement.subnetId === undefined ? parameterWords(plan, "SubnetId") : quoted(replacement.subnetId)}`,
    `groups=(${wordsOf(replacement.securityGroupIds, plan, "SecurityGroupIds")})`,
    `role=${quoted(replacement.roleArn)}`,
    `key=${quoted(replacement.kmsKeyId ?? "None")}`,
    `volume=${replacement.volumeSizeInGB ?? 0}`,
    `look`,
    `if [[ $step == finished ]]; then return; fi`,
    `check_owner "$source_arn"`,
    `if [[ $step == create ]]; then`,
    `  say ${quote(`Creating ${line(replacement.name)}.`)}`,
    ...continued(createWords(plan)).map((text) => `  ${text}`),
    `fi`,
    `await_replacement`,
    `if [[ $step != leave ]]; then`,
    ...transfer(source, replacement.name).map((text) =>
      text === BUCKET ? `  say "  TRANSFER_BUCKET=\${TRANSFER_BUCKET:-…}"` : `  say ${quote(text)}`,
    ),
    `  ${losesDataWhenStopped(plan) ? "confirm_loss" : "confirm"}`,
    `fi`,
    `remove`,
    `verify`,
  ];
}

/** Whether AWS neither starts the stopped instance nor lets its platform be changed. */
export function losesDataWhenStopped({ source }: RemediationPlan): boolean {
  if (source.type !== NOTEBOOK_INSTANCE) return false;
  const { platformIdentifier } = source;
  return retiredSince(platformIdentifier) !== undefined && !upgradesInPlace(platformIdentifier);
}

function createWords(plan: NotebookPlan): string[] {
  const { replacement, source } = plan;
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
      // AWS's default, which CLIs of before that setting do not know.
      IpAddressType: replacement.ipAddressType === "ipv4" ? undefined : replacement.ipAddressType,
      AcceleratorTypes: replacement.acceleratorTypes,
      DefaultCodeRepository: replacement.defaultCodeRepository,
      AdditionalCodeRepositories: replacement.additionalCodeRepositories,
      Tags: tags.map(({ key, value }) => ({ Key: key, Value: value })),
    }),
    ...(subnetId === undefined ? [`--subnet-id ${parameterWords(plan, "SubnetId")}`] : []),
    ...(securityGroupIds === undefined
      ? [`--security-group-ids ${parameterWords(plan, "SecurityGroupIds")}`]
      : []),
    ...(isPlatformOpen
      ? [`--platform-identifier ${parameterWords(plan, "AcceptedPlatformIdentifier")}`]
      : []),
    ...(replacement.instanceType === undefined
      ? [`--instance-type ${parameterWords(plan, "AcceptedInstanceType")}`]
      : []),
    ...SECRETS.filter((name) => plan.parameters.some((parameter) => parameter.name === name)).map(
      (name) => `--${optionOf(name)} ${parameterWords(plan, name)}`,
    ),
    ">/dev/null",
  ];
}

const SECRETS = ["DefaultCodeRepository", "AdditionalCodeRepositories"] as const;

/** One command over several lines. */
function continued([command = "", ...options]: readonly string[]): string[] {
  return [command, ...options.map((option) => `  ${option}`)].map((text, at, all) =>
    at < all.length - 1 ? `${text} \\` : text,
  );
}

/** Stands for the line that tells the bucket, where the script's caller has named one. */
const BUCKET = "\0bucket";

/** What to do in the terminals of both instances: nobody but they can read their volumes. */
function transfer(source: NotebookSource, replacement: string): string[] {
  const { name, region } = source;
  const folder = `"s3://$TRANSFER_BUCKET/"${quote(name)}/`;
  const there = `/home/ec2-user/SageMaker/`;
  return [
    "",
    `Move the data: only the instances can read their volumes, so this script cannot do it for you.`,
    `You need a bucket that the instances' role may read and write. In the terminal (JupyterLab: File, New, Terminal):`,
    BUCKET,
    ...startFirst(source),
    `on ${line(name)}:`,
    `  aws s3 sync ${there} ${folder} --region ${quote(region)} --exclude 'lost+found/*'`,
    `on ${line(replacement)}:`,
    `  aws s3 sync ${folder} ${there} --region ${quote(region)}`,
    `S3 keeps no file modes and no symbolic links: where they matter, pack the folder with tar first.`,
    "",
  ];
}

/** What brings a stopped instance back to a terminal: AWS starts none of a retired platform as it is. */
function startFirst({ name, region, status, platformIdentifier }: NotebookSource): string[] {
  if (status !== "Stopped" && status !== "Stopping") return [];
  const of = `--region ${quote(region)} --notebook-instance-name ${quote(name)}`;
  const start = `  aws sagemaker start-notebook-instance ${of}`;
  if (retiredSince(platformIdentifier) === undefined)
    return [`${line(name)} was ${status} when this plan was made. Start it first:`, start];
  if (!upgradesInPlace(platformIdentifier))
    return [
      `${line(name)} was ${status} when this plan was made, and AWS starts no instance of its platform.`,
    ];
  return [
    `${line(name)} was ${status} when this plan was made, and AWS starts it only with another platform:`,
    `  aws sagemaker update-notebook-instance ${of} --platform-identifier notebook-al2023-v1`,
    `When it is Stopped again:`,
    start,
  ];
}
