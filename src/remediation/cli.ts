import { domainCommands } from "./cli-domain.ts";
import { DOMAIN_FUNCTIONS } from "./cli-domain-functions.ts";
import { ASK, COMMON, LATER, NEED, OWNED } from "./cli-functions.ts";
import { losesDataWhenStopped, notebookCommands } from "./cli-notebook.ts";
import { CONFIRM_LOSS, NOTEBOOK } from "./cli-notebook-functions.ts";
import { isList, parametersOf, readParameters, variableOf } from "./cli-parameters.ts";
import { isOwned, ownerNotices } from "./owner.ts";
import type { Place, PlanRenderer, RemediationPlan } from "./plan.ts";
import { refuseSameNames } from "./same-name.ts";
import { line, quote, wrapped } from "./shell.ts";

/**
 * One script of bash that carries all the plans out by the AWS CLI: one after another, each in a shell of its own, so
 * that a failure of one is told in the end and keeps none from being done. It can be run again at any time.
 */
export const renderCli: PlanRenderer = (plans, place) => {
  refuseSameNames(plans);
  if (plans.length === 0) return "#!/usr/bin/env bash\necho 'There is nothing to put right.'\n";
  const usage = usageOf(plans, place);
  const lines = [
    "#!/usr/bin/env bash",
    ...usage.map((text) => (text === "" ? "#" : `# ${text}`)),
    "",
    "# Dollars and backslashes in single quotes are text that came from AWS, or commands that are shown.",
    "# shellcheck disable=SC1003,SC2016",
    "set -euo pipefail",
    "",
    `ACCOUNT=${quote(place.account)}`,
    `REGION=${quote(place.region)}`,
    ...(hasNotebooks(plans)
      ? ["# Empty where this comes by stdin.", `script_file=\${BASH_SOURCE[0]:-}`]
      : []),
    // Else the AWS CLI would stop for a pager or for questions.
    "export AWS_PAGER='' AWS_CLI_AUTO_PROMPT=off",
    ...functionsFor(plans).map((text) => text.trimEnd()),
    "",
    ...plans.flatMap(planFunction),
    "usage() {",
    ...usage.map((text) => `  printf '%s\\n' ${quote(text) || "''"}`),
    "}",
    "",
    ...mainFunction(plans),
    "",
    "# One command, which bash reads to its end before it begins: nothing of a script that comes by stdin is left to read.",
    "{",
    '  main "$@"',
    "  exit",
    "}",
  ];
  return `${lines.join("\n")}\n`;
};

/** Those alone that are called: shellcheck takes the others for mistakes. */
function functionsFor(plans: readonly RemediationPlan[]): string[] {
  const hasDomains = plans.some((plan) => plan.kind === "UpdateDomain" && plan.impossible === undefined);
  const asks = hasNotebooks(plans) || hasDomains;
  return [
    COMMON,
    ...(parametersOf(plans).length > 0 ? [NEED] : []),
    ...(asks ? [LATER, ASK, OWNED] : []),
    ...(hasNotebooks(plans) ? [NOTEBOOK] : []),
    ...(plans.some(losesDataWhenStopped) ? [CONFIRM_LOSS] : []),
    ...(hasDomains ? [DOMAIN_FUNCTIONS] : []),
  ];
}

function hasNotebooks(plans: readonly RemediationPlan[]): boolean {
  return plans.some(({ kind }) => kind === "ReplaceNotebookInstance");
}

function planFunction(plan: RemediationPlan, at: number): string[] {
  const commands = plan.kind === "UpdateDomain" ? domainCommands(plan) : notebookCommands(plan);
  const [owner] = isOwned(plan.source) && !isImpossible(plan) ? ownerNotices(plan.source.tags) : [];
  return [
    `# ${line(titleOf(plan))}`,
    `plan_${at + 1}() {`,
    ...(owner === undefined ? [] : [`  not_owned ${quote(line(owner.text))}`]),
    ...commands.map((text) => `  ${text}`),
    "}",
    "",
  ];
}

