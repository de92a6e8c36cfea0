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
#   CHANGE_OWNED=1    change what another tool (a CloudFormation stack) manages, all the same
#   AWS_PROFILE and all else that the AWS CLI reads
#
# 1. domain d-abcdef012345 (studio): VpcOnly
#    - precondition: No app of the domain may be InService, Pending or Deleting: its users save their work, then
#      the apps are deleted.
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

# domain d-abcdef012345 (studio): VpcOnly
plan_1() {
  fail 'AWS does not let the network access type of a domain with RStudio change (DomainExecutionRoleArn is set). Create another domain with VpcOnly and AppSecurityGroupManagement Service, move users and data there, delete this one.'
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
  printf '%s\n' '  CHANGE_OWNED=1    change what another tool (a CloudFormation stack) manages, all the same'
  printf '%s\n' '  AWS_PROFILE and all else that the AWS CLI reads'
  printf '%s\n' ''
  printf '%s\n' '1. domain d-abcdef012345 (studio): VpcOnly'
  printf '%s\n' '   - precondition: No app of the domain may be InService, Pending or Deleting: its users save their work, then'
  printf '%s\n' '     the apps are deleted.'
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
