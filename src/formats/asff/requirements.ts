import { describeFramework, type FrameworkControls } from "../../rules/framework.ts";

/** Security Hub's own bounds of `Compliance.RelatedRequirements`: entries, and characters of each. */
const MAX_ENTRIES = 32;
const MAX_LENGTH = 64;

/**
 * `NIST SP 800-53 Rev. 5: AC-3, AC-4, AC-6`: as many ids in an entry as fit, since one id an entry would be more
 * entries than there may be.
 */
export function relatedRequirements(frameworks: readonly FrameworkControls[]): string[] {
  return frameworks.flatMap(packed).slice(0, MAX_ENTRIES);
}

function packed(framework: FrameworkControls): string[] {
  if (framework.controls.length === 0) return [describeFramework(framework)];
  const entries: string[] = [];
  let taken: string[] = [];
  for (const control of framework.controls) {
    const more = [...taken, control];
    if (taken.length > 0 && describeFramework({ ...framework, controls: more }).length > MAX_LENGTH) {
      entries.push(describeFramework({ ...framework, controls: taken }));
      taken = [control];
    } else {
      taken = more;
    }
  }
  return [...entries, describeFramework({ ...framework, controls: taken })];
}

/**
 * The resource portion of Security Hub's own standards' ARNs, by our id of the framework.
 * https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-standards-reference.html
 */
const STANDARDS: Readonly<Record<string, string>> = {
  "aws-fsbp": "standards/aws-foundational-security-best-practices/v/1.0.0",
  "nist-800-53-r5": "standards/nist-800-53/v/5.0.0",
  "pci-dss-3.2.1": "standards/pci-dss/v/3.2.1",
  "pci-dss-4.0.1": "standards/pci-dss/v/4.0.1",
};

export function associatedStandards(frameworks: readonly FrameworkControls[]): object[] {
  return frameworks.flatMap(({ id }) => {
    const StandardsId = STANDARDS[id];
    return StandardsId === undefined ? [] : [{ StandardsId }];
  });
}
