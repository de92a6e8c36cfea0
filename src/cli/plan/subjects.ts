import type { AwsAccountScanSpec } from "../../api/generated/awsaccountscan.ts";
import { parseSourceArn } from "../../aws/remediation-source.ts";
import type { PlanOptions } from "../../config/plan-options.ts";
import { InvalidBaselineError, parseBaseline } from "../../report/baseline.ts";
import type { RecordedFinding } from "../../report/record.ts";
import { getScan, keyOf, withCluster } from "../cluster/cluster.ts";
import { loadRecord } from "../cluster/record.ts";
import { readInput } from "../input.ts";
import { readScans } from "../manifests.ts";
import { note } from "../note.ts";
import { EXIT } from "../program.ts";
import { refuseTargetFlags, specFromFlags } from "../scan/spec-from-flags.ts";
import { UsageError } from "../usage-error.ts";

/** What to plan for, and what says how to get in and where replacements go. */
export interface Subjects {
  /** Each once. */
  readonly arns: readonly string[];
  readonly specs: readonly AwsAccountScanSpec[];
}

/**
 * The resources that the arguments, `--from` and `--scan` name together.
 * @throws {UsageError} where they name none, or something that no plan is for.
 */
export async function subjectsOf(args: readonly string[], options: PlanOptions): Promise<Subjects> {
  const { from, scan } = options;
  if (from === undefined && scan === undefined && args.length === 0) {
    throw new UsageError(
      "error: name what to plan for: ARNs, --from FILE or --scan NAME. (awsscan plan --help)",
    );
  }
  const given = await givenSpecs(options);
  const results = [
    ...(from === undefined ? [] : [await resultIn(from)]),
    ...(scan === undefined ? [] : [await resultOfScan(scan, options)]),
  ];
  const arns = args.concat(...results.map((result) => result.arns));
  for (const arn of arns) refuseForeign(arn);
  for (const { name } of results.filter((result) => !result.isWhole)) {
    process.exitCode = EXIT.incomplete;
    note(`warning: ${name} does not have everything: there may be violations that this is no plan for.`);
  }
  if (arns.length === 0 && results.every(({ isWhole }) => isWhole)) {
    note("There is no violation; there is nothing to do.");
  }
  const specs = [...given, ...results.flatMap((result) => result.spec ?? [])];
  return { arns: [...new Set(arns)], specs };
}

/** The violations of an earlier result. */
interface EarlierResult {
  /** For people. */
  readonly name: string;
  readonly arns: readonly string[];
  /** Whether everything in scope was read; else there may be more violations. */
  readonly isWhole: boolean;
  readonly spec?: AwsAccountScanSpec;
}

async function givenSpecs(options: PlanOptions): Promise<readonly AwsAccountScanSpec[]> {
  if (options.filename === undefined) return [specFromFlags(options)];
  refuseTargetFlags(options);
  return (await readScans(options.filename)).map(({ spec }) => spec);
}

async function resultIn(file: string): Promise<EarlierResult> {
  try {
    const { findings, isWhole } = parseBaseline(await readInput(file));
    return { name: `the result in ${file}`, arns: violationsAmong(findings), isWhole };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const problem = error instanceof InvalidBaselineError ? "cannot be used" : "cannot be read";
    throw new UsageError(`error: --from ${file} ${problem}: ${why}`);
  }
}

function resultOfScan(name: string, options: PlanOptions): Promise<EarlierResult> {
  const [first = "", second] = name.split("/");
  const where = second === undefined ? options : { ...options, namespace: first };
  return withCluster(where, async (cluster) => {
    const scan = await getScan(cluster, second ?? first);
    const record = await loadRecord(cluster, scan);
    const isWhole = record.scan.outcome === "Complete";
    return {
      name: `the last result of ${keyOf(scan)}`,
      arns: violationsAmong(record.findings),
      isWhole,
      spec: scan.spec,
    };
  });
}

function violationsAmong(findings: readonly RecordedFinding[]): string[] {
  return findings.filter(({ verdict }) => verdict === "violation").map(({ arn }) => arn);
}

/** By the same reading that asks AWS, so that what passes here can be asked for. */
function refuseForeign(arn: string): void {
  if (parseSourceArn(arn) !== undefined) return;
  throw new UsageError(
    `error: ${JSON.stringify(arn)} is not the ARN of a notebook instance or a domain; write for example ` +
      "arn:aws:sagemaker:us-east-1:123456789012:notebook-instance/name.",
  );
}
