import { FIRST, listOf, MOST, matching, queryWith, time } from "./template.ts";

const PLACE = ["cluster", "namespace", "scan", "account", "region", "type", "rule"];
const ACCOUNT = PLACE.slice(0, 4);
const SCAN = PLACE.slice(0, 3);

const NAMED = queryWith(
  ACCOUNT,
  `max by (account_name) (awsaccountscan_account_info{${matching(ACCOUNT)},account_name!=""})`,
);

/** Quoted, with everything unprintable escaped: whoever owns the account chose it. */
const ACCOUNT_NAME = `{{ with ${NAMED} }} ({{ . | first | label "account_name" | printf "%q" }}){{ end }}`;

/** `bottomk` gives an instant query its result in order. */
const NAMES = listOf({
  query: queryWith(
    PLACE,
    `bottomk(${MOST}, min by (resource) (awsaccountscan_violation_first_seen_timestamp_seconds{${matching(PLACE)}}))`,
  ),
  item: `{{ .Labels.resource }} (since ${time(".Value")})`,
  // Not all have series of their own.
  hidden: "%f - %d",
  values: "$value (len .)",
  otherwise: "their names are not known as long as the operator gives no metrics",
});

const LAST_VERIFIED = `awsaccountscan_violation_last_verified_timestamp_seconds{${matching(PLACE)}}`;

/** Said of all, whether or not something is wrong: nobody has to trust a comparison. */
const VERIFIED = `{{ with ${queryWith(PLACE, `min(${LAST_VERIFIED})`)} }} Last verified ${time(FIRST)}.{{ end }}`;

/** A violation that the last scan read was verified when that scan ended. */
const UNREAD_COUNT = queryWith(
  [...PLACE, ...SCAN],
  `count(min by (resource) (${LAST_VERIFIED}) < on () group_left () max(awsaccountscan_last_success_timestamp_seconds{${matching(SCAN)}}))`,
);
const UNREAD = `{{ with ${UNREAD_COUNT} }} The last scan could not read {{ ${FIRST} | printf "%.0f" }} of them: they count until one can.{{ end }}`;

/** A scan that could read nothing is no success, so that the count above is of the one before. */
const FAILED_COUNT = queryWith(SCAN, `max(awsaccountscan_consecutive_failures{${matching(SCAN)}}) > 0`);
const FAILED = `{{ with ${FAILED_COUNT} }} The scans since then could read nothing ({{ ${FIRST} | printf "%.0f" }} in a row): a violation counts until one can.{{ end }}`;

/** The description of an alert about violations; `found` says how many of what. */
export function describeViolations(found: string): string {
  return `
    ${found} in account {{ $labels.account }}${ACCOUNT_NAME}, region {{ $labels.region }}:
    ${NAMES}.${VERIFIED}${UNREAD}${FAILED}
    All of them: kubectl awsscan violations {{ $labels.scan }} -n {{ $labels.namespace }}
    (how to mend: awsscan plan --scan {{ $labels.namespace }}/{{ $labels.scan }} --output-dir plans).`;
}
