/**
 * The functions of bash that every script has. Written for bash 3.2, which macOS has. Nothing in them is foreign:
 * names and settings come as arguments. `-e` holds in each, since none is called within a condition but those that
 * end in an explicit status.
 */

/** Needed by all: words, the check whose account it is, how each plan ended. */
export const COMMON = `
say() { printf '%s\\n' "$*"; }
fail() {
  printf 'ERROR: %s\\n' "$*" >&2
  exit 1
}
check_account() {
  local account
  account=$(aws sts get-caller-identity --region "$REGION" --query Account --output text)
  if [[ $account != "$ACCOUNT" ]]; then
    printf 'ERROR: these credentials are of account %s; this plan is for account %s. Nothing was done.\\n' \\
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
    printf 'Stopped. What was not begun was not touched; run this again to go on.\n' >&2
    exit "$2"
  fi
}
`;

/** Needed where something can wait for its reader. */
export const LATER = `
# Ends a part of the plan that waits for you: run the script again when you have seen to it.
later() {
  printf 'NOT FINISHED: %s\\n' "$*" >&2
  exit 3
}
`;

/** Needed where resources are owned. */
export const OWNED = `
# not_owned OWNER: what somebody else's tool manages is left to it.
not_owned() {
  if [[ \${CHANGE_OWNED:-} != 1 ]]; then
    later "$1 To change it here all the same, run with CHANGE_OWNED=1."
  fi
}
`;

/** Needed where the plans have parameters. */
export const NEED = `
# need VARIABLE DESCRIPTION
need() {
  if [[ -n \${!1:-} ]]; then return; fi
  printf 'ERROR: set %s: %s\n' "$1" "$2" >&2
  exit 2
}
`;

/** Needed where AWS is asked. */
export const ASK = `
# What AWS says, without what a terminal would obey.
printable() { LC_ALL=C tr -cd '\\11\\12\\40-\\176'; }

sagemaker() { aws sagemaker "$@" --region "$REGION"; }

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
`;

/** Needed where notebook instances are replaced. */
export const NOTEBOOK = `
# The replacement must be what this plan makes: without direct internet access, in the right subnet, alive.
# check_replacement NAME SUBNET: sets $replacement_status.
replacement_status=''
check_replacement() {
  local access subnet
  ask describe-notebook-instance --notebook-instance-name "$1" \
    --query '[NotebookInstanceStatus,DirectInternetAccess,SubnetId]'
  read -r replacement_status access subnet <<<"$answer"
  case $replacement_status in
    NotFound) fail "the replacement $1 does not exist" ;;
    Deleting) fail "the replacement $1 is being deleted; run this again when it is gone" ;;
    Failed)
      ask describe-notebook-instance --notebook-instance-name "$1" --query FailureReason
      fail "the replacement $1 failed: $answer. Remove the cause, delete it with" \
        "'aws sagemaker delete-notebook-instance --region $REGION --notebook-instance-name $1', and run this again"
      ;;
  esac
  if [[ $access != Disabled ]]; then
    fail "$1 has DirectInternetAccess $access, not Disabled: it is not the replacement. Nothing is deleted"
  fi
  if [[ $subnet != "$2" ]]; then
    fail "$1 is in subnet $subnet, not $2: it is not the replacement of this plan. Nothing is deleted"
  fi
}

# look NAME REPLACEMENT SUBNET: sets $step to create, move, leave (it is being deleted already) or finished.
step=''
look() {
  local status access=''
  ask describe-notebook-instance --notebook-instance-name "$1" \
    --query '[NotebookInstanceStatus,DirectInternetAccess]'
  read -r status access <<<"$answer"
  if [[ $access == Disabled ]]; then
    say "$1 has no direct internet access any more: nothing to replace."
    step=finished
    return
  fi
  ask describe-notebook-instance --notebook-instance-name "$2" --query NotebookInstanceStatus
  if [[ $status == NotFound && $answer == NotFound ]]; then
    say "$1 does not exist any more, and was not replaced: nothing to do."
    step=finished
    return
  fi
  if [[ $answer == NotFound ]]; then
    if [[ $status == Deleting ]]; then fail "$1 is being deleted, and was not replaced"; fi
    step=create
    return
  fi
  check_replacement "$2" "$3"
  case $status in
    NotFound)
      say "$1 is gone, and $2 has no direct internet access."
      step=finished
      ;;
    Deleting) step=leave ;;
    *)
      say "$2 exists already ($replacement_status): going on from there."
      step=move
      ;;
  esac
}

# await_replacement NAME SUBNET
await_replacement() {
  check_replacement "$1" "$2"
  if [[ $replacement_status == Pending || $replacement_status == Updating ]]; then
    say "Waiting until $1 is InService (some minutes, at most 30)."
    local status=0
    sagemaker wait notebook-instance-in-service --notebook-instance-name "$1" || status=$?
    if by_signal "$status"; then exit "$status"; fi
    if ((status > 0)); then
      check_replacement "$1" "$2"
      fail "$1 is still not InService; run this again later"
    fi
    check_replacement "$1" "$2"
  fi
  say "$1 is $replacement_status, with DirectInternetAccess Disabled in $2."
}

# confirm NAME REPLACEMENT: without an answer nothing is deleted.
confirm() {
  if [[ \${ASSUME_YES:-} == 1 ]]; then
    say "ASSUME_YES=1: the data of $1 are taken for moved, and it is deleted."
    return
  fi
  local typed=''
  printf 'If all data of %s are on %s, type the name of the old instance to stop and DELETE it: ' "$1" "$2" >&2
  # Where the script itself comes by stdin, only a terminal can answer.
  if [[ -n $script_file ]]; then
    IFS= read -r typed || typed=''
  elif (: </dev/tty) 2>/dev/null; then
    IFS= read -r typed </dev/tty || typed=''
  fi
  if [[ $typed != "$1" ]]; then
    printf '\\n' >&2
    later "$1 was not deleted. Move its data, then run this again."
  fi
}

# remove NAME REPLACEMENT SUBNET: deletes the old instance, whatever it is doing, once the replacement is good.
remove() {
  check_replacement "$2" "$3"
  ask describe-notebook-instance --notebook-instance-name "$1" --query NotebookInstanceStatus
  case $answer in
    NotFound) return ;;
    InService)
      say "Stopping $1."
      sagemaker stop-notebook-instance --notebook-instance-name "$1"
      sagemaker wait notebook-instance-stopped --notebook-instance-name "$1"
      ;;
    Stopping) sagemaker wait notebook-instance-stopped --notebook-instance-name "$1" ;;
    Stopped | Failed | Deleting) ;;
    *) later "$1 is $answer and cannot be deleted now; run this again later." ;;
  esac
  if [[ $answer != Deleting ]]; then
    say "Deleting $1."
    sagemaker delete-notebook-instance --notebook-instance-name "$1"
  fi
  sagemaker wait notebook-instance-deleted --notebook-instance-name "$1"
}

# verify NAME REPLACEMENT SUBNET
verify() {
  ask describe-notebook-instance --notebook-instance-name "$1" --query NotebookInstanceStatus
  if [[ $answer != NotFound ]]; then fail "$1 still exists: it is $answer"; fi
  check_replacement "$2" "$3"
  say "$1 is deleted; $2 is $replacement_status, with DirectInternetAccess Disabled."
}
`;

