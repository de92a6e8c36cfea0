#!/usr/bin/env bash
# Ends the direct internet access (SageMaker-004) of a resource of account 123456789012 in us-east-1.
#
# It asks before it deletes: the old instance's name is to be typed. Without an answer nothing is deleted. It can be run
# again at any time, and goes on where it was. A plan that fails does not keep the others from being carried out: the
# last lines tell how each ended.
#
# Needs: bash, the AWS CLI version 2, and credentials of the account. --help shows this.
# Ends with 0 when all is done, 1 when something failed or is not finished, 2 for wrong credentials or arguments.
#
# Environment:
#   VPC_ID_D_ABCDEF012345 (required)
#       The VPC that the domain d-abcdef012345, which has none, is to use
#   SUBNET_IDS_D_ABCDEF012345 (required, several by comma)
#       Subnets of the VPC of the domain d-abcdef012345
#   SECURITY_GROUP_IDS_D_ABCDEF012345 (required, several by comma)
#       Security groups of the VPC of the domain d-abcdef012345 for the users' apps, which VpcOnly requires and
#       the domain lacks
#   CHANGE_OWNED=1    change what another tool (a CloudFormation stack) manages, all the same
#   AWS_PROFILE and all else that the AWS CLI reads
#
# 1. domain d-abcdef012345 (studio): VpcOnly
#    - precondition: No app of the domain may be InService, Pending or Deleting: its users save their work, then
#      the apps are deleted.
#    - precondition: VpcOnly requires security groups in the default user settings, and the domain has none:
#      they are set along with it. They must let their members reach each other (NFS, and the ports of kernels).
#    - lost: What runs: kernels, terminals and unsaved work of the apps that are deleted. Files in home folders
#      and spaces stay.
#    - network: All traffic of the apps then goes through the domain's subnets: they need a NAT gateway, or VPC
#      endpoints (sagemaker.api, sagemaker.runtime and studio of us-east-1, s3, sts, logs, ecr.api, ecr.dkr),
#      and free addresses.
#    - cost: A NAT gateway and interface endpoints are billed by the hour and by what passes them.

# Dollars and backslashes in single quotes are text that came from AWS, or commands that are shown.
# shellcheck disable=SC1003,SC2016
set -euo pipefail

ACCOUNT=123456789012
REGION=us-east-1
export AWS_PAGER='' AWS_CLI_AUTO_PROMPT=off

say() { printf '%s\n' "$*"; }
fail() {
  printf 'ERROR: %s\n' "$*" >&2
  exit 1
}
check_account() {
  local account
  account=$(aws sts get-caller-identity --region "$REGION" --query Account --output text)
  if [[ $account != "$ACCOUNT" ]]; then
    printf 'ERROR: these credentials are of account %s; this plan is for account %s. Nothing was done.\n' \
      "$account" "$ACCOUNT" >&2
    exit 2
  fi
}

# The AWS CLI answers Ctrl-C by itself and ends with 130, from which bash concludes that there was nothing to end for.
# A shell within the shell begins without traps, so that each sets them.
end_by_signals() {
  trap 'exit 130' INT
  trap 'exit 143' TERM
  trap 'exit 129' HUP
}

# by_signal STATUS: 128 and a signal's number; the AWS CLI itself ends with 252 to 255 where something is wrong.
by_signal() { (($1 > 128 && $1 < 192)); }

unfinished=0
# tell TITLE STATUS: what ended by a signal ends the run.
tell() {
  case $2 in
    0) results+=("done          $1") ;;
    3) results+=("NOT FINISHED  $1") && unfinished=1 ;;
    *) results+=("FAILED ($2)    $1") && unfinished=1 ;;
  esac
  if by_signal "$2"; then
    printf 'Stopped. What was not begun was not touched; run this again to go on.
' >&2
    exit "$2"
  fi
}

# need VARIABLE DESCRIPTION
need() {
  if [[ -n ${!1:-} ]]; then return; fi
  printf 'ERROR: set %s: %s
' "$1" "$2" >&2
  exit 2
}

# Ends a part of the plan that waits for you: run the script again when you have seen to it.
later() {
  printf 'NOT FINISHED: %s\n' "$*" >&2
  exit 3
}

