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
#   SUBNET_ID (required)
#       A subnet of your VPC, with a NAT gateway or VPC endpoints for what the notebooks need
#   SECURITY_GROUP_IDS (required, several by comma)
#       One to five security groups of the VPC that the subnet lies in
#   ACCEPTED_PLATFORM_IDENTIFIER (required)
#       A platform that AWS still takes, in the place of notebook-al2-v2: notebook-al2023-v1 or later
#   AWSSCAN_DATA_MOVED="NAME …"   all data of these old instances are moved: delete them without asking, where their
#                                 replacements were there before this run
#   TRANSFER_BUCKET   the bucket that the commands for moving the data name
#   CHANGE_OWNED=1    change what another tool (a CloudFormation stack) manages, all the same
#   AWS_PROFILE and all else that the AWS CLI reads
#
# 1. notebook instance Fraud-Model: replace by Fraud-Model-vpc
#    - owner: The CloudFormation stack notebooks owns it: make the change in its template. Deleting it behind
#      the stack's back makes the stack's next update fail.
#    - precondition: It is Stopped, and AWS starts no instance of notebook-al2-v2: to reach its data, first
#      change its platform (UpdateNotebookInstance with PlatformIdentifier notebook-al2023-v1), then start it.
#    - precondition: Whoever acts needs iam:PassRole for the instance's role.
#    - lost: The name: the replacement is called Fraud-Model-vpc, so policies, alarms and scripts that name
#      Fraud-Model or its ARN must be changed, and so must bookmarks and presigned URLs.
#    - lost: All that lies outside of /home/ec2-user/SageMaker (conda environments, packages, files in other
#      folders), running kernels, and its network interface with its IP address.
#    - lost: Tags that only AWS can set: aws:cloudformation:stack-name.
#    - lost: Elastic Inference accelerators, which AWS no longer offers: ml.eia2.medium.
#    - lost: The platform notebook-al2-v2: AWS takes it for no new instance since 2025-06-30. Try notebooks and
#      lifecycle scripts on the new one (packages come by dnf instead of yum).
#    - network: The subnet needs a route to what the notebooks use: a NAT gateway, or VPC endpoints
#      (sagemaker.api and sagemaker.runtime of us-east-1, s3, sts, logs, and what else they call). The security
#      groups must let it out.
#    - network: Without a route to the lifecycle configuration's downloads and the Git repositories the
#      replacement fails to start.
#    - cost: Both instances and both volumes are billed while they coexist; a stopped one costs its volume. A
#      NAT gateway and interface endpoints are billed by the hour and by what passes them.

# Dollars and backslashes in single quotes are text that came from AWS, or commands that are shown.
# shellcheck disable=SC1003,SC2016
set -euo pipefail

ACCOUNT=123456789012
REGION=us-east-1
# Empty where this comes by stdin.
script_file=${BASH_SOURCE[0]:-}
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

# The old instance as it is now: sets $source_status, NotFound where it is gone, and the other $source_….
source_status='' source_access='' source_role='' source_volume='' source_key='' source_created=''
describe_source() {
  local created
  ask describe-notebook-instance --notebook-instance-name "$old" \
    --query '[NotebookInstanceStatus,DirectInternetAccess,RoleArn,VolumeSizeInGB,KmsKeyId,CreationTime]'
  read -r source_status source_access source_role source_volume source_key created <<<"$answer"
  # Another instance can have its name and ARN by now; consent was for the one that was looked at.
  if [[ $source_status != NotFound ]]; then
    if [[ -n $source_created && $created != "$source_created" ]]; then
      fail "$old was created anew ($created) since this run began. Nothing more is done"
    fi
    source_created=$created
  fi
  if [[ ! $source_volume =~ ^[0-9]+$ ]]; then source_volume=0; fi
}

# differs WHAT IS WANTED
differs() {
  fail "$replacement has $1 $2, not $3: it is not the replacement of this plan. Nothing is deleted"
}

