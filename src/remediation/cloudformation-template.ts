import { domainResource, REMEDIATE } from "./cloudformation-domain.ts";
import { notebookResource } from "./cloudformation-notebook.ts";
import { type TemplateParameter, templateText, templateValues } from "./cloudformation-parameters.ts";
import { noticeLines } from "./notice-text.ts";
import { isOwned } from "./owner.ts";
import type { DomainPlan, Place, RemediationPlan } from "./plan.ts";
import { refuseSameNames } from "./same-name.ts";
import { pascalCase, uniqueNames } from "./unique-names.ts";

/** A CloudFormation template, in the order in which it is to be read. */
export interface Template {
  readonly AWSTemplateFormatVersion: "2010-09-09";
  readonly Description: string;
  readonly Metadata: { readonly Remediation: Remediation };
  readonly Parameters?: Readonly<Record<string, TemplateParameter>> | undefined;
  readonly Conditions?: Readonly<Record<string, unknown>> | undefined;
  /** Empty where nothing can be done by CloudFormation, which then refuses the template. */
  readonly Resources: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

interface Remediation {
  readonly Rule: "SageMaker-004";
  readonly Account: string;
  readonly Region: string;
  readonly Steps: readonly string[];
  /** For `--resources-to-import` of the import's change set. */
  readonly ResourcesToImport?: readonly unknown[] | undefined;
  readonly Impossible?: readonly unknown[] | undefined;
}

const PHASE = "Phase";

/** CloudFormation's quota of resources in a stack. */
const MAX_RESOURCES = 500;

/** One template for all plans of a place. Properties that are absent are undefined, as JSON leaves them out. */
export function templateOf(plans: readonly RemediationPlan[], place: Place): Template {
  refuseSameNames(plans);
  const nameOf = uniqueNames([PHASE, REMEDIATE]);
  const values = templateValues(nameOf);
  const resources: Record<string, Record<string, unknown>> = {};
  const imports: unknown[] = [];
  const importing = plans.some((plan) => plan.kind === "UpdateDomain" && reasonAgainst(plan) === undefined);
  // The change set of an import may hold nothing that is to be created.
  const condition = importing ? REMEDIATE : undefined;
  const impossible: DomainPlan[] = [];

  for (const plan of plans) {
    if (plan.kind === "ReplaceNotebookInstance") {
      resources[nameOf(logicalId("Notebook", plan.replacement.name))] = notebookResource(
        plan,
        values,
        condition,
      );
    } else if (reasonAgainst(plan) !== undefined) {
      impossible.push(plan);
    } else {
      const id = nameOf(logicalId("Domain", plan.source.name));
      resources[id] = domainResource(plan, id, values);
      imports.push({
        ResourceType: plan.source.type,
        LogicalResourceId: id,
        ResourceIdentifier: { DomainId: templateText(plan.source.id) },
      });
    }
  }

  const parameters = { ...values.parameters(), ...(importing && { [PHASE]: PHASE_PARAMETER }) };
  return {
    AWSTemplateFormatVersion: "2010-09-09",
    Description: templateText(
      `Remediation of SageMaker-004 (no direct internet access) in account ${place.account}, region ${place.region}. ` +
        "Read Metadata first: the steps, and what each resource needs and loses.",
    ),
    Metadata: {
      Remediation: {
        Rule: "SageMaker-004",
        Account: templateText(place.account),
        Region: templateText(place.region),
        Steps: stepsOf(plans, importing, Object.keys(resources).length),
        ResourcesToImport: importing ? imports : undefined,
        Impossible: impossible.length > 0 ? impossible.map(whyNot) : undefined,
      },
    },
    Parameters: Object.keys(parameters).length > 0 ? parameters : undefined,
    Conditions: importing ? { [REMEDIATE]: { "Fn::Equals": [{ Ref: PHASE }, REMEDIATE] } } : undefined,
    Resources: resources,
  };
}

const PHASE_PARAMETER: TemplateParameter = {
  Type: "String",
  AllowedValues: ["Import", REMEDIATE],
  Description: `Import in the change set of type IMPORT, which changes nothing in the account; ${REMEDIATE} in the update after it.`,
};

function stepsOf(plans: readonly RemediationPlan[], importing: boolean, resources: number): string[] {
  const steps = importing
    ? [
        "Write down what aws sagemaker describe-domain answers for each domain.",
        `Save Metadata.Remediation.ResourcesToImport as import.json, and import the domains: aws cloudformation create-change-set --change-set-type IMPORT --resources-to-import file://import.json with the parameter ${PHASE}=Import; look at the change set; execute it. It changes nothing in the account, and the domains violate still.`,
        "Delete the domains' apps: the access type cannot change while one is InService, Pending or Deleting.",
        `Update the stack with ${PHASE}=${REMEDIATE}. Look at its change set first: every domain must say Replacement False.`,
        "Describe the domains again and compare: the template names only the settings that it needs.",
        `Make it last: write AppNetworkAccessType: VpcOnly in the place of each Fn::If, and update the stack. Until then an update with ${PHASE}=Import opens the domains again.`,
      ]
    : [];
  if (plans.some(({ kind }) => kind === "ReplaceNotebookInstance")) {
    if (!importing) steps.push("Create a stack from this template in the account and region above.");
    steps.push(
      "Move the data of each old notebook instance (all below /home/ec2-user/SageMaker) to its replacement.",
      "Stop and delete the old instances, which no template can do since no stack holds them; the CLI form of this plan has the commands.",
    );
  }
  if (resources > MAX_RESOURCES)
    steps.unshift(`Split this template: it has ${resources} resources, and a stack takes ${MAX_RESOURCES}.`);
  return [...steps, "Scan again."];
}

/** Why AWS, or CloudFormation, would refuse: a resource is in one stack at most. */
function reasonAgainst(plan: DomainPlan): string | undefined {
  if (plan.impossible !== undefined || !isOwned(plan.source)) return plan.impossible;
  return "A stack or a product owns the domain already: no other can import it. Make the change there.";
}

function whyNot(plan: DomainPlan): unknown {
  return {
    Resource: templateText(plan.source.arn),
    Reason: templateText(reasonAgainst(plan) ?? ""),
    Notices: noticeLines(plan).map(templateText),
  };
}

/** Letters and digits alone, as CloudFormation wants it. */
function logicalId(kind: "Notebook" | "Domain", name: string): string {
  return kind + pascalCase(name);
}
