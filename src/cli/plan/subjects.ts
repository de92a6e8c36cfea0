import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import type { AwsAccountScanSpec } from "../../api/generated/awsaccountscan.ts";
import { parseSourceArn } from "../../aws/remediation-source.ts";
import type { PlanOptions } from "../../config/plan-options.ts";
import { InvalidBaselineError, parseBaseline } from "../../report/baseline.ts";
import { getScan, withCluster } from "../cluster/cluster.ts";
import { loadRecord } from "../cluster/record.ts";
import { readScans } from "../manifests.ts";
import { note } from "../note.ts";
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
  const specs = [...(await givenSpecs(options))];
  const arns = [...args];
  if (options.from !== undefined) arns.push(...(await violationsIn(options.from)));
  if (options.scan !== undefined) {
    const found = await violationsOfScan(options.scan, options);
    specs.push(found.spec);
    arns.push(...found.arns);
  }
  if (options.from === undefined && options.scan === undefined && args.length === 0) {
    throw new UsageError(
      "error: name what to plan for: ARNs, --from FILE or --scan NAME. (awsscan plan --help)",
    );
  }
  for (const arn of arns) refuseForeign(arn);
  if (arns.length === 0) note("There is no violation; there is nothing to do.");
  return { arns: [...new Set(arns)], specs };
}

async function givenSpecs(options: PlanOptions): Promise<readonly AwsAccountScanSpec[]> {
  if (options.filename === undefined) return [specFromFlags(options)];
  refuseTargetFlags(options);
  return (await readScans(options.filename)).map(({ spec }) => spec);
}

async function violationsIn(file: string): Promise<string[]> {
  try {
    const { findings } = parseBaseline(
      file === "-" ? await text(process.stdin) : await readFile(file, "utf8"),
    );
    return findings.filter(({ verdict }) => verdict === "violation").map(({ arn }) => arn);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const problem = error instanceof InvalidBaselineError ? "cannot be used" : "cannot be read";
    throw new UsageError(`error: --from ${file} ${problem}: ${why}`);
  }
}

function violationsOfScan(
  name: string,
  options: PlanOptions,
): Promise<{ readonly spec: AwsAccountScanSpec; readonly arns: readonly string[] }> {
  const [first = "", second] = name.split("/");
  const where = second === undefined ? options : { ...options, namespace: first };
  return withCluster(where, async (cluster) => {
    const scan = await getScan(cluster, second ?? first);
    const { findings } = await loadRecord(cluster, scan);
    return {
      spec: scan.spec,
      arns: findings.filter(({ verdict }) => verdict === "violation").map(({ arn }) => arn),
    };
  });
}

/** By the same reading that asks AWS, so that what passes here can be asked for. */
function refuseForeign(arn: string): void {
  if (parseSourceArn(arn) !== undefined) return;
  throw new UsageError(
    `error: ${JSON.stringify(arn)} is not the ARN of a notebook instance or a domain; write for example ` +
      "arn:aws:sagemaker:us-east-1:123456789012:notebook-instance/name.",
  );
}