/** Needed where domains are updated. */
export const DOMAIN_FUNCTIONS = `
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
      say "The domain $1 is VpcOnly."
      step=finished
      return
      ;;
  esac
  ask describe-domain --domain-id "$1" \\
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
      Pending | Updating) sleep "\${POLL_SECONDS:-10}" ;;
      *) fail "the domain $1 is $answer and cannot be updated" ;;
    esac
  done
  fail "the domain $1 is still $answer; run this again later"
}

# no_apps ID: AWS refuses the change while an app is InService, Pending or Deleting.
no_apps() {
  local kind name status user space count=0
  ask list-apps --domain-id-equals "$1" \\
    --query "Apps[?Status=='InService' || Status=='Pending' || Status=='Deleting'].[AppType,AppName,Status,UserProfileName,SpaceName]"
  while IFS=$'\\t' read -r kind name status user space; do
    if [[ -z $kind ]]; then continue; fi
    count=$((count + 1))
    if [[ $user != None ]]; then
      printf '%s\\taws sagemaker delete-app --region %q --domain-id %q --user-profile-name %q --app-type %q --app-name %q\\n' \\
        "$status" "$REGION" "$1" "$user" "$kind" "$name" >&2
    else
      printf '%s\\taws sagemaker delete-app --region %q --domain-id %q --space-name %q --app-type %q --app-name %q\\n' \\
        "$status" "$REGION" "$1" "$space" "$kind" "$name" >&2
    fi
  done <<<"$answer"
  if ((count > 0)); then
    later "$count app(s) of the domain $1 must be gone first. When their users have saved their work, delete them with the" \\
      "commands above (those that are Deleting go by themselves), and run this again."
  fi
}

# update_domain: by $settings. The service may want the domain's own VPC and subnets said again ($network), which its
# documentation keeps for domains without; and versions of the AWS CLI of before 2026 do not know --vpc-id.
update_domain() {
  local status=0
  aws sagemaker update-domain --region "$REGION" "\${settings[@]}" >/dev/null 2>"$scratch/stderr" || status=$?
  if by_signal "$status"; then exit "$status"; fi
  if ((status == 0)); then return; fi
  if ! grep -q 'VpcId and Subnet' "$scratch/stderr"; then
    printable <"$scratch/stderr" >&2
    fail "aws sagemaker update-domain was refused"
  fi
  aws sagemaker update-domain --region "$REGION" "\${settings[@]}" "\${network[@]}" >/dev/null
}

# verify_domain ID
verify_domain() {
  await_domain "$1"
  if [[ $answer == Update_Failed ]]; then
    ask describe-domain --domain-id "$1" --query FailureReason
    fail "the update of the domain $1 failed: $answer. Remove the cause, and run this again"
  fi
  ask describe-domain --domain-id "$1" --query AppNetworkAccessType
  if [[ $answer != VpcOnly ]]; then fail "the domain $1 is $answer, not VpcOnly"; fi
  say "The domain $1 is VpcOnly. Its users can open their apps again."
}
`;