# The replacement must be what this plan makes, for this very instance, with room for its data: many can have its name.
replacement_status=''
check_replacement() {
  local access network its_role size its_key arn made its_groups wanted LC_ALL=C
  ask describe-notebook-instance --notebook-instance-name "$replacement" --query '[NotebookInstanceStatus,
    DirectInternetAccess,SubnetId,RoleArn,VolumeSizeInGB,KmsKeyId,NotebookInstanceArn,CreationTime,
    join(`","`,sort(not_null(SecurityGroups,`[]`)))]'
  read -r replacement_status access network its_role size its_key arn made its_groups <<<"$answer"
  if [[ ! $size =~ ^[0-9]+$ ]]; then size=0; fi
  case $replacement_status in
    NotFound) fail "the replacement $replacement does not exist" ;;
    Deleting) fail "the replacement $replacement is being deleted; run this again when it is gone" ;;
  esac
  if [[ $access != Disabled ]]; then differs DirectInternetAccess "$access" Disabled; fi
  ask list-tags --resource-arn "$arn" --query 'Tags[?Key==`"awsscan:replaces"`].Value'
  if ! grep -qxF -e "$source_arn" <<<"$answer"; then
    fail "$replacement has no tag awsscan:replaces that says $source_arn: it may be anybody's. Nothing is deleted." \
      "If you made it for this, add the tag; else make a plan with --replacement-name"
  fi
  wanted=$(printf '%s\n' "${groups[@]}" | LC_ALL=C sort | paste -s -d , -)
  if [[ $network != "$subnet" ]]; then differs subnet "$network" "$subnet"; fi
  if [[ $its_groups != "$wanted" ]]; then differs 'security groups' "$its_groups" "$wanted"; fi
  if [[ $its_role != "$role" ]]; then differs role "$its_role" "$role"; fi
  if [[ $its_key != "$key" ]]; then differs 'KMS key' "$its_key" "$key"; fi
  describe_source
  # Times of one format, so that text sorts as they do.
  if [[ $source_status != NotFound && $source_created > $made ]]; then
    fail "$old was created ($source_created) after $replacement ($made): its data cannot be there. Nothing is deleted"
  fi
  if [[ $source_status != NotFound ]] && ((size < source_volume)); then
    fail "$replacement has $size GB, less than the $source_volume GB of $old. Enlarge it (update-notebook-instance" \
      "--volume-size-in-gb, while it is Stopped), and run this again. Nothing is deleted"
  fi
  if [[ $replacement_status == Failed ]]; then
    ask describe-notebook-instance --notebook-instance-name "$replacement" --query FailureReason
    fail "the replacement $replacement failed: $answer. Remove the cause, delete it with" \
      "'aws sagemaker delete-notebook-instance --region $REGION --notebook-instance-name $replacement', and run this again"
  fi
}

# look: sets $step to create, move, leave (it is being deleted already) or finished.
step=''
look() {
  describe_source
  if [[ $source_access == Disabled ]]; then
    say "$old has no direct internet access any more: nothing to replace."
    step=finished
    return
  fi
  ask describe-notebook-instance --notebook-instance-name "$replacement" --query NotebookInstanceStatus
  if [[ $source_status == NotFound && $answer == NotFound ]]; then
    say "$old does not exist any more, and was not replaced: nothing to do."
    step=finished
    return
  fi
  if [[ $answer == NotFound ]]; then
    if [[ $source_status == Deleting ]]; then fail "$old is being deleted, and was not replaced"; fi
    as_planned
    step=create
    return
  fi
  check_replacement
  case $source_status in
    NotFound)
      say "$old is gone, and $replacement has no direct internet access."
      step=finished
      ;;
    Deleting) step=leave ;;
    *)
      say "$replacement exists already ($replacement_status): going on from there."
      step=move
      ;;
  esac
}