# What AWS says, without what a terminal would obey.
printable() { LC_ALL=C tr -cd '\11\12\40-\176'; }

# In UTC, so that times sort as text.
sagemaker() { TZ=UTC0 aws sagemaker "$@" --region "$REGION"; }

# The errors by which AWS says that there is no such notebook instance, or no such domain.
MISSING='[(]ValidationException[)] when calling the DescribeNotebookInstance operation[^:]*: RecordNotFound'
MISSING+='|[(]ResourceNotFound[)] when calling the DescribeDomain operation'

# ask COMMAND…: its answer in $answer; $answer is NotFound where the resource does not exist. Any other error is fatal.
answer=''
ask() {
  local status=0
  answer=$(sagemaker "$@" --output text 2>"$scratch/stderr") || status=$?
  if by_signal "$status"; then exit "$status"; fi
  if ((status == 0)); then
    answer=$(printf '%s' "$answer" | printable)
    return
  fi
  if grep -qE "An error occurred ($MISSING)" "$scratch/stderr"; then
    answer=NotFound
    return
  fi
  printable <"$scratch/stderr" >&2
  fail "aws sagemaker $1 was refused"
}

# not_owned OWNER: what somebody else's tool manages is left to it.
not_owned() {
  if [[ ${CHANGE_OWNED:-} != 1 ]]; then
    later "$1 To change it here all the same, run with CHANGE_OWNED=1."
  fi
}

# check_owner ARN: by the tags that AWS alone can set.
check_owner() {
  ask list-tags --resource-arn "$1" --query 'Tags[?starts_with(Key,`"aws:cloudformation:"`) ||
    starts_with(Key,`"aws:servicecatalog:"`)].[Key,Value]'
  if [[ -n $answer ]]; then not_owned "By its tags another tool owns it: $answer."; fi
}

# look_domain ID: sets $step to update or finished.
step=''
look_domain() {
  ask describe-domain --domain-id "$1" --query AppNetworkAccessType
  case $answer in
    NotFound)
      say "The domain $1 does not exist any more: nothing to do."
      step=finished
      return
      ;;
    VpcOnly)
      await_domain "$1"
      # An update that was under way, and failed, takes it back.
      ask describe-domain --domain-id "$1" --query AppNetworkAccessType
      if [[ $answer == VpcOnly ]]; then
        say "The domain $1 is VpcOnly."
        step=finished
        return
      fi
      ;;
  esac
  ask describe-domain --domain-id "$1" \
    --query DomainSettings.RStudioServerProDomainSettings.DomainExecutionRoleArn
  if [[ $answer != None ]]; then
    fail "RStudio is set up in the domain $1 ($answer): AWS does not let its network access type change"
  fi
  await_domain "$1"
  step=update
}

# await_domain ID: until no update is under way, at most 20 minutes.
await_domain() {
  local turn
  for ((turn = 0; turn < 120; turn++)); do
    ask describe-domain --domain-id "$1" --query Status
    case $answer in
      InService | Update_Failed) return ;;
      Pending | Updating) sleep "${POLL_SECONDS:-10}" ;;
      *) fail "the domain $1 is $answer and cannot be updated" ;;
    esac
  done
  fail "the domain $1 is still $answer; run this again later"
}

# no_apps ID: AWS refuses the change while an app is InService, Pending or Deleting.
no_apps() {
  local kind name status user space count=0
  ask list-apps --domain-id-equals "$1" \
    --query "Apps[?Status=='InService' || Status=='Pending' || Status=='Deleting'].[AppType,AppName,Status,UserProfileName,SpaceName]"
  while IFS=$'\t' read -r kind name status user space; do
    if [[ -z $kind ]]; then continue; fi
    count=$((count + 1))
    if [[ $user != None ]]; then
      printf '%s\taws sagemaker delete-app --region %q --domain-id %q --user-profile-name %q --app-type %q --app-name %q\n' \
        "$status" "$REGION" "$1" "$user" "$kind" "$name" >&2
    else
      printf '%s\taws sagemaker delete-app --region %q --domain-id %q --space-name %q --app-type %q --app-name %q\n' \
        "$status" "$REGION" "$1" "$space" "$kind" "$name" >&2
    fi
  done <<<"$answer"
  if ((count > 0)); then
    later "$count app(s) of the domain $1 must be gone first. When their users have saved their work, delete them with the" \
      "commands above (those that are Deleting go by themselves), and run this again."
  fi
}

