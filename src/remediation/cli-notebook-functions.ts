/**
 * The functions of bash by which notebook instances are replaced. They read what each plan sets: $old, $replacement,
 * $source_arn, and of the replacement $subnet, $groups, $role, $key (None where AWS's own), $volume (0 where unknown).
 */
import { REPLACES_TAG } from "./notebook-tags.ts";

export const NOTEBOOK = `
# The old instance as it is now: sets $source_status, NotFound where it is gone, and the other $source_….
source_status='' source_access='' source_role='' source_volume='' source_key='' source_created=''
describe_source() {
  local created
  ask describe-notebook-instance --notebook-instance-name "$old" \\
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
    join(\`","\`,sort(not_null(SecurityGroups,\`[]\`)))]'
  read -r replacement_status access network its_role size its_key arn made its_groups <<<"$answer"
  if [[ ! $size =~ ^[0-9]+$ ]]; then size=0; fi
  case $replacement_status in
    NotFound) fail "the replacement $replacement does not exist" ;;
    Deleting) fail "the replacement $replacement is being deleted; run this again when it is gone" ;;
  esac
  if [[ $access != Disabled ]]; then differs DirectInternetAccess "$access" Disabled; fi
  ask list-tags --resource-arn "$arn" --query 'Tags[?Key==\`"${REPLACES_TAG}"\`].Value'
  if ! grep -qxF -e "$source_arn" <<<"$answer"; then
    fail "$replacement has no tag ${REPLACES_TAG} that says $source_arn: it may be anybody's. Nothing is deleted." \\
      "If you made it for this, add the tag; else make a plan with --replacement-name"
  fi
  wanted=$(printf '%s\\n' "\${groups[@]}" | LC_ALL=C sort | paste -s -d , -)
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
    fail "$replacement has $size GB, less than the $source_volume GB of $old. Enlarge it (update-notebook-instance" \\
      "--volume-size-in-gb, while it is Stopped), and run this again. Nothing is deleted"
  fi
  if [[ $replacement_status == Failed ]]; then
    ask describe-notebook-instance --notebook-instance-name "$replacement" --query FailureReason
    fail "the replacement $replacement failed: $answer. Remove the cause, delete it with" \\
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
    fail "$old was changed since this plan was made: it has the role $source_role, the KMS key $source_key and" \\
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
  case " \${2//,/ } " in
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
  if is_among "$old" "\${AWSSCAN_DATA_MOVED:-}"; then
    if [[ $step == create ]]; then
      later "$replacement was created just now, so that AWSSCAN_DATA_MOVED does not count yet. Move the data of $old," \\
        "then run this again."
    fi
    say "AWSSCAN_DATA_MOVED names $old: it is deleted."
    return
  fi
  type_in "If all data of $old are on $replacement, type the name of the old instance to stop and DELETE it: "
  if [[ $typed != "$old" ]]; then
    printf '\\n' >&2
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
`;

/** Needed where the data of an instance are out of reach once it has stopped. */
export const CONFIRM_LOSS = `
# confirm_loss: AWS starts the old instance no more, so that nobody can have moved what was not moved before.
confirm_loss() {
  case $source_status in
    Stopping | Stopped | Failed) ;;
    *)
      confirm
      return
      ;;
  esac
  if is_among "$old" "\${AWSSCAN_DATA_LOST:-}"; then
    say "AWSSCAN_DATA_LOST names $old: it is deleted."
    return
  fi
  type_in "$old is $source_status, and AWS cannot start it: what is on it is LOST. To DELETE it, type: lose $old "
  if [[ $typed != "lose $old" ]]; then
    printf '\\n' >&2
    later "$old was not deleted. Only AWS Support can reach its data."
  fi
}
`;