# as_planned: what the replacement is made after must not have changed since.
as_planned() {
  if [[ $source_role != "$role" || $source_key != "$key" ]] || ((volume > 0 && source_volume > volume)); then
    fail "$old was changed since this plan was made: it has the role $source_role, the KMS key $source_key and" \
      "$source_volume GB. Make a new plan"
  fi
}

await_replacement() {
  check_replacement
  if [[ $replacement_status == Pending || $replacement_status == Updating ]]; then
    say "Waiting until $replacement is InService (some minutes, at most 30)."
    local status=0
    sagemaker wait notebook-instance-in-service --notebook-instance-name "$replacement" || status=$?
    if by_signal "$status"; then exit "$status"; fi
    check_replacement
    if ((status > 0)); then fail "$replacement is still not InService; run this again later"; fi
  fi
  say "$replacement is $replacement_status, with DirectInternetAccess Disabled in $subnet."
}

# is_among NAME NAMES: names by blanks or commas.
is_among() {
  case " ${2//,/ } " in
    *" $1 "*) return 0 ;;
    *) return 1 ;;
  esac
}

# type_in PROMPT: sets $typed.
typed=''
type_in() {
  typed=''
  printf '%s' "$1" >&2
  # Where the script itself comes by stdin, only a terminal can answer.
  if [[ -n $script_file ]]; then
    IFS= read -r typed || typed=''
  elif (: </dev/tty) 2>/dev/null; then
    IFS= read -r typed </dev/tty || typed=''
  fi
}

# confirm: without an answer nothing is deleted.
confirm() {
  if is_among "$old" "${AWSSCAN_DATA_MOVED:-}"; then
    if [[ $step == create ]]; then
      later "$replacement was created just now, so that AWSSCAN_DATA_MOVED does not count yet. Move the data of $old," \
        "then run this again."
    fi
    say "AWSSCAN_DATA_MOVED names $old: it is deleted."
    return
  fi
  type_in "If all data of $old are on $replacement, type the name of the old instance to stop and DELETE it: "
  if [[ $typed != "$old" ]]; then
    printf '\n' >&2
    later "$old was not deleted. Move its data, then run this again."
  fi
}

# remove: deletes the old instance, whatever it is doing, once the replacement is good; asked again after the stop.
remove() {
  check_replacement
  if [[ $step == leave && $source_status != Deleting && $source_status != NotFound ]]; then
    later "$old is not being deleted any more: it is $source_status. Run this again."
  fi
  if [[ $source_access == Disabled ]]; then later "$old has no direct internet access any more. Run this again."; fi
  case $source_status in
    NotFound) return ;;
    InService)
      say "Stopping $old."
      sagemaker stop-notebook-instance --notebook-instance-name "$old"
      sagemaker wait notebook-instance-stopped --notebook-instance-name "$old"
      ;;
    Stopping) sagemaker wait notebook-instance-stopped --notebook-instance-name "$old" ;;
    Stopped | Failed | Deleting) ;;
    *) later "$old is $source_status and cannot be deleted now; run this again later." ;;
  esac
  if [[ $source_status != Deleting ]]; then
    check_replacement
    case $source_status in
      Stopped | Failed) ;;
      *) later "$old is $source_status, not Stopped; run this again." ;;
    esac
    say "Deleting $old."
    sagemaker delete-notebook-instance --notebook-instance-name "$old"
  fi
  sagemaker wait notebook-instance-deleted --notebook-instance-name "$old"
}

verify() {
  check_replacement
  if [[ $source_status != NotFound ]]; then fail "$old still exists: it is $source_status"; fi
  say "$old is deleted; $replacement is $replacement_status, with DirectInternetAccess Disabled."
}

