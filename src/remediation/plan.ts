import type { DOMAIN, NOTEBOOK_INSTANCE } from "../rules/resource.ts";

/** Where a resource lives: what clients and templates are set to. */
export interface Place {
  /** `aws`, `aws-us-gov`, `aws-cn`, … */
  readonly partition: string;
  /** 12 digits. */
  readonly account: string;
  readonly region: string;
}

/** The settings of a notebook instance as DescribeNotebookInstance and ListTags answer them. */
export interface NotebookSource extends Place {
  readonly type: typeof NOTEBOOK_INSTANCE;
  readonly arn: string;
  readonly name: string;
  readonly status: string | undefined;
  readonly directInternetAccess: string | undefined;
  readonly instanceType: string;
  readonly roleArn: string;
  readonly platformIdentifier: string | undefined;
  readonly volumeSizeInGB: number | undefined;
  readonly kmsKeyId: string | undefined;
  readonly lifecycleConfigName: string | undefined;
  readonly rootAccess: string | undefined;
  readonly minimumInstanceMetadataServiceVersion: string | undefined;
  readonly ipAddressType: string | undefined;
  readonly acceleratorTypes: readonly string[];
  readonly defaultCodeRepository: string | undefined;
  readonly additionalCodeRepositories: readonly string[];
  /** Where it is attached to a VPC already. */
  readonly subnetId: string | undefined;
  readonly securityGroupIds: readonly string[];
  /** Undefined where ListTags was refused: then nobody knows them, and a plan says so. */
  readonly tags: readonly Tag[] | undefined;
}

/** The settings of a domain as DescribeDomain and ListTags answer them. */
export interface DomainSource extends Place {
  readonly type: typeof DOMAIN;
  readonly arn: string;
  readonly id: string;
  readonly name: string;
  readonly status: string | undefined;
  readonly appNetworkAccessType: string | undefined;
  readonly authMode: string | undefined;
  readonly vpcId: string | undefined;
  readonly subnetIds: readonly string[];
  readonly appSecurityGroupManagement: string | undefined;
  /** Of `DomainSettings.RStudioServerProDomainSettings`: with it AWS does not let the access type change. */
  readonly rStudioExecutionRoleArn: string | undefined;
  /** Of `DefaultUserSettings`. */
  readonly executionRoleArn: string | undefined;
  readonly defaultSecurityGroupIds: readonly string[];
  readonly tags: readonly Tag[] | undefined;
}

export type RemediationSource = NotebookSource | DomainSource;

export interface Tag {
  readonly key: string;
  readonly value: string;
}

/** What a reader gives; whatever is left out becomes a parameter of the plan. */
export interface PlanChoices {
  readonly subnetId?: string | undefined;
  readonly securityGroupIds?: readonly string[] | undefined;
  /** Of the replacement of a notebook instance; derived from the old name where it is left out. */
  readonly replacementName?: string | undefined;
  /** Takes the place of a platform that AWS has retired. */
  readonly platformIdentifier?: string | undefined;
}

/** A value that nothing can tell, which the reader of the plan must give. */
export interface Parameter {
  /** UpperCamelCase as in CloudFormation; renderers spell it as their own language does. */
  readonly name:
    | "SubnetId"
    | "SecurityGroupIds"
    | "AcceptedPlatformIdentifier"
    | "AcceptedInstanceType"
    | "VpcId"
    | "SubnetIds"
    | "DefaultCodeRepository"
    | "AdditionalCodeRepositories";
  /**
   * The VPC, domain or instance type that the value is for, where it is not for all replacements: what serves one VPC is
   * refused in another. A part of the name, in the words of each renderer.
   */
  readonly of?: string;
  /** Not to be shown, logged or kept in a file. */
  readonly isSecret?: true;
  readonly description: string;
}

/** What the reader must know before acting. */
export interface Notice {
  /**
   * - `precondition`: to be seen to first
   * - `lost`: what cannot be carried over
   * - `network`: what the VPC must offer
   * - `cost`: what it costs
   * - `owner`: somebody else's tool manages the resource
   */
  readonly kind: "precondition" | "lost" | "network" | "cost" | "owner";
  readonly text: string;
}

/** A notebook instance cannot be changed: one like it is created in the VPC, and it is deleted in the end. */
export interface NotebookPlan {
  readonly kind: "ReplaceNotebookInstance";
  readonly source: NotebookSource;
  readonly replacement: Replacement;
  readonly parameters: readonly Parameter[];
  readonly notices: readonly Notice[];
}

/** The input of CreateNotebookInstance; `DirectInternetAccess` is always `Disabled`. Absent: AWS's default, or a parameter. */
export interface Replacement {
  readonly name: string;
  /** Undefined: the parameter AcceptedInstanceType. */
  readonly instanceType: string | undefined;
  readonly roleArn: string;
  /** Absent: AWS's default, or the parameter AcceptedPlatformIdentifier where the plan has it. */
  readonly platformIdentifier?: string | undefined;
  readonly volumeSizeInGB?: number | undefined;
  readonly kmsKeyId?: string | undefined;
  readonly lifecycleConfigName?: string | undefined;
  readonly rootAccess?: string | undefined;
  readonly minimumInstanceMetadataServiceVersion?: string | undefined;
  readonly ipAddressType?: string | undefined;
  readonly acceleratorTypes: readonly string[];
  /** Absent: none, or the parameter DefaultCodeRepository where its URL holds credentials, which no plan prints. */
  readonly defaultCodeRepository?: string | undefined;
  /** Undefined: the parameter AdditionalCodeRepositories, for the same reason. */
  readonly additionalCodeRepositories: readonly string[] | undefined;
  readonly tags: readonly Tag[];
  /** Undefined: the parameter SubnetId. */
  readonly subnetId: string | undefined;
  /** Undefined: the parameter SecurityGroupIds. */
  readonly securityGroupIds: readonly string[] | undefined;
}

export interface DomainPlan {
  readonly kind: "UpdateDomain";
  readonly source: DomainSource;
  /** Why UpdateDomain will be refused whatever is done first; undefined where it can work. */
  readonly impossible: string | undefined;
  readonly update: DomainUpdate;
  readonly parameters: readonly Parameter[];
  readonly notices: readonly Notice[];
}

/** The input of UpdateDomain besides `AppNetworkAccessType`, which is always `VpcOnly`. */
export interface DomainUpdate {
  /** The domain's own; undefined where it has none: the parameter VpcId. */
  readonly vpcId: string | undefined;
  /** The domain's own, else what was chosen; undefined: the parameter SubnetIds. */
  readonly subnetIds: readonly string[] | undefined;
  /**
   * To be set as `DefaultUserSettings.SecurityGroups`, which VpcOnly requires. Empty where the domain has some, which
   * stay; undefined: the parameter SecurityGroupIds.
   */
  readonly securityGroupIds: readonly string[] | undefined;
}

export type RemediationPlan = NotebookPlan | DomainPlan;

/** Writes plans down, all of one place. Pure. Values come from AWS accounts: each renderer quotes them. */
export type PlanRenderer = (plans: readonly RemediationPlan[], place: Place) => string;
