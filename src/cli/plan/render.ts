import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { PlanFormat } from "../../config/plan-options.ts";
import { renderCli } from "../../remediation/cli.ts";
import { cloudFormationJson, cloudFormationYaml } from "../../remediation/cloudformation.ts";
import { renderConsole } from "../../remediation/console.ts";
import type { Place, PlanRenderer, RemediationPlan } from "../../remediation/plan.ts";
import { terraform } from "../../remediation/terraform.ts";
import { note } from "../note.ts";
import { write } from "../output.ts";
import { UsageError } from "../usage-error.ts";

const RENDERERS: Readonly<Record<PlanFormat, { readonly render: PlanRenderer; readonly extension: string }>> =
  {
    cli: { render: renderCli, extension: "sh" },
    "cloudformation-json": { render: cloudFormationJson, extension: "json" },
    "cloudformation-yaml": { render: cloudFormationYaml, extension: "yaml" },
    terraform: { render: terraform, extension: "tf" },
    console: { render: renderConsole, extension: "txt" },
  };

/**
 * Refuses, before AWS is asked anything, plans of several places on one output: each has its own credentials, stack and
 * provider.
 * @throws {UsageError}
 */
export function refuseSeveralPlaces(places: readonly string[], outputDir: string | undefined): void {
  if (outputDir !== undefined || places.length < 2) return;
  throw new UsageError(
    `error: these resources are in ${places.length} places: ${places.slice(0, 10).join(", ")}${places.length > 10 ? ", …" : ""}. ` +
      "A plan is of one account and region: give --output-dir for a file for each, or name the resources of one.",
  );
}

/**
 * Writes the plans of each place: to standard output where there is one, else each to a file, which is told. Files are
 * their owner's alone: they tell what an account holds.
 */
export async function writePlans(
  plans: readonly RemediationPlan[],
  format: PlanFormat,
  outputDir: string | undefined,
): Promise<void> {
  const { render, extension } = RENDERERS[format];
  for (const [key, group] of Map.groupBy(plans, ({ source }) => placeKey(source))) {
    const [first] = group;
    if (first === undefined) continue;
    const { partition, account, region } = first.source;
    const text = render(group, { partition, account, region });
    if (outputDir === undefined) {
      await write([text]);
      continue;
    }
    const file = join(outputDir, `${key.replace("/", "-")}.${extension}`);
    await save(file, text, outputDir, format === "cli" ? 0o700 : 0o600);
    note(`${file}: ${group.length} ${group.length === 1 ? "resource" : "resources"}`);
  }
}

/** `123456789012/us-east-1` */
export function placeKey({ account, region }: Pick<Place, "account" | "region">): string {
  return `${account}/${region}`;
}

async function save(file: string, text: string, folder: string, mode: number): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(file, text, { mode });
    // What was there before keeps its own mode otherwise.
    await chmod(file, mode);
  } catch (error) {
    throw new UsageError(
      `error: the plan cannot be written: ${error instanceof Error ? error.message : error}`,
    );
  }
}
