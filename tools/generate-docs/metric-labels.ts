/** What a label says, and what bounds the number of its values. */
export interface Label {
  readonly values: string;
  readonly bound: string;
}

/** Every label that a metric of the operator may have. */
export const LABELS: Readonly<Record<string, Label>> = {
  namespace: { values: "the scan's namespace, not the operator's", bound: "namespaces with scans" },
  scan: { values: "the scan's name", bound: "scans" },
  account: { values: "the account's id; empty where no account is known", bound: "accounts of the scan" },
  account_name: {
    values: "its name by the spec or the organization, one line of at most 100 characters; empty without one",
    bound: "one an account and scan",
  },
  region: { values: "the region's name; empty for a whole account", bound: "regions of AWS" },
  type: {
    values:
      "of resources: `AWS::SageMaker::NotebookInstance`, `AWS::SageMaker::Domain`; of conditions: `Ready`, `Reconciling`, `Stalled`, `Compliant`, `Complete`",
    bound: "2; 5",
  },
  rule: { values: "the rule's id, `SageMaker-004`", bound: "rules of this build" },
  verdict: { values: "`compliant`, `violation`, `exempt`, `unknown`", bound: "4" },
  resource: {
    values: "the end of the resource's ARN: an instance's name, a domain's id",
    bound: "5,000 a scan, the oldest",
  },
  exemption: { values: "the exemption's name", bound: "100 a spec, and those of the last scan" },
  state: {
    values:
      "`covered`, `unsupported` (both fine), `denied`, `denied-by-scp`, `throttled`, `timed-out`, `unreachable`, `not-enabled`, `failed`: see [coverage](verdicts.md#coverage)",
    bound: "9, one at a time",
  },
  status: { values: "`True`, `False`, `Unknown`", bound: "3, one at a time" },
  reason: { values: "the condition's reason, a word of the operator's", bound: "one at a time" },
  outcome: {
    values:
      "of scans: `Complete`, `Incomplete`, `Failed`; of requests: `success`, or a failure by the words of `state`",
    bound: "3; 9",
  },
  result: {
    values:
      "of reconciles: `success`, `requeue_after`, `error`; of exports: `success`, `not_served`, `error`; of the cache: `hit`, `miss`",
    bound: "3; 3; 2",
  },
  resolution: { values: "`compliant`: read as such; `gone`: the resource is no more", bound: "2" },
  service: { values: "`sts`, `ec2`, `organizations`, `sagemaker`", bound: "4" },
  operation: { values: "the AWS API's operation, `ListNotebookInstances`", bound: "12 in all" },
  name: { values: "`awsaccountscan` (reconciles), `scans`, `exports`", bound: "3" },
  version: { values: "the operator's version", bound: "1" },
  revision: { values: "the commit that was built", bound: "1" },
  nodeversion: { values: "Node's version", bound: "1" },
};
