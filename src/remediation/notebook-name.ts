/** Names of notebook instances: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateNotebookInstance.html */
import { createHash } from "node:crypto";

const MAX_LENGTH = 63;
const VPC_AT_END = /-vpc(?:-\d+|-[0-9a-f]{8})?$/i;
const PATTERN = /^[a-zA-Z0-9](-*[a-zA-Z0-9])*$/;

/** Whether CreateNotebookInstance takes the name. */
export function isNotebookName(text: string): boolean {
  return text.length <= MAX_LENGTH && PATTERN.test(text);
}

/**
 * A valid name that says whose replacement it is. Names that two sources could come to (cut, cleaned, or with `-vpc`
 * already) bear a hash of the whole old name: what is counted up instead falls onto a neighbour's.
 */
export function replacementName(name: string): string {
  const simple = `${name}-vpc`;
  return isNotebookName(simple) && !VPC_AT_END.test(name) ? simple : hashedName(name);
}

/** As `replacementName`, and of this source alone: for where the simple name is somebody else's. */
export function hashedName(name: string): string {
  const hash = createHash("sha256").update(name.toLowerCase()).digest("hex").slice(0, 8);
  const suffix = `-vpc-${hash}`;
  const [stem = name] = name.split(VPC_AT_END);
  const valid = stem.replace(/[^a-zA-Z0-9-]+/g, "-").replace(/^-+/, "");
  const cut = valid.slice(0, MAX_LENGTH - suffix.length).replace(/-+$/, "");
  return `${cut || "notebook"}${suffix}`;
}
