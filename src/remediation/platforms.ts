/**
 * Platforms of notebook instances that CreateNotebookInstance has ceased to take, and since when; one that is not here
 * passes as it is. https://docs.aws.amazon.com/sagemaker/latest/dg/nbi-al2.html
 */
const RETIRED: Readonly<Record<string, string>> = {
  "notebook-al1-v1": "2023-02-01",
  "notebook-al2-v1": "2025-06-30",
  "notebook-al2-v2": "2025-06-30",
  "notebook-al2-v3": "2026-07-01",
};

/** Since when AWS takes the platform for no new instance, and starts none that has stopped; undefined where it does. */
export function retiredSince(platformIdentifier: string | undefined): string | undefined {
  return platformIdentifier !== undefined && Object.hasOwn(RETIRED, platformIdentifier)
    ? RETIRED[platformIdentifier]
    : undefined;
}

/** Whether a stopped instance of the retired platform can be brought to a later one in place, and started again. */
export function upgradesInPlace(platformIdentifier: string | undefined): boolean {
  return platformIdentifier?.startsWith("notebook-al2-") === true;
}

/** What Amazon Linux 2023, the platform of all new instances by now, does not run on. Same source. */
export function runsOnCurrentPlatforms(instanceType: string): boolean {
  return !/^ml\.(?:p2|p3|p3dn|inf1|g3)\./.test(instanceType);
}

/** Elastic Inference has ended: https://docs.aws.amazon.com/sagemaker/latest/dg/ei.html */
export function isElasticInference(acceleratorType: string): boolean {
  return acceleratorType.startsWith("ml.eia");
}