# update_domain: by $settings. The service may want the domain's own VPC and subnets said again ($network), which its
# documentation keeps for domains without: https://github.com/hashicorp/terraform-provider-aws/issues/45528 has its words.
# They are not said at once, since AWS CLIs of before November 2025 do not know --vpc-id.
update_domain() {
  local status=0
  aws sagemaker update-domain --region "$REGION" "${settings[@]}" >/dev/null 2>"$scratch/stderr" || status=$?
  if by_signal "$status"; then exit "$status"; fi
  if ((status == 0)); then return; fi
  if ! grep -q 'VpcId and Subnet' "$scratch/stderr"; then
    printable <"$scratch/stderr" >&2
    fail "aws sagemaker update-domain was refused"
  fi
  aws sagemaker update-domain --region "$REGION" "${settings[@]}" "${network[@]}" >/dev/null
}

# describe_settings ID: the default user settings but the security groups, which the update may set, in $user_settings.
user_settings=''
describe_settings() {
  ask describe-domain --domain-id "$1" --query DefaultUserSettings
  user_settings=$(grep -v '^SECURITYGROUPS' <<<"$answer" || true)
}

# verify_domain ID
verify_domain() {
  local before=$user_settings
  await_domain "$1"
  if [[ $answer == Update_Failed ]]; then
    ask describe-domain --domain-id "$1" --query FailureReason
    fail "the update of the domain $1 failed: $answer. Remove the cause, and run this again"
  fi
  ask describe-domain --domain-id "$1" --query AppNetworkAccessType
  if [[ $answer != VpcOnly ]]; then fail "the domain $1 is $answer, not VpcOnly"; fi
  describe_settings "$1"
  if [[ $user_settings != "$before" ]]; then
    printf 'Before:\n%s\nNow:\n%s\n' "$before" "$user_settings" >&2
    fail "the domain $1 is VpcOnly, but its default user settings are not what they were. Compare, and set them again"
  fi
  say "The domain $1 is VpcOnly. Its users can open their apps again."
}

# domain d-abcdef012345 (studio): VpcOnly
plan_1() {
  look_domain d-abcdef012345
  if [[ $step == finished ]]; then return; fi
  check_owner arn:aws:sagemaker:us-east-1:123456789012:domain/d-abcdef012345
  no_apps d-abcdef012345
  network=(--vpc-id "$VPC_ID_D_ABCDEF012345" --subnet-ids "${subnet_ids_d_abcdef012345[@]}")
  settings=(--domain-id d-abcdef012345 --app-network-access-type VpcOnly --default-user-settings "SecurityGroups=$(IFS=, && printf '%s' "${security_group_ids_d_abcdef012345[*]}")" "${network[@]}")
  say 'Updating the domain d-abcdef012345.'
  describe_settings d-abcdef012345
  update_domain
  verify_domain d-abcdef012345
}

