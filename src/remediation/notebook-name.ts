/** Names of notebook instances: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateNotebookInstance.html */

const MAX_LENGTH = 63;
const PATTERN = /^[a-zA-Z0-9](-*[a-zA-Z0-9])*$/;

/** Whether CreateNotebookInstance takes the name. */
export function isNotebookName(text: string): boolean {
  return text.length <= MAX_LENGTH && PATTERN.test(text);
}

/** A valid name like `name` that says where the replacement is: `-vpc` behind it, and counted up where that is there. */
export function replacementName(name: string): string {
  const [, stem = name, , count] = /^(.*?)(-vpc(?:-(\d{1,4}))?)?$/s.exec(name) ?? [];
  const suffix = stem === name ? "-vpc" : `-vpc-${Number(count ?? 1) + 1}`;
  const valid = stem.replace(/[^a-zA-Z0-9-]+/g, "-").replace(/^-+/, "");
  const cut = valid.slice(0, MAX_LENGTH - suffix.length).replace(/-+$/, "");
  return `${cut || "notebook"}${suffix}`;
}
