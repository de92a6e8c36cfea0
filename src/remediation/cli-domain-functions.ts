/** The functions of bash by which domains are updated. */

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
      # An update that was under way, and failed, takes it back.
      ask describe-domain --domain-id "$1" --query AppNetworkAccessType
      if [[ $answer == VpcOnly ]]; then
        say "The domain $1 is VpcOnly."
        step=finished
        return
      fi
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
# documentation keeps for domains without: https://github.com/hashicorp/terraform-provider-aws/issues/45528 has its words.
# They are not said at once, since AWS CLIs of before November 2025 do not know --vpc-id.
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
    printf 'Before:\\n%s\\nNow:\\n%s\\n' "$before" "$user_settings" >&2
    fail "the domain $1 is VpcOnly, but its default user settings are not what they were. Compare, and set them again"
  fi
  say "The domain $1 is VpcOnly. Its users can open their apps again."
}
`;
