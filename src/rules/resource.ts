/** What a rule judges: the facts of one AWS resource, as its Describe call answered them. */

/** CloudFormation type names, which AWS Config and Security Hub use too. */
export const NOTEBOOK_INSTANCE = "AWS::SageMaker::NotebookInstance";
export const DOMAIN = "AWS::SageMaker::Domain";

export type ResourceType = typeof NOTEBOOK_INSTANCE | typeof DOMAIN;

interface Identity {
  readonly arn: string;
  readonly name: string;
  /** 12 digits. */
  readonly account: string;
  readonly region: string;
}

/** Facts of DescribeNotebookInstance. */
export interface NotebookInstance extends Identity {
  readonly type: typeof NOTEBOOK_INSTANCE;
  /** `Enabled` or `Disabled`; anything else, or nothing, is no answer. */
  readonly directInternetAccess: string | undefined;
}

/** Facts of DescribeDomain. */
export interface Domain extends Identity {
  readonly type: typeof DOMAIN;
  /** `VpcOnly` or `PublicInternetOnly`; the service takes an absent value for the latter. */
  readonly appNetworkAccessType: string | undefined;
}

export type Resource = NotebookInstance | Domain;

/** Every type that a scan lists: a region is covered when all of them are. */
export const COLLECTED_TYPES: readonly ResourceType[] = [NOTEBOOK_INSTANCE, DOMAIN];