# notebook instance Fraud-Model: replace by Fraud-Model-vpc
plan_1() {
  not_owned 'The CloudFormation stack notebooks owns it: make the change in its template. Deleting it behind the stack'\''s back makes the stack'\''s next update fail.'
  old='Fraud-Model'
  replacement='Fraud-Model-vpc'
  source_arn='arn:aws:sagemaker:us-east-1:123456789012:notebook-instance/fraud-model'
  subnet="$SUBNET_ID"
  groups=("${security_group_ids[@]}")
  role='arn:aws:iam::123456789012:role/service-role/NotebookExecution'
  key='arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab'
  volume=50
  look
  if [[ $step == finished ]]; then return; fi
  check_owner "$source_arn"
  if [[ $step == create ]]; then
    say 'Creating Fraud-Model-vpc.'
    aws sagemaker create-notebook-instance --region us-east-1 \
      --notebook-instance-name Fraud-Model-vpc \
      --instance-type ml.t3.large \
      --role-arn arn:aws:iam::123456789012:role/service-role/NotebookExecution \
      --direct-internet-access Disabled \
      --volume-size-in-gb 50 \
      --kms-key-id arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab \
      --lifecycle-config-name install-tools \
      --root-access Disabled \
      --instance-metadata-service-configuration MinimumInstanceMetadataServiceVersion=2 \
      --additional-code-repositories shared-code \
      --cli-input-json '{"DefaultCodeRepository":"https://git.example/fraud.git","Tags":[{"Key":"team","Value":"fraud"},{"Key":"awsscan:replaces","Value":"arn:aws:sagemaker:us-east-1:123456789012:notebook-instance/fraud-model"}]}' \
      --subnet-id "$SUBNET_ID" \
      --security-group-ids "${security_group_ids[@]}" \
      --platform-identifier "$ACCEPTED_PLATFORM_IDENTIFIER" \
      >/dev/null
  fi
  await_replacement
  if [[ $step != leave ]]; then
    say ''
    say 'Move the data: only the instances can read their volumes, so this script cannot do it for you.'
    say 'You need a bucket that the instances'\'' role may read and write. In the terminal (JupyterLab: File, New, Terminal):'
    say "  TRANSFER_BUCKET=${TRANSFER_BUCKET:-…}"
    say 'Fraud-Model was Stopped when this plan was made, and AWS starts it only with another platform:'
    say '  aws sagemaker update-notebook-instance --region us-east-1 --notebook-instance-name Fraud-Model --platform-identifier notebook-al2023-v1'
    say 'When it is Stopped again:'
    say '  aws sagemaker start-notebook-instance --region us-east-1 --notebook-instance-name Fraud-Model'
    say 'on Fraud-Model:'
    say '  aws s3 sync /home/ec2-user/SageMaker/ "s3://$TRANSFER_BUCKET/"Fraud-Model/ --region us-east-1 --exclude '\''lost+found/*'\'''
    say 'on Fraud-Model-vpc:'
    say '  aws s3 sync "s3://$TRANSFER_BUCKET/"Fraud-Model/ /home/ec2-user/SageMaker/ --region us-east-1'
    say 'S3 keeps no file modes and no symbolic links: where they matter, pack the folder with tar first.'
    say ''
    confirm
  fi
  remove
  verify
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
  printf '%s\n' '  SUBNET_ID (required)'
  printf '%s\n' '      A subnet of your VPC, with a NAT gateway or VPC endpoints for what the notebooks need'
  printf '%s\n' '  SECURITY_GROUP_IDS (required, several by comma)'
  printf '%s\n' '      One to five security groups of the VPC that the subnet lies in'
  printf '%s\n' '  ACCEPTED_PLATFORM_IDENTIFIER (required)'
  printf '%s\n' '      A platform that AWS still takes, in the place of notebook-al2-v2: notebook-al2023-v1 or later'
  printf '%s\n' '  AWSSCAN_DATA_MOVED="NAME …"   all data of these old instances are moved: delete them without asking, where their'
  printf '%s\n' '                                replacements were there before this run'
  printf '%s\n' '  TRANSFER_BUCKET   the bucket that the commands for moving the data name'
  printf '%s\n' '  CHANGE_OWNED=1    change what another tool (a CloudFormation stack) manages, all the same'
  printf '%s\n' '  AWS_PROFILE and all else that the AWS CLI reads'
  printf '%s\n' ''
  printf '%s\n' '1. notebook instance Fraud-Model: replace by Fraud-Model-vpc'
  printf '%s\n' '   - owner: The CloudFormation stack notebooks owns it: make the change in its template. Deleting it behind'
  printf '%s\n' '     the stack'\''s back makes the stack'\''s next update fail.'
  printf '%s\n' '   - precondition: It is Stopped, and AWS starts no instance of notebook-al2-v2: to reach its data, first'
  printf '%s\n' '     change its platform (UpdateNotebookInstance with PlatformIdentifier notebook-al2023-v1), then start it.'
  printf '%s\n' '   - precondition: Whoever acts needs iam:PassRole for the instance'\''s role.'
  printf '%s\n' '   - lost: The name: the replacement is called Fraud-Model-vpc, so policies, alarms and scripts that name'
  printf '%s\n' '     Fraud-Model or its ARN must be changed, and so must bookmarks and presigned URLs.'
  printf '%s\n' '   - lost: All that lies outside of /home/ec2-user/SageMaker (conda environments, packages, files in other'
  printf '%s\n' '     folders), running kernels, and its network interface with its IP address.'
  printf '%s\n' '   - lost: Tags that only AWS can set: aws:cloudformation:stack-name.'
  printf '%s\n' '   - lost: Elastic Inference accelerators, which AWS no longer offers: ml.eia2.medium.'
  printf '%s\n' '   - lost: The platform notebook-al2-v2: AWS takes it for no new instance since 2025-06-30. Try notebooks and'
  printf '%s\n' '     lifecycle scripts on the new one (packages come by dnf instead of yum).'
  printf '%s\n' '   - network: The subnet needs a route to what the notebooks use: a NAT gateway, or VPC endpoints'
  printf '%s\n' '     (sagemaker.api and sagemaker.runtime of us-east-1, s3, sts, logs, and what else they call). The security'
  printf '%s\n' '     groups must let it out.'
  printf '%s\n' '   - network: Without a route to the lifecycle configuration'\''s downloads and the Git repositories the'
  printf '%s\n' '     replacement fails to start.'
  printf '%s\n' '   - cost: Both instances and both volumes are billed while they coexist; a stopped one costs its volume. A'
  printf '%s\n' '     NAT gateway and interface endpoints are billed by the hour and by what passes them.'
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
  SUBNET_ID=${SUBNET_ID:-}
  need SUBNET_ID 'A subnet of your VPC, with a NAT gateway or VPC endpoints for what the notebooks need'
  SECURITY_GROUP_IDS=${SECURITY_GROUP_IDS:-}
  need SECURITY_GROUP_IDS 'One to five security groups of the VPC that the subnet lies in'
  IFS=$' \t\n' read -r -d '' -a security_group_ids <<<"${SECURITY_GROUP_IDS//,/ }" || true
  if ((${#security_group_ids[@]} == 0)); then SECURITY_GROUP_IDS='' && need SECURITY_GROUP_IDS 'One to five security groups of the VPC that the subnet lies in'; fi
  ACCEPTED_PLATFORM_IDENTIFIER=${ACCEPTED_PLATFORM_IDENTIFIER:-}
  need ACCEPTED_PLATFORM_IDENTIFIER 'A platform that AWS still takes, in the place of notebook-al2-v2: notebook-al2023-v1 or later'
  end_by_signals
  command -v aws >/dev/null || fail 'the AWS CLI (aws, version 2) is not in PATH'
  scratch=$(mktemp -d)
  trap 'rm -rf "$scratch"' EXIT
  check_account
  results=()
  say '== notebook instance Fraud-Model: replace by Fraud-Model-vpc =='
  set +e
  (
    set -e
    end_by_signals
    plan_1
  )
  tell 'notebook instance Fraud-Model: replace by Fraud-Model-vpc' "$?"
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
