import { type Item, quote } from "./hcl.ts";
import { plainText } from "./notice-text.ts";
import type { DomainPlan, NotebookPlan, Parameter, RemediationPlan } from "./plan.ts";
import { identifierWords, uniqueNames } from "./unique-names.ts";

/** What nobody knows but the reader: each function returns the expression that stands for the value. */
export interface Variables {
  subnetId(plan: NotebookPlan): string;
  securityGroupIds(plan: NotebookPlan): string;
  /** Undefined where the plan leaves the platform to AWS. */
  platformIdentifier(plan: NotebookPlan): string | undefined;
  /** Sensitive; undefined where the plan has no such parameter. */
  repository(
    plan: NotebookPlan,
    name: "DefaultCodeRepository" | "AdditionalCodeRepositories",
  ): string | undefined;
  /** In the place of one that new platforms do not run on. */
  instanceType(plan: NotebookPlan): string;
  /** Of a domain that has none. */
  subnetIds(plan: DomainPlan): string;
  /** A text in the settings of an existing domain that could not be read. */
  ofDomain(resource: string, setting: string): string;
  /** The declarations of all that were asked for. */
  declarations(): Item[];
}

export function createVariables(): Variables {
  const nameOf = uniqueNames();
  const declared = new Map<string, { readonly name: string; readonly item: Item }>();

  /** The same name with the same description is the same variable. */
  function variable(wanted: string, type: string, description: string, isSecret = false): string {
    const identity = JSON.stringify([wanted, type, description]);
    const known = declared.get(identity);
    if (known !== undefined) return `var.${known.name}`;
    const name = nameOf(wanted);
    const item = {
      block: `variable ${quote(name)}`,
      items: [
        { name: "description", value: quote(plainText(description)) },
        { name: "type", value: type },
        { name: "nullable", value: "false" },
        ...(isSecret ? [{ name: "sensitive", value: "true" }] : []),
      ],
    };
    declared.set(identity, { name, item });
    return `var.${name}`;
  }

  const declaredIn = (plan: RemediationPlan, name: Parameter["name"]) =>
    plan.parameters.find((parameter) => parameter.name === name);
  const described = (plan: RemediationPlan, name: Parameter["name"]) => declaredIn(plan, name)?.description;
  /** A variable's name, with what it is of. */
  const nameFor = (wanted: string, plan: RemediationPlan, name: Parameter["name"]) =>
    [wanted, ...identifierWords(declaredIn(plan, name)?.of ?? "")].join("_").toLowerCase();
  return {
    subnetId: (plan) =>
      variable("subnet_id", "string", described(plan, "SubnetId") ?? "The subnet of the replacement."),
    securityGroupIds: (plan) =>
      variable(
        "security_group_ids",
        "list(string)",
        described(plan, "SecurityGroupIds") ?? "The security groups of the replacement, of the subnet's VPC.",
      ),
    platformIdentifier(plan) {
      const description = described(plan, "AcceptedPlatformIdentifier");
      return description && variable("accepted_platform_identifier", "string", description);
    },
    repository(plan, name) {
      const description = described(plan, name);
      const [wanted, type] =
        name === "DefaultCodeRepository"
          ? ["default_code_repository", "string"]
          : ["additional_code_repositories", "list(string)"];
      return description && variable(wanted, type, description, true);
    },
    instanceType: (plan) =>
      variable(
        nameFor("accepted_instance_type", plan, "AcceptedInstanceType"),
        "string",
        described(plan, "AcceptedInstanceType") ?? "The instance type of the replacement.",
      ),
    subnetIds: (plan) =>
      variable(
        nameFor("subnet_ids", plan, "SubnetIds"),
        "list(string)",
        described(plan, "SubnetIds") ?? "The subnets of the domain.",
      ),
    ofDomain: (resource, setting) =>
      variable(
        `${resource}_${setting}`,
        "string",
        `${setting} of the domain ${resource} as it is now: it could not be read.`,
      ),
    declarations: () => [...declared.values()].map(({ item }) => item),
  };
}
