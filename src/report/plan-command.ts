import type { RecordedFinding } from "./record.ts";

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html */
const PLANNABLE =
  /^arn:aws(-[a-z]+)*:sagemaker:[a-z0-9-]{1,32}:\d{12}:(notebook-instance|domain)\/[A-Za-z0-9][A-Za-z0-9-]{0,62}$/;

/**
 * The command that plans how to put a violation right, for people to copy; undefined where there is nothing to do. An
 * ARN may come from a file or a cluster that others write: one that is not plainly of a notebook instance or a domain,
 * and could be an option or hold what nobody sees, gets none. What it returns needs no quotes in any shell.
 */
export function planCommand({ verdict, arn }: Pick<RecordedFinding, "verdict" | "arn">): string | undefined {
  return verdict === "violation" && PLANNABLE.test(arn) ? `awsscan plan ${arn}` : undefined;
}
