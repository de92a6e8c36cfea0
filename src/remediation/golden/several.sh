#!/usr/bin/env bash
# Ends the direct internet access (SageMaker-004) of 3 resources of account 123456789012 in us-east-1.
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
#   AWSSCAN_DATA_MOVED="NAME …"   all data of these old instances are moved: delete them without asking, where their
#                                 replacements were there before this run
#   TRANSFER_BUCKET   the bucket that the commands for moving the data name
#   CHANGE_OWNED=1    change what another tool (a CloudFormation stack) manages, all the same
#   AWS_PROFILE and all else that the AWS CLI reads
#
# 1. notebook instance one: replace by one-vpc
#    - precondition: Whoever acts needs iam:PassRole for the instance's role.
#    - lost: The name: the replacement is called one-vpc, so policies, alarms and scripts that name one or its
#      ARN must be changed, and so must bookmarks and presigned URLs.
#    - lost: All that lies outside of /home/ec2-user/SageMaker (conda environments, packages, files in other
#      folders), running kernels, and its network interface with its IP address.
#    - network: The subnet needs a route to what the notebooks use: a NAT gateway, or VPC endpoints
#      (sagemaker.api and sagemaker.runtime of us-east-1, s3, sts, logs, and what else they call). The security
#      groups must let it out.
#    - network: Without a route to the lifecycle configuration's downloads and the Git repositories the
#      replacement fails to start.
#    - cost: Both instances and both volumes are billed while they coexist; a stopped one costs its volume. A
#      NAT gateway and interface endpoints are billed by the hour and by what passes them.
#
# 2. notebook instance two: replace by two-vpc
#    - owner: Nobody knows whether a CloudFormation stack or a product owns it: ListTags was refused. Find out
#      first; the CLI form asks for the tags before it changes anything.
#    - precondition: Whoever acts needs iam:PassRole for the instance's role.
#    - lost: The name: the replacement is called two-vpc, so policies, alarms and scripts that name two or its
#      ARN must be changed, and so must bookmarks and presigned URLs.
#    - lost: All that lies outside of /home/ec2-user/SageMaker (conda environments, packages, files in other
#      folders), running kernels, and its network interface with its IP address.
#    - lost: Its tags: ListTags was refused, nobody knows them, and the replacement gets none of them.
#    - lost: Perhaps the platform: AWS does not say which one it has, and the replacement gets AWS's default.
#    - network: The subnet needs a route to what the notebooks use: a NAT gateway, or VPC endpoints
#      (sagemaker.api and sagemaker.runtime of us-east-1, s3, sts, logs, and what else they call). The security
#      groups must let it out.
#    - network: Without a route to the lifecycle configuration's downloads and the Git repositories the
#      replacement fails to start.
#    - cost: Both instances and both volumes are billed while they coexist; a stopped one costs its volume. A
#      NAT gateway and interface endpoints are billed by the hour and by what passes them.
#
# 3. domain d-abcdef012345 (studio): VpcOnly
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

