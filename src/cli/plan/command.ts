import { parseArn } from "../../api/arn.ts";
import type { AwsAccountScanSpec } from "../../api/generated/awsaccountscan.ts";
import { AwsCallError } from "../../aws/errors.ts";
import { parseSourceArn, readSource } from "../../aws/remediation-source.ts";
import type { PlanOptions } from "../../config/plan-options.ts";
import type { RemediationPlan, RemediationSource } from "../../remediation/plan.ts";
import { planAll } from "../../remediation/planner.ts";
import { NOTEBOOK_INSTANCE } from "../../rules/resource.ts";
import { type CallerAws, openCallerAws } from "../caller-aws.ts";
import { onInterrupt } from "../interrupt.ts";
import { note } from "../note.ts";
import { EXIT } from "../program.ts";
import { UsageError } from "../usage-error.ts";
import { enterAccount, networkFor } from "./access.ts";
import { choicesFor } from "./choices.ts";
import { placeKey, refuseSeveralPlaces, writePlans } from "./render.ts";
import { type Subjects, subjectsOf } from "./subjects.ts";

/** `awsscan plan`: reads each resource as it is now, and prints how to put it right. Changes nothing. */
export async function planCommand(arns: readonly string[], options: PlanOptions): Promise<void> {
  const subjects = await subjectsOf(arns, options);
  refuseSeveralPlaces([...new Set(subjects.arns.map(placeOf))], options.outputDir);
  const caller = openCallerAws(options.profile);
  const signal = onInterrupt("Stopping.");
  try {
    const sources = await readAll(caller, subjects, signal);
    refuseNameOfSeveral(subjects.arns, sources, options);
    const plans = planAll(
      sources,
      (source) => choicesFor(source, options, networkFor(subjects.specs, source), subjects.arns.length === 1),
      subjects.arns,
    );
    if (options.securityGroup !== undefined) tellUnused(plans);
    await writePlans(plans, options.format, options.outputDir);
    const impossible = plans.filter((plan) => plan.kind === "UpdateDomain" && plan.impossible !== undefined);
    for (const { source } of impossible)
      note(`${source.arn}: cannot be changed as it is; the plan says why.`);
  } finally {
    caller.aws.close();
  }
}

/** What is to be planned for, each resource once: two spellings of an ARN name one notebook instance. */
async function readAll(
  caller: CallerAws,
  { arns, specs }: Subjects,
  signal: AbortSignal,
): Promise<RemediationSource[]> {
  const sources = new Map<string, RemediationSource>();
  for (const arn of arns) {
    const source = await readViolation(caller, specs, arn, signal);
    if (source !== undefined)
      sources.set(`${placeKey(source)} ${source.type} ${source.name.toLowerCase()}`, source);
  }
  return [...sources.values()];
}

/** @throws {UsageError} where the one name would be for several, or is the old one. */
function refuseNameOfSeveral(
  arns: readonly string[],
  sources: readonly RemediationSource[],
  { replacementName }: PlanOptions,
): void {
  if (replacementName === undefined) return;
  const notebooks = arns.filter((arn) => parseSourceArn(arn)?.type === NOTEBOOK_INSTANCE);
  if (notebooks.length > 1 || arns.length === 0)
    throw new UsageError("error: --replacement-name is for one notebook instance: name that alone.");
  if (sources.some(({ name }) => name.toLowerCase() === replacementName.toLowerCase()))
    throw new UsageError("error: --replacement-name is the old instance's name: give another.");
}

/** Undefined where there is nothing to plan, or nothing could be read; which of both is told, and in the exit code. */
async function readViolation(
  caller: CallerAws,
  specs: readonly AwsAccountScanSpec[],
  arn: string,
  signal: AbortSignal,
): Promise<RemediationSource | undefined> {
  const { account = "", region = "" } = parseArn(arn) ?? {};
  try {
    const session = await enterAccount(caller, specs, arn, signal);
    const source = await readSource(
      caller.aws.endpoint("sagemaker", { account, region, session, signal }),
      arn,
    );
    if (source === undefined) {
      note(`${arn}: does not exist any more; there is nothing to do.`);
      return undefined;
    }
    if (isCompliant(source)) {
      note(`${arn}: is compliant; there is nothing to do.`);
      return undefined;
    }
    return source;
  } catch (error) {
    if (!(error instanceof AwsCallError) && !signal.aborted) throw error;
    process.exitCode = EXIT.incomplete;
    const why =
      error instanceof AwsCallError ? `${error.operation}: ${error.code}: ${error.message}` : "stopped";
    note(`error: ${arn}: could not be read, so that there is no plan for it: ${why}`);
    return undefined;
  }
}

/** Which domains the plan asks for groups, though some were given: those may be of another VPC. */
function tellUnused(plans: readonly RemediationPlan[]): void {
  for (const { kind, source, parameters } of plans)
    if (kind === "UpdateDomain" && parameters.some(({ name }) => name === "SecurityGroupIds"))
      note(
        `${source.arn}: --security-group is for replacements here; the plan asks for the domain's groups.`,
      );
}

/** Only what AWS says in so many words is: any other answer still gets a plan. */
function isCompliant(source: RemediationSource): boolean {
  return source.type === NOTEBOOK_INSTANCE
    ? source.directInternetAccess === "Disabled"
    : source.appNetworkAccessType === "VpcOnly";
}

function placeOf(arn: string): string {
  const { account = "", region = "" } = parseArn(arn) ?? {};
  return placeKey({ account, region });
}