usage() {
  printf '%s\n' 'Ends the direct internet access (SageMaker-004) of a resource of account 123456789012 in us-east-1.'
  printf '%s\n' ''
  printf '%s\n' 'It asks before it deletes: the old instance'\''s name is to be typed. Without an answer nothing is deleted. It can be run'
  printf '%s\n' 'again at any time, and goes on where it was. A plan that fails does not keep the others from being carried out: the'
  printf '%s\n' 'last lines tell how each ended.'
  printf '%s\n' ''
  printf '%s\n' 'Needs: bash, the AWS CLI version 2, and credentials of the account. --help shows this.'
  printf '%s\n' 'Ends with 0 when all is done, 1 when something failed or is not finished, 2 for wrong credentials or arguments.'
  printf '%s\n' ''
  printf '%s\n' Environment:
  printf '%s\n' '  VPC_ID_D_ABCDEF012345 (required)'
  printf '%s\n' '      The VPC that the domain d-abcdef012345, which has none, is to use'
  printf '%s\n' '  SUBNET_IDS_D_ABCDEF012345 (required, several by comma)'
  printf '%s\n' '      Subnets of the VPC of the domain d-abcdef012345'
  printf '%s\n' '  SECURITY_GROUP_IDS_D_ABCDEF012345 (required, several by comma)'
  printf '%s\n' '      Security groups of the VPC of the domain d-abcdef012345 for the users'\'' apps, which VpcOnly requires and'
  printf '%s\n' '      the domain lacks'
  printf '%s\n' '  CHANGE_OWNED=1    change what another tool (a CloudFormation stack) manages, all the same'
  printf '%s\n' '  AWS_PROFILE and all else that the AWS CLI reads'
  printf '%s\n' ''
  printf '%s\n' '1. domain d-abcdef012345 (studio): VpcOnly'
  printf '%s\n' '   - precondition: No app of the domain may be InService, Pending or Deleting: its users save their work, then'
  printf '%s\n' '     the apps are deleted.'
  printf '%s\n' '   - precondition: VpcOnly requires security groups in the default user settings, and the domain has none:'
  printf '%s\n' '     they are set along with it. They must let their members reach each other (NFS, and the ports of kernels).'
  printf '%s\n' '   - lost: What runs: kernels, terminals and unsaved work of the apps that are deleted. Files in home folders'
  printf '%s\n' '     and spaces stay.'
  printf '%s\n' '   - network: All traffic of the apps then goes through the domain'\''s subnets: they need a NAT gateway, or VPC'
  printf '%s\n' '     endpoints (sagemaker.api, sagemaker.runtime and studio of us-east-1, s3, sts, logs, ecr.api, ecr.dkr),'
  printf '%s\n' '     and free addresses.'
  printf '%s\n' '   - cost: A NAT gateway and interface endpoints are billed by the hour and by what passes them.'
}

main() {
  case "${1:-}" in
    '') ;;
    -h | --help)
      usage
      return
      ;;
    *)
      usage >&2
      exit 2
      ;;
  esac
  VPC_ID_D_ABCDEF012345=${VPC_ID_D_ABCDEF012345:-}
  need VPC_ID_D_ABCDEF012345 'The VPC that the domain d-abcdef012345, which has none, is to use'
  SUBNET_IDS_D_ABCDEF012345=${SUBNET_IDS_D_ABCDEF012345:-}
  need SUBNET_IDS_D_ABCDEF012345 'Subnets of the VPC of the domain d-abcdef012345'
  IFS=$' \t\n' read -r -d '' -a subnet_ids_d_abcdef012345 <<<"${SUBNET_IDS_D_ABCDEF012345//,/ }" || true
  if ((${#subnet_ids_d_abcdef012345[@]} == 0)); then SUBNET_IDS_D_ABCDEF012345='' && need SUBNET_IDS_D_ABCDEF012345 'Subnets of the VPC of the domain d-abcdef012345'; fi
  SECURITY_GROUP_IDS_D_ABCDEF012345=${SECURITY_GROUP_IDS_D_ABCDEF012345:-}
  need SECURITY_GROUP_IDS_D_ABCDEF012345 'Security groups of the VPC of the domain d-abcdef012345 for the users'\'' apps, which VpcOnly requires and the domain lacks'
  IFS=$' \t\n' read -r -d '' -a security_group_ids_d_abcdef012345 <<<"${SECURITY_GROUP_IDS_D_ABCDEF012345//,/ }" || true
  if ((${#security_group_ids_d_abcdef012345[@]} == 0)); then SECURITY_GROUP_IDS_D_ABCDEF012345='' && need SECURITY_GROUP_IDS_D_ABCDEF012345 'Security groups of the VPC of the domain d-abcdef012345 for the users'\'' apps, which VpcOnly requires and the domain lacks'; fi
  end_by_signals
  command -v aws >/dev/null || fail 'the AWS CLI (aws, version 2) is not in PATH'
  scratch=$(mktemp -d)
  trap 'rm -rf "$scratch"' EXIT
  check_account
  results=()
  say '== domain d-abcdef012345 (studio): VpcOnly =='
  set +e
  (
    set -e
    end_by_signals
    plan_1
  )
  tell 'domain d-abcdef012345 (studio): VpcOnly' "$?"
  set -e
  say
  printf '%s\n' "${results[@]}"
  exit "$unfinished"
}

# One command, which bash reads to its end before it begins: nothing of a script that comes by stdin is left to read.
{
  main "$@"
  exit
}