# notebook instance one: replace by one-vpc
plan_1() {
  old='one'
  replacement='one-vpc'
  source_arn='arn:aws:sagemaker:us-east-1:123456789012:notebook-instance/fraud-model'
  subnet='subnet-1111'
  groups=(sg-2222 sg-3333)
  role='arn:aws:iam::123456789012:role/service-role/NotebookExecution'
  key='arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab'
  volume=50
  look
  if [[ $step == finished ]]; then return; fi
  check_owner "$source_arn"
  if [[ $step == create ]]; then
    say 'Creating one-vpc.'
    aws sagemaker create-notebook-instance --region us-east-1 \
      --notebook-instance-name one-vpc \
      --instance-type ml.t3.large \
      --role-arn arn:aws:iam::123456789012:role/service-role/NotebookExecution \
      --direct-internet-access Disabled \
      --subnet-id subnet-1111 \
      --security-group-ids sg-2222 sg-3333 \
      --platform-identifier notebook-al2023-v1 \
      --volume-size-in-gb 50 \
      --kms-key-id arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab \
      --lifecycle-config-name install-tools \
      --root-access Disabled \
      --instance-metadata-service-configuration MinimumInstanceMetadataServiceVersion=2 \
      --additional-code-repositories shared-code \
      --cli-input-json '{"DefaultCodeRepository":"https://git.example/fraud.git","Tags":[{"Key":"team","Value":"fraud & risk"},{"Key":"awsscan:replaces","Value":"arn:aws:sagemaker:us-east-1:123456789012:notebook-instance/fraud-model"}]}' \
      >/dev/null
  fi
  await_replacement
  if [[ $step != leave ]]; then
    say ''
    say 'Move the data: only the instances can read their volumes, so this script cannot do it for you.'
    say 'You need a bucket that the instances'\'' role may read and write. In the terminal (JupyterLab: File, New, Terminal):'
    say "  TRANSFER_BUCKET=${TRANSFER_BUCKET:-…}"
    say 'on one:'
    say '  aws s3 sync /home/ec2-user/SageMaker/ "s3://$TRANSFER_BUCKET/"one/ --region us-east-1 --exclude '\''lost+found/*'\'''
    say 'on one-vpc:'
    say '  aws s3 sync "s3://$TRANSFER_BUCKET/"one/ /home/ec2-user/SageMaker/ --region us-east-1'
    say 'S3 keeps no file modes and no symbolic links: where they matter, pack the folder with tar first.'
    say ''
    confirm
  fi
  remove
  verify
}

# notebook instance two: replace by two-vpc
plan_2() {
  old='two'
  replacement='two-vpc'
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
    say 'Creating two-vpc.'
    aws sagemaker create-notebook-instance --region us-east-1 \
      --notebook-instance-name two-vpc \
      --instance-type ml.t3.large \
      --role-arn arn:aws:iam::123456789012:role/service-role/NotebookExecution \
      --direct-internet-access Disabled \
      --volume-size-in-gb 50 \
      --kms-key-id arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab \
      --lifecycle-config-name install-tools \
      --root-access Disabled \
      --instance-metadata-service-configuration MinimumInstanceMetadataServiceVersion=2 \
      --additional-code-repositories shared-code \
      --cli-input-json '{"DefaultCodeRepository":"https://git.example/fraud.git","Tags":[{"Key":"awsscan:replaces","Value":"arn:aws:sagemaker:us-east-1:123456789012:notebook-instance/fraud-model"}]}' \
      --subnet-id "$SUBNET_ID" \
      --security-group-ids "${security_group_ids[@]}" \
      >/dev/null
  fi
  await_replacement
  if [[ $step != leave ]]; then
    say ''
    say 'Move the data: only the instances can read their volumes, so this script cannot do it for you.'
    say 'You need a bucket that the instances'\'' role may read and write. In the terminal (JupyterLab: File, New, Terminal):'
    say "  TRANSFER_BUCKET=${TRANSFER_BUCKET:-…}"
    say 'on two:'
    say '  aws s3 sync /home/ec2-user/SageMaker/ "s3://$TRANSFER_BUCKET/"two/ --region us-east-1 --exclude '\''lost+found/*'\'''
    say 'on two-vpc:'
    say '  aws s3 sync "s3://$TRANSFER_BUCKET/"two/ /home/ec2-user/SageMaker/ --region us-east-1'
    say 'S3 keeps no file modes and no symbolic links: where they matter, pack the folder with tar first.'
    say ''
    confirm
  fi
  remove
  verify
}

# domain d-abcdef012345 (studio): VpcOnly
plan_3() {
  look_domain d-abcdef012345
  if [[ $step == finished ]]; then return; fi
  check_owner arn:aws:sagemaker:us-east-1:123456789012:domain/d-abcdef012345
  no_apps d-abcdef012345
  network=(--vpc-id vpc-0a1b2c3d --subnet-ids subnet-0a1b2c3d subnet-4e5f6a7b)
  settings=(--domain-id d-abcdef012345 --app-network-access-type VpcOnly)
  say 'Updating the domain d-abcdef012345.'
  describe_settings d-abcdef012345
  update_domain
  verify_domain d-abcdef012345
}

usage() {
  printf '%s\n' 'Ends the direct internet access (SageMaker-004) of 3 resources of account 123456789012 in us-east-1.'
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
  printf '%s\n' '  AWSSCAN_DATA_MOVED="NAME …"   all data of these old instances are moved: delete them without asking, where their'
  printf '%s\n' '                                replacements were there before this run'
  printf '%s\n' '  TRANSFER_BUCKET   the bucket that the commands for moving the data name'
  printf '%s\n' '  CHANGE_OWNED=1    change what another tool (a CloudFormation stack) manages, all the same'
  printf '%s\n' '  AWS_PROFILE and all else that the AWS CLI reads'
  printf '%s\n' ''
  printf '%s\n' '1. notebook instance one: replace by one-vpc'
  printf '%s\n' '   - precondition: Whoever acts needs iam:PassRole for the instance'\''s role.'
  printf '%s\n' '   - lost: The name: the replacement is called one-vpc, so policies, alarms and scripts that name one or its'
  printf '%s\n' '     ARN must be changed, and so must bookmarks and presigned URLs.'
  printf '%s\n' '   - lost: All that lies outside of /home/ec2-user/SageMaker (conda environments, packages, files in other'
  printf '%s\n' '     folders), running kernels, and its network interface with its IP address.'
  printf '%s\n' '   - network: The subnet needs a route to what the notebooks use: a NAT gateway, or VPC endpoints'
  printf '%s\n' '     (sagemaker.api and sagemaker.runtime of us-east-1, s3, sts, logs, and what else they call). The security'
  printf '%s\n' '     groups must let it out.'
  printf '%s\n' '   - network: Without a route to the lifecycle configuration'\''s downloads and the Git repositories the'
  printf '%s\n' '     replacement fails to start.'
  printf '%s\n' '   - cost: Both instances and both volumes are billed while they coexist; a stopped one costs its volume. A'
  printf '%s\n' '     NAT gateway and interface endpoints are billed by the hour and by what passes them.'
  printf '%s\n' ''
  printf '%s\n' '2. notebook instance two: replace by two-vpc'
  printf '%s\n' '   - owner: Nobody knows whether a CloudFormation stack or a product owns it: ListTags was refused. Find out'
  printf '%s\n' '     first; the CLI form asks for the tags before it changes anything.'
  printf '%s\n' '   - precondition: Whoever acts needs iam:PassRole for the instance'\''s role.'
  printf '%s\n' '   - lost: The name: the replacement is called two-vpc, so policies, alarms and scripts that name two or its'
  printf '%s\n' '     ARN must be changed, and so must bookmarks and presigned URLs.'
  printf '%s\n' '   - lost: All that lies outside of /home/ec2-user/SageMaker (conda environments, packages, files in other'
  printf '%s\n' '     folders), running kernels, and its network interface with its IP address.'
  printf '%s\n' '   - lost: Its tags: ListTags was refused, nobody knows them, and the replacement gets none of them.'
  printf '%s\n' '   - lost: Perhaps the platform: AWS does not say which one it has, and the replacement gets AWS'\''s default.'
  printf '%s\n' '   - network: The subnet needs a route to what the notebooks use: a NAT gateway, or VPC endpoints'
  printf '%s\n' '     (sagemaker.api and sagemaker.runtime of us-east-1, s3, sts, logs, and what else they call). The security'
  printf '%s\n' '     groups must let it out.'
  printf '%s\n' '   - network: Without a route to the lifecycle configuration'\''s downloads and the Git repositories the'
  printf '%s\n' '     replacement fails to start.'
  printf '%s\n' '   - cost: Both instances and both volumes are billed while they coexist; a stopped one costs its volume. A'
  printf '%s\n' '     NAT gateway and interface endpoints are billed by the hour and by what passes them.'
  printf '%s\n' ''
  printf '%s\n' '3. domain d-abcdef012345 (studio): VpcOnly'
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
  SUBNET_ID=${SUBNET_ID:-}
  need SUBNET_ID 'A subnet of your VPC, with a NAT gateway or VPC endpoints for what the notebooks need'
  SECURITY_GROUP_IDS=${SECURITY_GROUP_IDS:-}
  need SECURITY_GROUP_IDS 'One to five security groups of the VPC that the subnet lies in'
  IFS=$' \t\n' read -r -d '' -a security_group_ids <<<"${SECURITY_GROUP_IDS//,/ }" || true
  if ((${#security_group_ids[@]} == 0)); then SECURITY_GROUP_IDS='' && need SECURITY_GROUP_IDS 'One to five security groups of the VPC that the subnet lies in'; fi
  end_by_signals
  command -v aws >/dev/null || fail 'the AWS CLI (aws, version 2) is not in PATH'
  scratch=$(mktemp -d)
  trap 'rm -rf "$scratch"' EXIT
  check_account
  results=()
  say '== notebook instance one: replace by one-vpc =='
  set +e
  (
    set -e
    end_by_signals
    plan_1
  )
  tell 'notebook instance one: replace by one-vpc' "$?"
  set -e
  say '== notebook instance two: replace by two-vpc =='
  set +e
  (
    set -e
    end_by_signals
    plan_2
  )
  tell 'notebook instance two: replace by two-vpc' "$?"
  set -e
  say '== domain d-abcdef012345 (studio): VpcOnly =='
  set +e
  (
    set -e
    end_by_signals
    plan_3
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