function isImpossible(plan: RemediationPlan): boolean {
  return plan.kind === "UpdateDomain" && plan.impossible !== undefined;
}

function mainFunction(plans: readonly RemediationPlan[]): string[] {
  return [
    "main() {",
    `  case "\${1:-}" in`,
    "    '') ;;",
    "    -h | --help)",
    "      usage",
    "      return",
    "      ;;",
    "    *)",
    "      usage >&2",
    "      exit 2",
    "      ;;",
    "  esac",
    ...readParameters(parametersOf(plans)).map((text) => `  ${text}`),
    "  end_by_signals",
    "  command -v aws >/dev/null || fail 'the AWS CLI (aws, version 2) is not in PATH'",
    "  scratch=$(mktemp -d)",
    "  trap 'rm -rf \"$scratch\"' EXIT",
    "  check_account",
    "  results=()",
    ...plans.flatMap((plan, at) => {
      const title = quote(line(titleOf(plan)));
      return [
        `  say ${quote(`== ${line(titleOf(plan))} ==`)}`,
        "  set +e",
        "  (",
        "    set -e",
        "    end_by_signals",
        `    plan_${at + 1}`,
        "  )",
        `  tell ${title} "$?"`,
        "  set -e",
      ];
    }),
    "  say",
    `  printf '%s\\n' "\${results[@]}"`,
    '  exit "$unfinished"',
    "}",
  ];
}

function titleOf(plan: RemediationPlan): string {
  return plan.kind === "UpdateDomain"
    ? `domain ${plan.source.id} (${plan.source.name}): VpcOnly`
    : `notebook instance ${plan.source.name}: replace by ${plan.replacement.name}`;
}

const ABOUT = [
  "It asks before it deletes: the old instance's name is to be typed. Without an answer nothing is deleted. It can be run",
  "again at any time, and goes on where it was. A plan that fails does not keep the others from being carried out: the",
  "last lines tell how each ended.",
  "",
  "Needs: bash, the AWS CLI version 2, and credentials of the account. --help shows this.",
  "Ends with 0 when all is done, 1 when something failed or is not finished, 2 for wrong credentials or arguments.",
];

const OF_NOTEBOOKS = [
  '  AWSSCAN_DATA_MOVED="NAME …"   all data of these old instances are moved: delete them without asking, where their',
  "                                replacements were there before this run",
  "  TRANSFER_BUCKET   the bucket that the commands for moving the data name",
];

const OF_LOST = [
  '  AWSSCAN_DATA_LOST="NAME …"    delete these, whose data nobody can reach any more, without asking',
];

function usageOf(plans: readonly RemediationPlan[], { account, region }: Place): string[] {
  return [
    `Ends the direct internet access (SageMaker-004) of ${plans.length === 1 ? "a resource" : `${plans.length} resources`} ` +
      `of account ${line(account)} in ${line(region)}.`,
    "",
    ...ABOUT,
    "",
    "Environment:",
    ...parametersOf(plans).flatMap((parameter) => [
      `  ${variableOf(parameter)} (required${isList(parameter.name) ? ", several by comma" : ""})`,
      ...wrapped(parameter.description, "      ", "      "),
    ]),
    ...(hasNotebooks(plans) ? OF_NOTEBOOKS : []),
    ...(plans.some(losesDataWhenStopped) ? OF_LOST : []),
    "  CHANGE_OWNED=1    change what another tool (a CloudFormation stack) manages, all the same",
    "  AWS_PROFILE and all else that the AWS CLI reads",
    ...plans.flatMap((plan, at) => [
      "",
      ...wrapped(`${at + 1}. ${titleOf(plan)}`, "", "   "),
      ...plan.notices.flatMap(({ kind, text }) => wrapped(`${kind}: ${text}`, "   - ", "     ")),
    ]),
  ];
}
