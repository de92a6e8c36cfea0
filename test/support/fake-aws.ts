/** An `aws` of a few lines of bash that keeps state, for scripts that are run by the hundred. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { NotebookSource } from "../../src/remediation/plan.ts";

/**
 * Defines and exports the function `aws`: one notebook instance like `source` and one public domain. It writes its words
 * to `$LOG/calls`, each ended by NUL and each call preceded by their number, and keeps what was created, stopped and
 * deleted in `$LOG`. `SOURCE_CREATED` is its creation, `SOURCE_LATER` its status after the replacement was waited for; with
 * `LOST_BY_STOP` the replacement vanishes while the old one stops. `SOURCE_STATUS`, `REPLACEMENT_STATUS` (until it was waited for) and `DOMAIN_STATUS` are InService where
 * they are not set.
 */
export function fakeAws(
  { name, arn, account, roleArn, kmsKeyId }: NotebookSource,
  network: { readonly subnetId: string; readonly securityGroupIds: readonly string[] },
): string {
  const replacement = [
    "Disabled",
    network.subnetId,
    roleArn,
    "50",
    kmsKeyId,
    `${arn}-vpc`,
    "2026-02-01T00:00:00+00:00",
    network.securityGroupIds.join(","),
  ];
  const source = ["Enabled", roleArn, "50", kmsKeyId];
  // biome-ignore lint/suspicious/noTemplateCurlyInString: bash expands it
  const created = "${SOURCE_CREATED:-2026-01-01T00:00:00+00:00}";
  const missing =
    "An error occurred (ValidationException) when calling the DescribeNotebookInstance operation: RecordNotFound";
  return `status_of() {
    case $1 in
      source) if [[ -e $LOG/stopped ]]; then echo Stopped
        elif [[ -n \${SOURCE_LATER:-} && -e $LOG/notebook-instance-in-service ]]; then echo "$SOURCE_LATER"; else echo "\${SOURCE_STATUS:-InService}"; fi ;;
      *) if [[ -e $LOG/notebook-instance-in-service ]]; then echo InService; else echo "\${REPLACEMENT_STATUS:-InService}"; fi ;;
    esac
  }; export -f status_of; aws() {
    printf '%s\\0' "$#" "$@" >>"$LOG/calls"
    case "$1 $2" in
      'sts get-caller-identity') echo ${account} ;;
      'sagemaker create-notebook-instance') touch "$LOG/created" ;;
      'sagemaker stop-notebook-instance') touch "$LOG/stopped" ;;
      'sagemaker delete-notebook-instance') touch "$LOG/deleted" ;;
      'sagemaker wait') touch "$LOG/$3"; if [[ -n \${LOST_BY_STOP:-} && $3 == *-stopped ]]; then rm "$LOG/created"; fi ;;
      'sagemaker update-domain') touch "$LOG/updated" ;;
      'sagemaker list-tags') if [[ $* == *replaces* ]]; then echo ${arn}; fi ;;
      'sagemaker describe-domain')
        case "$*" in
          *Status*) echo "\${DOMAIN_STATUS:-InService}" ;;
          *AppNetwork*) if [[ -e $LOG/updated ]]; then echo VpcOnly; else echo PublicInternetOnly; fi ;;
          *) echo None ;;
        esac ;;
      'sagemaker describe-notebook-instance')
        if [[ $4 == *-vpc* ]]; then
          if [[ -e $LOG/created ]]; then printf '%s\\t%s\\n' "$(status_of replacement)" ${quoted(replacement.join("\t"))}; return; fi
        elif [[ ! -e $LOG/deleted ]]; then
          printf '%s\\t%s\\t%s\\n' "$(status_of source)" ${quoted(source.join("\t"))} "${created}"
          return
        fi
        echo ${quoted(missing)} >&2
        return 254 ;;
    esac
  }; export -f aws; : ${quoted(name)}`;
}

function quoted(text: string): string {
  return `'${text}'`;
}

/** The words of each call so far. */
export function loggedCalls(log: string): readonly (readonly string[])[] {
  const words = readFileSync(join(log, "calls"), "utf8").split("\0");
  const calls: (readonly string[])[] = [];
  for (let at = 0; at < words.length - 1; ) {
    const count = Number(words[at]);
    calls.push(words.slice(at + 1, at + 1 + count));
    at += 1 + count;
  }
  return calls;
}
