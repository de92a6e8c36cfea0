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

/** Needed where AWS is asked: what owns a resource may have come since, or been hidden when the plan was made. */
export const OWNED = `
# not_owned OWNER: what somebody else's tool manages is left to it.
not_owned() {
  if [[ \${CHANGE_OWNED:-} != 1 ]]; then
    later "$1 To change it here all the same, run with CHANGE_OWNED=1."
  fi
}

# check_owner ARN: by the tags that AWS alone can set.
check_owner() {
  ask list-tags --resource-arn "$1" --query 'Tags[?starts_with(Key,\`"aws:cloudformation:"\`) ||
    starts_with(Key,\`"aws:servicecatalog:"\`)].[Key,Value]'
  if [[ -n $answer ]]; then not_owned "By its tags another tool owns it: $answer."; fi
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
`;
