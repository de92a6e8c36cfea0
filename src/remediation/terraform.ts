import { hcl, type Item, list, quote } from "./hcl.ts";
import { plainText } from "./notice-text.ts";
import type { Place, PlanRenderer, RemediationPlan } from "./plan.ts";
import { refuseSameNames } from "./same-name.ts";
import { domainItems } from "./terraform-domain.ts";
import { notebookItems } from "./terraform-notebook.ts";
import { createVariables } from "./terraform-variables.ts";
import { identifierWords, uniqueNames } from "./unique-names.ts";

/** A Terraform configuration of all plans, as `terraform fmt` leaves it. */
export const terraform: PlanRenderer = (plans, place) => {
  refuseSameNames(plans);
  const nameOf = uniqueNames();
  const variables = createVariables();
  const resources = plans.flatMap((plan) => {
    const name = nameOf(identifier(plan.source.name));
    return plan.kind === "ReplaceNotebookInstance"
      ? notebookItems(plan, name, variables)
      : domainItems(plan, name, variables);
  });
  return `${hcl([...headOf(plans, place), ...variables.declarations(), ...resources])}\n`;
};

function headOf(plans: readonly RemediationPlan[], { account, region }: Place): Item[] {
  return [
    ...commentsOf(plans, account, region).map((comment) => ({ comment: plainText(comment) })),
    {
      block: "terraform",
      items: [
        // Import blocks came with 1.5.
        { name: "required_version", value: quote(">= 1.5.0") },
        {
          block: "required_providers",
          items: [
            {
              name: "aws",
              value: {
                object: [
                  ["source", quote("hashicorp/aws")],
                  ["version", quote("~> 6.0")],
                ],
              },
            },
          ],
        },
      ],
    },
    {
      block: 'provider "aws"',
      items: [
        { name: "region", value: quote(region) },
        { name: "allowed_account_ids", value: list([account]) },
      ],
    },
  ];
}

function commentsOf(plans: readonly RemediationPlan[], account: string, region: string): string[] {
  const comments = [
    `Remediation of SageMaker-004 (no direct internet access) in account ${account}, region ${region}.`,
    "Read what terraform plan says before you apply: nothing may be replaced or destroyed.",
  ];
  if (plans.some(({ kind }) => kind === "ReplaceNotebookInstance"))
    comments.push(
      "The old notebook instances are not imported: Terraform would have to delete them with their data. Move the data (all below /home/ec2-user/SageMaker), then stop and delete them; the CLI form of this plan has the commands.",
    );
  if (plans.some(({ kind }) => kind === "UpdateDomain"))
    comments.push(
      "Delete a domain's apps before you apply: the access type cannot change while one is InService, Pending or Deleting.",
    );
  return [...comments, "Scan again afterwards."];
}

/** Lower case, digits and underscores, beginning with a letter. */
function identifier(name: string): string {
  const words = identifierWords(name).join("_").toLowerCase();
  return /^[a-z]/.test(words) ? words : `resource_${words}`.replace(/_$/, "");
}
